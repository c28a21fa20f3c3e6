"""While a call is taken: cases of the same people about the same matter, and adding to one of them.

Adding opens no second case: what was said goes to the one that is there. A closed one may be
reopened instead; registering a new one stays possible and is then marked as a repeat.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.audit import access
from derman.cases import actions, repeats
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.cases.repeats import REASONS, Brought, Match
from derman.desk.register_sheet import Sheet
from derman.people import matching
from derman.people.fields import digests_of
from derman.people.models import Account, ContactPoint
from derman.words.kinds import Kind
from derman.words.life import Verb

ADD, REOPEN = "add:", "reopen:"
MOST = 3
KEPT = 24 * 3600  # seconds in which a page that was sent twice adds once


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


def is_asked(do: str) -> bool:
    """Whether a button of one of these cases was pressed."""
    return do.startswith((ADD, REOPEN))


def add(sheet: Sheet, do: str, text: str, nonce: str) -> Case:
    """Take what was said into the case that is there; once, however often the page is sent.

    Raises `actions.CannotDo` with its field.
    """
    request = sheet.request
    number = do.partition(":")[2]
    verb = Verb.REOPEN if do.startswith(REOPEN) else Verb.HEAR
    case = find_case(request.user, number, verb=verb, what="register.add", at=request.at)
    actions.check_text(text, field="description")
    key = f"desk.register.add.{request.user.pk}.{crc32(nonce.encode())}"
    if not cache.add(key, number, KEPT):
        return case
    given: dict[str, Any] = {"by": request.user, "at": request.at, "profile": request.profile}
    try:
        with transaction.atomic():
            if verb is Verb.REOPEN:
                actions.reopen(case, text, **given)
            else:
                actions.hear(case, text, **given)
    except BaseException:
        cache.delete(key)
        raise
    return case


def _near(match: Match, sheet: Sheet) -> Near:
    user, at = sheet.request.user, sheet.request.at
    return Near(
        match=match,
        topic=sheet.labels.topic(match.topic),
        why=", ".join(_(REASONS[reason]) for reason in match.reasons),
        ago=at - match.received_at,
        may_add=match.is_open and rights.may(user, Verb.HEAR),
        may_reopen=not match.is_open and rights.may(user, Verb.REOPEN),
    )


def _brought(sheet: Sheet) -> Brought:
    """The call as it is typed, with the people who were picked or may be known by a contact."""
    post, picked = sheet.request.POST, sheet.picked
    typed = matching.speaker("", post.get("phone", ""), post.get("email", ""), "")
    contacts = {
        digest
        for value in (typed.phone, typed.email)
        if value
        for digest in digests_of(ContactPoint, "value_index", value)
    }
    addresses: set[str] = set()
    if picked:
        points = [p for p in picked.customer.contact_points.all() if p.state != "disputed"]
        addresses |= {point.address for point in points if point.ended_at is None}
        contacts |= {point.value_index for point in points if point.ended_at is None}
    account = (picked.account if picked else None) or _account(post.get("account_number", ""))
    topic = sheet.profile.leaves().get(sheet.topic_key)
    return Brought(
        topic=sheet.topic_key,
        kind=post.get("kind") or (topic.kind if topic else Kind.COMPLAINT),
        text=post.get("description", ""),
        at=sheet.request.at,
        customers=frozenset({picked.customer.pk} if picked else ()),
        account_id=account.pk if account else None,
        account_number=account.number if account else post.get("account_number", "").strip(),
        contacts=frozenset(contacts) - {""},
        addresses=frozenset(addresses | ({account.address} if account else set())) - {""},
    )


def _account(number: str) -> Account | None:
    return matching.find_account(number) if number.strip() else None
