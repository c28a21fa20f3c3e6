"""Customers, contacts and accounts from another system's table, silently.

A line is one customer, or one customer's hold on one account: a customer with three accounts has
three lines. A line is taken as a whole or refused with a reason. Who is on file already, by the
other system's reference, else by identity or tax number, else by the account's holder or a contact
with the same name, is not touched; only accounts that are new are added. So the same file may be
given again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from derman.lib.tables import Line
from derman.people.bulk import Rows
from derman.people.imported import Refused, Said, read
from derman.people.known import Known
from derman.people.models import Account, ContactKind, ContactPoint, Customer, Holding
from derman.profile.schema import Profile
from derman.words.kinds import ContactState, Relation


@dataclass(frozen=True)
class Refusal:
    """Why a line was not taken."""

    line: int
    column: str
    reason: str


@dataclass
class Plan:
    """What an import would write, and what it refuses."""

    rows: Rows = field(default_factory=Rows)
    added: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def plan(
    lines: Iterable[Line], *, profile: Profile, at: datetime, tick: Callable[[], object]
) -> Plan:
    """Check every line against the others and against the file; writes nothing. `tick` counts."""
    made = Plan()
    said: list[tuple[int, Said]] = []
    for line in lines:
        try:
            said.append((line.number, read(line, profile)))
        except Refused as why:
            made.refused.append(Refusal(line.number, why.column, why.reason))
            tick()
    known = Known.about(one for _, one in said)
    for number, one in said:
        tick()
        try:
            is_new = _take(one, known, made.rows, at)
        except Refused as why:
            made.refused.append(Refusal(number, why.column, why.reason))
            continue
        made.added += is_new
        made.known += not is_new
    made.refused.sort(key=lambda refusal: refusal.line)
    return made


def _take(said: Said, known: Known, rows: Rows, at: datetime) -> bool:
    """Add what is not there; returns whether anything was."""
    customer = known.find(said)
    is_new = customer is None
    if customer is None:
        _refuse_taken_account(said, known, None)
        customer = _add_customer(said, rows, at)
        known.learn(said, customer)
    elif said.account_number:
        _refuse_taken_account(said, known, customer)
    return _add_holding(said, customer, known, rows) or is_new


def _refuse_taken_account(said: Said, known: Known, customer: UUID | None) -> None:
    holder = known.holders.get(said.account_number)
    if said.relation == Relation.HOLDER and holder and holder != customer:
        raise Refused("account_number", "Somebody else holds this account.")


def _add_customer(said: Said, rows: Rows, at: datetime) -> UUID:
    customer = Customer(
        kind=said.kind,
        name=said.name,
        tckn=said.tckn,
        vkn=said.vkn,
        language=said.language,
        reference=said.reference or None,
        created_at=at,
    )
    customer.clean_name()
    rows.add(customer)
    ways = {ContactKind.PHONE: said.phone, ContactKind.EMAIL: said.email}
    for kind, value in ways.items():
        if value:
            rows.add(_point(customer, kind, at, value=value))
    if said.address:
        rows.add(_point(customer, ContactKind.ADDRESS, at, address=said.address))
    return customer.pk


def _point(customer: Customer, kind: ContactKind, at: datetime, **where: str) -> ContactPoint:
    state = ContactState.UNVERIFIED
    return ContactPoint(customer=customer, kind=kind, state=state, created_at=at, **where)


def _add_holding(said: Said, customer: UUID, known: Known, rows: Rows) -> bool:
    if not said.account_number or (customer, said.account_number, said.relation) in known.holdings:
        return False
    account = known.accounts.get(said.account_number)
    if account is None:
        row = Account(number=said.account_number, address=said.account_address, region=said.region)
        rows.add(row)
        account = known.accounts[said.account_number] = row.pk
    rows.add(
        Holding(
            customer_id=customer,
            account_id=account,
            relation=said.relation,
            starts_on=said.since,
        )
    )
    known.hold(said.account_number, customer, said.relation)
    return True
