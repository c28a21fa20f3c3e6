"""What was raised, to whom and why, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from derman.cases import escalation_words
from derman.cases.models import Escalation
from derman.desk.labels import Labels, word
from derman.words.events import EventType
from derman.words.kinds import ClockKind
from derman.words.loop import Trigger
from derman.words.rights import Role

EVENTS = (
    EventType.ESCALATED,
    EventType.ESCALATION_SEEN,
    EventType.APPROVAL_ASKED,
    EventType.APPROVED,
    EventType.DECLINED,
)

# What raised it, beside its words: a clock, or one of the triggers.
ICONS = {
    "": "clock-alert",
    "reopened_twice": "rotate-ccw",
    "third_contact": "phone-incoming",
    "repeat": "repeat",
    "bounced": "mail-x",
    "silence": "moon",
    "cycles": "refresh-cw",
    "no_action": "list-todo",
}


@dataclass(frozen=True)
class Raised:
    """One escalation, in the reader's words."""

    id: UUID
    level: str
    icon: str
    why: str
    to: str
    meant: str  # whom the level names, where nobody was there to be told
    at: datetime
    cycle: int
    seen_at: datetime | None
    seen_by: str


def shown(row: Escalation, labels: Labels) -> Raised:
    """An escalation with who has seen it at hand."""
    to, meant = addressee(row.role, row.unit, labels), _meant(row.details, labels)
    return Raised(
        id=row.pk,
        level=level(row.level, labels),
        icon=ICONS.get(row.trigger, ICONS[""]),
        why=escalation_words.why(row, written),
        to=_("nobody") if to == meant else to,  # no mailbox of anybody's, whoever was meant
        meant=meant,
        at=row.at,
        cycle=row.cycle,
        seen_at=row.seen_at,
        seen_by=row.seen_by.name if row.seen_by else "",
    )


def level(key: str, labels: Labels) -> str:
    """What a level is called; one that is gone stands for itself."""
    found = labels.profile.escalation.levels.get(key)
    return labels.profile.text(found.label, labels.language) if found else key


def limit(key: str, labels: Labels) -> str:
    """What a limit of authority is called."""
    found = labels.profile.authority.limits.get(key)
    return labels.profile.text(found.label, labels.language) if found else key


def addressee(role: str, unit: str, labels: Labels) -> str:
    """Who is told: everybody with a role, the head of a unit, or a whole unit."""
    if role == Role.SUPERVISOR and unit:
        return _("Head of %(unit)s") % {"unit": labels.unit(unit)}
    return word(Role, role) if role else labels.unit(unit)


def _meant(details: Mapping[str, Any], labels: Labels) -> str:
    if "meant_role" not in details:
        return ""
    return addressee(details["meant_role"], details["meant_unit"], labels)


def told_of(details: Mapping[str, Any], labels: Labels) -> tuple[str, str, str]:
    """What an event of these says: the level or limit, to whom, and what set it off."""
    named = level(details["level"], labels) if "level" in details else ""
    if "limit" in details:
        named = limit(details["limit"], labels)
    to = addressee(details.get("role", ""), details.get("unit", ""), labels)
    cause = word(ClockKind, details.get("clock", "")) or word(Trigger, details.get("trigger", ""))
    return named, to, cause


def written(at: datetime) -> str:
    """A moment in a sentence."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
