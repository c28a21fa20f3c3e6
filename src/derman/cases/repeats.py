"""Finding earlier cases about the same matter: by the same people, then by topic and words.

People are looked for by indexes only, so it costs the same in a pool of any size: the customer and
the applicant, the account, an account or a person at the same address, and everybody who has a
phone or a mailbox of theirs. Of the few cases that this finds, those on the same topic count, and
those that sound alike (`lib.likeness`). Who asked for secrecy is left out on both sides. A case
that was merged counts for its own people, in the state of the one that it goes on in.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from derman.cases.merged import goes_on_in
from derman.cases.models import Case
from derman.cases.querysets import CaseQuerySet
from derman.lib.likeness import likeness, telling
from derman.people.models import Account, ContactPoint, Customer
from derman.profile.repeats import Repeats
from derman.words.kinds import ContactState
from derman.words.life import OPEN_STATES
from derman.words.marks import gettext_noop

MOST = 20  # of the newest cases of the same people are compared
SHARED = 12  # more customers than that share a contact: it belongs to a branch, not to a person
COLUMNS = (
    "pk", "number", "topic", "kind", "description", "state", "received_at", "closed_at",
    "owner_user_id", "applicant_id", "customer_id", "account_id", "account_number",
    "merged_into_id",
)  # fmt: skip

CUSTOMER, ACCOUNT, ADDRESS, CONTACT, TOPIC, TEXT = (
    "customer", "account", "address", "contact", "topic", "text",
)  # fmt: skip
REASONS = {
    CUSTOMER: gettext_noop("same customer"),
    ACCOUNT: gettext_noop("same account"),
    ADDRESS: gettext_noop("same address"),
    CONTACT: gettext_noop("same phone or mailbox"),
    TOPIC: gettext_noop("same topic"),
    TEXT: gettext_noop("similar words"),
}


@dataclass(frozen=True)
class Brought:
    """What somebody brings, and all by which they may be known: a case, or a call as it is typed.

    `contacts` are blind indexes of phones and mailboxes; `at` is the moment of receipt.
    """

    topic: str
    kind: str
    text: str
    at: datetime
    customers: frozenset[UUID] = frozenset()
    account_id: UUID | None = None
    account_number: str = ""
    contacts: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """An earlier case that this is probably a repeat of, and why."""

    case_id: UUID
    number: str
    topic: str
    state: str
    received_at: datetime
    owner_user_id: int | None
    reasons: tuple[str, ...]
    likeness: float
    is_merged: bool = False  # into somebody else's: its state and owner are of that one

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def rank(self) -> tuple[bool, bool, float, datetime]:
        """What is still open and on the same topic comes first, then what sounds most alike."""
        return (self.is_open, TOPIC in self.reasons, self.likeness, self.received_at)


@dataclass(frozen=True)
class _Near:
    """Whose cases are looked at, by what connects them."""

    customers: frozenset[UUID]
    sharing: frozenset[UUID]  # others with a phone or mailbox of theirs
    neighbours: frozenset[UUID]  # people at the same address
    account_id: UUID | None
    account_number: str
    accounts: frozenset[UUID]  # other accounts at the same address


def brought_by(case: Case) -> Brought:
    """What a case brings."""
    customers = {case.applicant_id, case.customer_id}
    points = list(case.applicant.contact_points.all())
    if case.customer_id != case.applicant_id:
        points += ContactPoint.objects.filter(customer=case.customer_id)
    usable = [p for p in points if p.ended_at is None and p.state != ContactState.DISPUTED]
    addresses = {point.address for point in usable}
    if case.account_id and case.account:
        addresses.add(case.account.address)
    return Brought(
        topic=case.topic,
        kind=case.kind,
        text=case.description,
        at=case.received_at,
        customers=frozenset(customers),
        account_id=case.account_id,
        account_number=case.account_number,
        contacts=frozenset(point.value_index for point in usable) - {""},
        addresses=frozenset(addresses) - {""},
    )


def find(
    brought: Brought, rule: Repeats, *, among: CaseQuerySet | None = None, but: UUID | None = None
) -> list[Match]:
    """Earlier cases about the same matter, the likeliest first.

    `among` are the cases that may be looked at (all by default); `but` is the case itself.
    """
    if not rule.days or brought.kind not in rule.kinds:
        return []
    near = _near(brought)
    cases = Case.objects.all() if among is None else among
    since = brought.at - timedelta(days=rule.days)
    recent = Q(received_at__gte=since) | Q(closed_at__gte=since) | Q(closed_at=None)
    cases = cases.filter(recent, kind__in=rule.kinds, received_at__lte=brought.at)
    cases = cases.filter(secret_reporter=False)
    if but:
        cases = cases.exclude(pk=but)
    said = telling(brought.text)
    rows = _going_on(_rows(cases, near), but)
    found = (_match(row, near, brought.topic, said, rule) for row in rows)
    return sorted((one for one in found if one), key=lambda one: one.rank, reverse=True)


def _near(brought: Brought) -> _Near:
    customers = brought.customers | _merged_into(brought.customers)
    sharing, living = _customers(brought.contacts, brought.addresses)
    accounts: Iterable[UUID] = ()
    if brought.addresses:
        at_address = Account.objects.filter(address__in=brought.addresses).exclude(address="")
        accounts = at_address.values_list("pk", flat=True)[: SHARED + 1]
    return _Near(
        customers=customers,
        sharing=sharing - customers,
        neighbours=living - customers,
        account_id=brought.account_id,
        account_number=brought.account_number,
        accounts=_few(accounts) - {brought.account_id},
    )


def _merged_into(customers: Collection[UUID]) -> frozenset[UUID]:
    """Rows that are these people and were merged a moment ago; their cases follow soon."""
    merged = Customer.objects.filter(merged_into__in=customers)
    return frozenset(merged.values_list("pk", flat=True)) if customers else frozenset()


def _customers(
    contacts: Collection[str], addresses: Collection[str]
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Who has such a phone or mailbox now, and who lives there; nobody where so many do that it
    says nothing.
    """
    if not (contacts or addresses):
        return frozenset(), frozenset()
    # Each half names what its index holds, so that both are used.
    by_contact = ~Q(value_index="") & Q(value_index__in=contacts)
    points = ContactPoint.objects.filter(
        by_contact | (~Q(address="") & Q(address__in=addresses)), ended_at=None
    ).exclude(state=ContactState.DISPUTED)
    rows = list(points.values_list("customer_id", "value_index")[: 4 * SHARED])
    return _few(key for key, index in rows if index), _few(key for key, index in rows if not index)


def _few(keys: Iterable[UUID]) -> frozenset[UUID]:
    found = frozenset(keys)
    return found if len(found) <= SHARED else frozenset()


def _rows(cases: CaseQuerySet, near: _Near) -> list[dict[str, Any]]:
    """The newest of their cases. One part a column, so that each uses its own index."""
    people = near.customers | near.sharing | near.neighbours
    accounts = near.accounts | ({near.account_id} if near.account_id else set())
    parts = []
    if people:
        parts += [cases.filter(applicant__in=people), cases.filter(customer__in=people)]
    if accounts:
        parts.append(cases.filter(account__in=accounts))
    if near.account_number:
        parts.append(cases.filter(account_number=near.account_number))
    if not parts:
        return []
    first, *others = (part.order_by().values(*COLUMNS) for part in parts)
    every = first.union(*others, all=True) if others else first
    newest = every.order_by("-received_at")[: MOST * len(parts)]
    rows = {row["pk"]: row for row in newest}
    return list(rows.values())[:MOST]


def _going_on(rows: list[dict[str, Any]], but: UUID | None) -> Iterator[dict[str, Any]]:
    """The rows; one that was merged only where the case that it goes on in is not among them."""
    found = {but, *(row["pk"] for row in rows)}
    for row in rows:
        if row["merged_into_id"] is None:
            yield row
            continue
        target = goes_on_in(Case.objects.get(pk=row["pk"]))
        if target and target.pk not in found:
            yield {**row, "state": target.state, "owner_user_id": target.owner_user_id}


def _match(
    row: dict[str, Any], near: _Near, topic: str, said: tuple[str, ...], rule: Repeats
) -> Match | None:
    alike = likeness(said, telling(row["description"]))
    matter = [TOPIC] if row["topic"] == topic else []
    matter += [TEXT] if alike * 100 >= rule.likeness else []
    if not matter:
        return None
    return Match(
        case_id=row["pk"],
        number=row["number"],
        topic=row["topic"],
        state=row["state"],
        received_at=row["received_at"],
        owner_user_id=row["owner_user_id"],
        reasons=(*_people(row, near), *matter),
        likeness=alike,
        is_merged=row["merged_into_id"] is not None,
    )


def _people(row: dict[str, Any], near: _Near) -> list[str]:
    """What connects the people of the two cases."""
    theirs = {row["applicant_id"], row["customer_id"]}
    number = near.account_number
    same_account = (row["account_id"] is not None and row["account_id"] == near.account_id) or (
        bool(number) and row["account_number"] == number
    )
    at_address = row["account_id"] in near.accounts or bool(theirs & near.neighbours)
    found = {
        CUSTOMER: bool(theirs & near.customers),
        ACCOUNT: same_account,
        ADDRESS: at_address,
        CONTACT: bool(theirs & near.sharing),
    }
    return [reason for reason, holds in found.items() if holds]
