"""Who is told, and by which wire they can be reached. Derived from the case, never from input."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases.models import Case
from derman.lib.identifiers import normalise_email, parse_phone
from derman.people.models import ContactKind, ContactPoint
from derman.profile.schema import Notice, Profile, Wire
from derman.words.kinds import ContactState, Language


@dataclass(frozen=True)
class Recipient:
    """Somebody to be told: a key that names them once per notice, and their addresses by wire."""

    key: str
    language: Language
    addresses: dict[Wire, str]
    points: dict[Wire, ContactPoint] = field(default_factory=dict)


def recipients(
    notice: Notice,
    case: Case,
    unit: str,
    profile: Profile,
    details: Mapping[str, Any],
    *,
    at: datetime,
) -> list[Recipient]:
    """Everybody whom the notice is for; whoever has no address is left out."""
    match notice.to:
        case "applicant":
            found = [applicant(case, profile)]
        case "unit":
            found = list(_unit(unit or case.unit, profile))
        case "emergency_unit":
            found = list(_unit(profile.process.emergency_unit, profile))
        case "owner_user":
            found = list(_owner(case, profile, at))
        case "former_contact":
            found = list(_contacts("former", details, case, profile))
        case "new_contact":
            found = list(_contacts("new", details, case, profile))
    return _each_address_once(found)


def applicant(case: Case, profile: Profile) -> Recipient:
    """Who spoke to us, by the contacts on file that nobody disputed or replaced."""
    points: dict[Wire, ContactPoint] = {}
    addresses: dict[Wire, str] = {}
    for point in _usable(case):
        wire, address = reached_at(point)
        if address and wire not in addresses:
            points[wire], addresses[wire] = point, address
    return Recipient("applicant", _language(case.language, profile), addresses, points)


def reached_at(point: ContactPoint) -> tuple[Wire, str]:
    """The wire that leads to a contact point and its address there, empty when it cannot."""
    if point.kind == ContactKind.PHONE:
        return "sms", _sms_number(point.value)
    return "email", _mailbox(point.value)


def wires(notice: Notice, wanted: str, recipient: Recipient) -> list[Wire]:
    """The wires of the notice that reach the recipient, the one to use first."""
    order = [wire for wire in notice.send if wire in recipient.addresses]
    if notice.prefer_reply_channel and wanted in order:
        order.sort(key=lambda wire: wire != wanted)
    return order


def _usable(case: Case) -> list[ContactPoint]:
    """Phones and mailboxes of the applicant: verified ones first, then the newest.

    A value that somebody disowned is left out wherever it stands.
    """
    current = [
        point
        for point in case.applicant.contact_points.all()
        if point.ended_at is None and point.kind != ContactKind.ADDRESS
    ]
    disowned = {point.value for point in current if point.state == ContactState.DISPUTED}
    points = [point for point in current if point.value not in disowned]
    points.sort(key=lambda point: point.created_at, reverse=True)
    points.sort(key=lambda point: point.state != ContactState.VERIFIED)
    return points


def _contacts(
    which: str, details: Mapping[str, Any], case: Case, profile: Profile
) -> Iterator[Recipient]:
    """The contacts of a customer that a correction replaced, or those that it put there."""
    found = ContactPoint.objects.filter(pk__in=details.get(which, ())).order_by("pk")
    for point in found.select_related("customer"):
        wire, address = reached_at(point)
        if address and point.state != ContactState.DISPUTED:
            language = _language(point.customer.language or case.language, profile)
            yield Recipient(f"{which}:{point.pk}", language, {wire: address}, {wire: point})


def _unit(key: str, profile: Profile) -> Iterator[Recipient]:
    """A unit's own mailbox and the people in it."""
    unit = profile.units.get(key)
    if unit is None:
        return
    if unit.email:
        yield _staff(f"unit:{key}", unit.email, "", profile)
    members = User.objects.filter(memberships__unit=key, is_active=True, is_service=False)
    for user in members.filter(~Q(email="")).order_by("pk").distinct():
        yield _staff(f"user:{user.pk}", user.email, user.language, profile)


def _owner(case: Case, profile: Profile, at: datetime) -> Iterator[Recipient]:
    """Who owns the case, or covers for them today; else the mailbox of the unit that does."""
    user = case.owner_user and absence.stand_in(case.owner_user, absence.day_of(at, profile))
    unit = profile.units.get(case.owner_unit)
    if user and user.is_active and user.email:
        yield _staff(f"user:{user.pk}", user.email, user.language, profile)
    elif unit and unit.email:
        yield _staff(f"unit:{case.owner_unit}", unit.email, "", profile)


def _staff(key: str, email: str, language: str, profile: Profile) -> Recipient:
    return Recipient(key, _language(language, profile), {"email": normalise_email(email)})


def _each_address_once(found: list[Recipient]) -> list[Recipient]:
    seen: set[str] = set()
    kept = []
    for recipient in found:
        addresses = set(recipient.addresses.values())
        if addresses and not addresses <= seen:
            kept.append(recipient)
            seen |= addresses
    return kept


def _language(language: str, profile: Profile) -> Language:
    spoken = profile.organisation.languages
    return Language(language) if language in spoken else profile.organisation.language


def _sms_number(value: str) -> str:
    """The number in E.164 when a text message can reach it; a land line or 153 cannot be texted."""
    phone = parse_phone(value)
    return phone.e164 or "" if phone.kind in ("mobile", "unknown") else ""


def _mailbox(value: str) -> str:
    mailbox = normalise_email(value)
    local, at, domain = mailbox.rpartition("@")
    well_formed = bool(local and at and "." in domain) and not set(mailbox) & set(" \t\r\n<>,;\x00")
    return mailbox if well_formed else ""
