"""While a call is taken: cases of the same people about the same matter.

The call can be added to one of them (`adding`), or a closed one reopened; registering a
new one stays possible and is then marked as a repeat.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.audit import access
from derman.cases import repeats
from derman.cases.models import Case
from derman.cases.repeats import REASONS, Brought, Match
from derman.desk.register.sheet import Sheet
from derman.people import matching
from derman.people.fields import digests_of
from derman.people.models import Account, ContactPoint
from derman.words.kinds import Kind
from derman.words.life import Verb

MOST = 3


@dataclass(frozen=True)
class Near:
    """An earlier case, why it is shown, and what the user may do with it."""

    match: Match
    topic: str
    why: str
    ago: timedelta
    may_add: bool
    may_reopen: bool


def near(sheet: Sheet) -> list[Near]:
    """The likeliest first; nothing before anybody is known and something was said."""
    request = sheet.request
    if not rights.may(request.user, Verb.READ):
        return []
    brought = _brought(sheet)
    said = brought.topic or brought.text.strip()
    known = brought.customers or brought.contacts or brought.account_number
    if not (said and known):
        return []
    cases = Case.objects.visible_to(request.user).named_to(request.user)
    found = repeats.find(brought, sheet.profile.repeats, among=cases)[:MOST]
    if found:
        numbers = [match.number for match in found]
        access.record_list(numbers, what="register.repeats", by=request.user, at=request.at)
    return [_near(match, sheet) for match in found]


def _near(match: Match, sheet: Sheet) -> Near:
    user, at = sheet.request.user, sheet.request.at
    return Near(
        match=match,
        topic=sheet.labels.topic(match.topic),
        why=", ".join(_(REASONS[reason]) for reason in match.reasons),
        ago=at - match.received_at,
        may_add=match.is_open and rights.may(user, Verb.HEAR),
        may_reopen=not (match.is_open or match.is_merged) and rights.may(user, Verb.REOPEN),
    )


def _brought(sheet: Sheet) -> Brought:
    """The call as it is typed, with the people who were picked or may be known by a contact."""
    post, picked = sheet.request.POST, sheet.picked
    contacts = typed_contacts(post.get("phone", ""), post.get("email", ""))
    addresses: set[str] = set()
    if picked:
        points = [p for p in picked.customer.contact_points.all() if p.state != "disputed"]
        addresses |= {point.address for point in points if point.ended_at is None}
        contacts |= {point.value_index for point in points if point.ended_at is None}
    number = post.get("account_number", "").replace("\x00", "").strip()
    account = (picked.account if picked else None) or _account(number)
    topic = sheet.profile.leaves().get(sheet.topic_key)
    return Brought(
        topic=sheet.topic_key,
        kind=post.get("kind") or (topic.kind if topic else Kind.COMPLAINT),
        text=post.get("description", ""),
        at=sheet.request.at,
        customers=frozenset({picked.customer.pk} if picked else ()),
        account_id=account.pk if account else None,
        account_number=account.number if account else number,
        contacts=frozenset(contacts) - {""},
        addresses=frozenset(addresses | ({account.address} if account else set())) - {""},
    )


def typed_contacts(phone: str = "", email: str = "") -> set[str]:
    """The blind indexes under which a phone and a mailbox are found."""
    typed = matching.speaker("", phone, email, "")
    return {
        digest
        for value in (typed.phone, typed.email)
        if value
        for digest in digests_of(ContactPoint, "value_index", value)
    }


def _account(number: str) -> Account | None:
    return matching.find_account(number) if number else None
