"""What a message says: the plain strings for the fixed names, and the text they make.

Nothing that a person wrote reaches an SMS: the names that a text message may hold are a list of
their own, and they are kept to when the text is filled, not only when the profile is checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from derman.cases import escalation_words
from derman.cases.models import (
    Action,
    Approval,
    Case,
    Escalation,
    Event,
    Offer,
    Outcome,
    Reply,
    Task,
)
from derman.lib import fill, sms
from derman.lib.identifiers import group_number
from derman.outbox import progress
from derman.profile import names
from derman.profile.schema import Notice, Profile, Wire
from derman.words.events import EventType
from derman.words.kinds import EARLY_CLOSING, ClosingReason, Decision, Language
from derman.words.life import LIFE, State
from derman.words.loop import ActionKind
from derman.words.marks import gettext_noop

DATE = {
    Language.TURKISH: "j F Y l H:i",
    Language.ENGLISH: "j F Y, l H:i",
    Language.GERMAN: "l, j. F Y, H:i",
}
CONTACTS = ("former_contact", "new_contact")
# Marks of an address in what should be a name: we send nobody's advertisement to a third person.
NO_NAME = ("//", "www.", "@", "http")
NO_ACTION = gettext_noop("The complaint is justified, and no action is planned yet.")
LONGEST_NAME = 80
LONGEST_SUBJECT = 200

Row = TypeVar("Row", Reply, Task, Outcome, Offer, Escalation, Approval, Action)


@dataclass(frozen=True)
class Said:
    """What the event is about, beyond the case itself: what somebody wrote, decided or is due."""

    question: str = ""
    answer: str = ""
    decision: str = ""
    reason: str = ""
    unit: str = ""
    due_at: datetime | None = None
    next_at: datetime | None = None
    at: datetime | None = None  # when it happened; None: now, in a preview
    reply_channel: str = ""
    state: str = ""
    lacks_action: bool = False
    visit: tuple[datetime, datetime] | None = None
    raised: Escalation | Approval | None = None
    steps: tuple[progress.Step, ...] | None = None


@dataclass(frozen=True)
class Written:
    """A message's words, ready to be sent."""

    subject: str
    body: str

    @property
    def parts(self) -> int:
        """How many parts the text would take as SMS."""
        return sms.measure(self.body, "none" if settings.SMS_SHIFT == "none" else "single").parts


def said_in(event: Event) -> Said:
    """Read what an event points to. Events themselves hold keys and numbers only."""
    case, details = event.case, event.details
    reply = _row(Reply, details.get("reply"))
    task = _row(Task, details.get("task"))
    outcome = _row(Outcome, details.get("outcome"))
    action = _row(Action, details.get("action"))
    offer = _row(Offer, details.get("offer"))
    told = reply or outcome or offer
    text = told.text if told else _as_told(action)
    asks = event.type == EventType.ASKED
    asked = task or action
    return Said(
        question=text if asks else _question(asked),
        answer="" if asks else text,
        decision=details.get("decision", case.decision),
        reason=details.get("reason", case.closing_reason),
        unit=details.get("unit") or (task.unit if task else case.unit),
        due_at=asked.due_at if asked else case.due_at,
        next_at=_answer_by(case, offer) if asks or offer else _named(details),
        at=event.at,
        reply_channel=details.get("channel") if reply else "",
        state=case.state,
        lacks_action=bool(details.get("missing")),
        visit=_visit(details),
        raised=_row(Escalation, details.get("escalation"))
        or _row(Approval, details.get("approval")),
        steps=progress.since_last(event) if event.type == EventType.INTERIM else None,
    )


def values_for(
    case: Case, said: Said, *, profile: Profile, language: Language, link: str
) -> dict[str, str]:
    """Plain strings for every name, in one language."""
    zone = ZoneInfo(profile.organisation.timezone)
    topic = profile.topic(case.topic)
    unit = profile.units.get(said.unit)
    region = profile.organisation.regions.get(case.region)
    lines = profile.organisation.lines.values()
    with translation.override(language):
        decision = _decision(said)
        return {
            "number": group_number(case.number),
            "follow_key": case.follow_key,
            "state": _(LIFE[State(said.state or case.state)].applicant_reads),
            "outcome": decision,
            "next_date": _date(_next(case, said), zone, language),
            "visit_date": _slot(said.visit, zone, language),
            "steps": progress.sentences(said.steps, profile, language),
            "link": link,
            "contact": next(line.number for line in lines if not line.emergency),
            "organisation": profile.text(profile.organisation.short_name, language),
            "name": _name(case.applicant.name),
            "topic": profile.text(topic.label, language) if topic else "",
            "question": _(NO_ACTION) if said.lacks_action else said.question,
            "answer": said.answer or _reason(said),
            "decision": decision,
            "due_date": _date(said.due_at, zone, language),
            "unit": profile.text(unit.label, language) if unit else "",
            "region": profile.text(region.label, language) if region else "",
            **_raised(said, profile, zone, language),
        }


def allowed_names(notice: Notice, wire: Wire) -> frozenset[str]:
    """What a text of this notice may hold on this wire."""
    if notice.to in CONTACTS:
        return names.CHANGED
    if notice.to != "applicant":
        return names.STAFF
    return names.SMS if wire == "sms" else frozenset(names.EMAIL)


def write(
    key: str,
    language: Language,
    values: dict[str, str],
    *,
    allowed: frozenset[str],
    profile: Profile,
) -> Written:
    """Fill a message of the profile with the values it may hold."""
    texts = profile.messages[key]
    text = texts.get(language) or texts[profile.organisation.language]
    known = {name: value for name, value in values.items() if name in allowed}
    subject = " ".join(fill.fill(text.subject, known).split())
    return Written(_printable(subject)[:LONGEST_SUBJECT], _printable(fill.fill(text.text, known)))


def holds(key: str, name: str, profile: Profile) -> bool:
    """Whether a message says {{ name }} in any language."""
    return any(name in fill.names_in(text.text) for text in profile.messages[key].values())


def tracking_link(case: Case) -> str:
    """The tracking page of a case, without the key: a link in an SMS is no secret."""
    return f"{settings.BASE_URL}/track/?n={case.number}"


def single_use_link(path: str, token: str) -> str:
    """The page that a single-use token opens: below `track`, `offer` or `survey`."""
    return f"{settings.BASE_URL}/{path}/{token}/"


def not_mine_link(token: str) -> str:
    """The page on which a recipient says that a message was not for them."""
    return f"{settings.BASE_URL}/not-mine/{token}/"


def with_way_out(written: Written, link: str, language: Language) -> Written:
    """The e-mail with a last line for whoever it was not meant for (threats P6)."""
    with translation.override(language):
        line = _("Is this not for you? Tell us, and we write nothing more to this address:")
    return Written(written.subject, f"{written.body.rstrip()}\n\n{line}\n{link}\n")


def desk_link(case: Case) -> str:
    """The case for staff."""
    return f"{settings.BASE_URL}/desk/cases/{case.number}/"


def _row(model: type[Row], key: str | None) -> Row | None:
    return model._default_manager.filter(pk=UUID(key)).first() if key else None


def _next(case: Case, said: Said) -> datetime | None:
    """The date by which something is heard: of the applicant when we asked, else of us.

    A promise that was broken is no date any more, as long as there is a later one.
    """
    dates = [date for date in (case.promised_at, case.due_at) if date]
    ahead = [date for date in dates if said.at is None or date > said.at]
    return said.next_at or next(iter(ahead or dates), None)


def _decision(said: Said) -> str:
    """The result in one word; where a case ended without a decision, why."""
    if said.reason in EARLY_CLOSING:
        return _(ClosingReason(said.reason).label)
    return _(Decision(said.decision).label) if said.decision else ""


def _answer_by(case: Case, offer: Offer | None) -> datetime | None:
    """Until when the applicant may answer."""
    return offer.lapses_at if offer else case.silent_at


def _reason(said: Said) -> str:
    return _(ClosingReason(said.reason).label) if said.reason in EARLY_CLOSING else ""


def _name(name: str) -> str:
    clean = _printable(" ".join(name.split()))
    if not clean or any(mark in clean.lower() for mark in NO_NAME):
        return _("applicant")
    return clean[:LONGEST_NAME]


def _date(at: datetime | None, zone: ZoneInfo, language: Language) -> str:
    return format_date(at.astimezone(zone), DATE[language]) if at else ""


def _raised(said: Said, profile: Profile, zone: ZoneInfo, language: Language) -> dict[str, str]:
    """What a case was raised to, or which limit a decision passed, and why."""
    raised = said.raised
    if isinstance(raised, Escalation):
        level = profile.escalation.levels.get(raised.level)
        why = escalation_words.why(raised, lambda at: _date(at, zone, language))
        return {"level": profile.text(level.label, language) if level else "", "why": why}
    if isinstance(raised, Approval):
        limit = profile.authority.limits.get(raised.limit)
        why = escalation_words.why_it_waits(raised, profile, language)
        return {"level": profile.text(limit.label, language) if limit else "", "why": why}
    return {"level": "", "why": ""}


def _question(asked: Task | Action | None) -> str:
    """What a unit is asked: its task, or the action that it owes."""
    if asked is None:
        return ""
    return asked.question if isinstance(asked, Task) else asked.text


def _as_told(action: Action | None) -> str:
    """What the applicant reads of an action: of a remedy its words, of what we change nothing."""
    return action.text if action and action.kind == ActionKind.REMEDY else ""


def _named(details: Mapping[str, Any]) -> datetime | None:
    """The next date that the event itself names."""
    return datetime.fromisoformat(details["next_at"]) if "next_at" in details else None


def _visit(details: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """When the visit that the event speaks of begins and ends."""
    if "begins" not in details:
        return None
    return datetime.fromisoformat(details["begins"]), datetime.fromisoformat(details["ends"])


def _slot(visit: tuple[datetime, datetime] | None, zone: ZoneInfo, language: Language) -> str:
    if visit is None:
        return ""
    begins, ends = (moment.astimezone(zone) for moment in visit)
    return f"{_date(begins, zone, language)}-{ends:%H:%M}"


def _printable(text: str) -> str:
    """Without control characters, which no header and no text message may hold."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
