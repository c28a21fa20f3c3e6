"""By which contacts on file a message can reach a person: never derived from input."""

from collections.abc import Iterable

from derman.lib.identifiers import normalise_email, parse_phone
from derman.people.models import ContactKind, ContactPoint
from derman.profile.schema import Wire
from derman.words.kinds import ContactState


def usable(points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Phones and mailboxes that nobody disputed or replaced: verified ones first, then the newest.

    A value that somebody disowned is left out wherever it stands.
    """
    current = [
        point for point in points if point.ended_at is None and point.kind != ContactKind.ADDRESS
    ]
    disowned = {point.value for point in current if point.state == ContactState.DISPUTED}
    found = [point for point in current if point.value not in disowned]
    found.sort(key=lambda point: point.created_at, reverse=True)
    found.sort(key=lambda point: point.state != ContactState.VERIFIED)
    return found


def reached_at(point: ContactPoint) -> tuple[Wire, str]:
    """The wire that leads to a contact point and its address there, empty when it cannot."""
    if point.kind == ContactKind.PHONE:
        return "sms", _sms_number(point.value)
    return "email", _mailbox(point.value)


def can_be_written_to(points: Iterable[ContactPoint]) -> bool:
    """Whether a message can reach whoever these contacts belong to."""
    return any(reached_at(point)[1] for point in usable(points))


def _sms_number(value: str) -> str:
    """The number in E.164 when a text message can reach it; a land line or 153 cannot be texted."""
    phone = parse_phone(value)
    return phone.e164 or "" if phone.kind in ("mobile", "unknown") else ""


def _mailbox(value: str) -> str:
    mailbox = normalise_email(value)
    local, at, domain = mailbox.rpartition("@")
    well_formed = bool(local and at and "." in domain) and not set(mailbox) & set(" \t\r\n<>,;\x00")
    return mailbox if well_formed else ""
