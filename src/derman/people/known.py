"""Who is on file, asked for many people at once, and kept up to date while more are planned."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from derman.lib.turkish import fold
from derman.people.fields import digests_of
from derman.people.models import Account, ContactPoint, Customer, Holding
from derman.words.kinds import Relation

STANDS = Coalesce("merged_into", "pk")  # the row that stands for one that was merged
NAME = "customer__name_folded"
AT_ONCE = 500  # values in one question to the database


class Somebody(Protocol):
    """By what a customer may be known again."""

    @property
    def name(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def tckn(self) -> str: ...
    @property
    def vkn(self) -> str: ...
    @property
    def account_number(self) -> str: ...
    @property
    def contacts(self) -> tuple[str, ...]: ...


@dataclass
class Known:
    """Customers by what they may be known by, and who has to do with which account."""

    references: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, UUID] = field(default_factory=dict)  # digests of TCKN and VKN
    contacts: dict[tuple[str, str], UUID] = field(default_factory=dict)  # digest, folded name
    names: dict[UUID, str] = field(default_factory=dict)  # folded
    accounts: dict[str, UUID] = field(default_factory=dict)
    holders: dict[str, UUID] = field(default_factory=dict)
    holdings: set[tuple[UUID, str, str]] = field(default_factory=set)

    @classmethod
    def about(cls, people: Iterable[Somebody]) -> "Known":
        """What is on file about these people, in a few questions."""
        said, known = list(people), cls()
        known._ask_references({one.reference for one in said} - {""})
        known._ask_numbers(said)
        known._ask_contacts(
            {digest for one in said for value in one.contacts for digest in _contact(value)}
        )
        known._ask_accounts({one.account_number for one in said} - {""})
        return known

    def find(self, one: Somebody) -> UUID | None:
        """The customer whom this is, by the surest thing that was said.

        A reference that is not on file says that this is somebody new to us.
        """
        if one.reference:
            return self.references.get(one.reference)
        for digest in _digests(one):
            if digest in self.numbers:
                return self.numbers[digest]
        name = fold(one.name)[:220]
        holder = self.holders.get(one.account_number)
        if holder and self.names.get(holder) == name:
            return holder
        keys = ((digest, name) for value in one.contacts for digest in _contact(value))
        return next((self.contacts[key] for key in keys if key in self.contacts), None)

    def learn(self, one: Somebody, customer: UUID) -> None:
        """From now on this is somebody on file."""
        if one.reference:
            self.references[one.reference] = customer
        for digest in _digests(one):
            self.numbers.setdefault(digest, customer)
        name = self.names[customer] = fold(one.name)[:220]
        for value in one.contacts:
            for digest in _contact(value):
                self.contacts.setdefault((digest, name), customer)

    def hold(self, account_number: str, customer: UUID, relation: str) -> None:
        """From now on this customer has to do with the account."""
        self.holdings.add((customer, account_number, relation))
        if relation == Relation.HOLDER:
            self.holders[account_number] = customer

    def _ask_references(self, wanted: set[str]) -> None:
        columns = ("reference", "pk", STANDS, "name_folded")
        for rows in _asked(Customer.objects, "reference", wanted, *columns):
            for reference, row, customer, name in rows:
                self.references[reference] = customer
                if row == customer:
                    self.names[customer] = name

    def _ask_numbers(self, said: Sequence[Somebody]) -> None:
        wanted = {digest for one in said for digest in _digests(one)}
        for column in ("tckn_index", "vkn_index"):
            oldest_last = Customer.objects.order_by("-created_at", "-pk")
            for rows in _asked(oldest_last, column, wanted, column, STANDS):
                self.numbers.update(rows)

    def _ask_contacts(self, wanted: set[str]) -> None:
        current = ContactPoint.objects.filter(ended_at=None)
        merged = current.filter(customer__merged_rows__isnull=False)  # known by that name, too
        for points, name in ((merged, "customer__merged_rows__name_folded"), (current, NAME)):
            for rows in _asked(points, "value_index", wanted, "value_index", name, "customer_id"):
                self.contacts.update({(digest, name): key for digest, name, key in rows})

    def _ask_accounts(self, wanted: set[str]) -> None:
        for rows in _asked(Account.objects, "number", wanted, "number", "pk"):
            self.accounts.update(rows)
        current = Holding.objects.filter(ends_on=None, customer__merged_into=None)
        columns = ("account__number", "customer_id", "relation", "customer__name_folded")
        for rows in _asked(current, "account__number", set(self.accounts), *columns):
            for number, customer, relation, name in rows:
                self.hold(number, customer, relation)
                self.names[customer] = name


def _digests(one: Somebody) -> Iterator[str]:
    """A TCKN and a VKN of the same digits differ: each column has a key of its own."""
    if one.tckn:
        yield from digests_of(Customer, "tckn_index", one.tckn)
    if one.vkn:
        yield from digests_of(Customer, "vkn_index", one.vkn)


def _contact(value: str) -> list[str]:
    return digests_of(ContactPoint, "value_index", value)


def _asked(
    rows: QuerySet[Any] | Any, column: str, wanted: set[str], *columns: Any
) -> Iterator[list[tuple[Any, ...]]]:
    values = iter(sorted(wanted))
    while some := list(islice(values, AT_ONCE)):
        yield list(rows.filter(**{f"{column}__in": some}).values_list(*columns))
