"""Who is told, and by which wire they can be reached. Derived from the case, never from input."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases import authority, granted
from derman.cases.models import Approval, Case
from derman.lib.identifiers import normalise_email
from derman.people.models import ContactPoint
from derman.people.reaching import reached_at, usable
from derman.profile.schema import Notice, Profile, Wire
from derman.words.kinds import ContactState, Language
from derman.words.loop import ApprovalState

NIL = UUID(int=0)


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
        case "former_contact" | "new_contact":
            found = list(_contacts(notice.to.removesuffix("_contact"), details, case, profile))
        case _:
            found = list(_staff_of(notice.to, case, details, profile, at))
    return _each_address_once(found)


def applicant(case: Case, profile: Profile) -> Recipient:
    """Who spoke to us, by the contacts on file that nobody disputed or replaced."""
    points: dict[Wire, ContactPoint] = {}
    addresses: dict[Wire, str] = {}
    for point in usable(case.applicant.contact_points.all()):
        wire, address = reached_at(point)
        if address and wire not in addresses:
            points[wire], addresses[wire] = point, address
    return Recipient("applicant", _language(case.language, profile), addresses, points)


def wires(notice: Notice, wanted: str, recipient: Recipient) -> list[Wire]:
    """The wires of the notice that reach the recipient, the one to use first."""
    order = [wire for wire in notice.send if wire in recipient.addresses]
    if notice.prefer_reply_channel and wanted in order:
        order.sort(key=lambda wire: wire != wanted)
    return order


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


def _staff_of(
    to: str, case: Case, details: Mapping[str, Any], profile: Profile, at: datetime
) -> Iterator[Recipient]:
    """Whom an escalation, a decision that waits or an action is for."""
    if to == "escalation":
        yield from _raised_to(details, profile, at)
    elif to == "approvers":
        yield from _approvers(case, details, profile, at)
    elif to == "action_owner":
        owner = User.objects.filter(pk=details.get("user", 0), is_active=True)
        named = list(_people(owner, profile, at))
        yield from named or _unit(details.get("unit", ""), profile)
    else:
        asker = User.objects.filter(pk=details.get("asked_by", 0), is_active=True)
        yield from _people(asker, profile, at)


def _raised_to(details: Mapping[str, Any], profile: Profile, at: datetime) -> Iterator[Recipient]:
    """Everybody with a role, the head of a unit, or a whole unit; a unit without a head gets it."""
    role, unit = details.get("role", ""), details.get("unit", "")
    if not role:
        yield from _unit(unit, profile)
        return
    holders = User.objects.filter(is_active=True, is_service=False)
    post = {"memberships__role": role, **({"memberships__unit": unit} if unit else {})}
    told = list(_people(holders.filter(**post).distinct(), profile, at))
    yield from told
    mailbox = profile.units[unit].email if unit in profile.units else ""
    if not told and mailbox:
        yield _staff(f"unit:{unit}", mailbox, "", profile)


def _approvers(
    case: Case, details: Mapping[str, Any], profile: Profile, at: datetime
) -> Iterator[Recipient]:
    """Who may be the second pair of eyes on a decision that waits; nobody, once it does not."""
    waiting = Approval.objects.filter(pk=details.get("approval", NIL), state=ApprovalState.WAITING)
    for one in waiting:
        in_all = granted.in_all(case, one.decision, one.compensation)
        found = authority.approvers(case, one.decision, in_all, profile, asker_id=one.asked_by_id)
        yield from _people(found, profile, at, never=one.asked_by_id)


def _people(
    users: Iterable[User], profile: Profile, at: datetime, *, never: int = 0
) -> Iterator[Recipient]:
    """People with a mailbox, or who covers for them today, unless that is `never` to be told."""
    day = absence.day_of(at, profile)
    away = set(absence.current(day).values_list("user_id", flat=True))
    for meant in users:
        user = absence.stand_in(meant, day) if meant.pk in away else meant
        user = meant if user.pk == never else user
        if user.is_active and user.email:
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
