"""The demo's customers: made up by chance from lists of names, numbers that belong to nobody.

Identity and tax numbers are well formed but from the very beginning of their range; mobile numbers
have a prefix that is given to no operator; e-mail addresses are in example.com.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from derman.lib.identifiers import is_tckn, is_vkn
from derman.lib.turkish import fold
from derman.people.models import (
    Account,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerKind,
    Holding,
)
from derman.words.kinds import ContactState, Language, Relation

FOREIGNERS = 12  # of each foreign language, at most one person in ten
ORGANISATIONS = 14  # one customer in so many
SECOND_ACCOUNT = 0.1
SECOND_HOLDING = 0.12
TIES = (Relation.TENANT, Relation.TENANT, Relation.RELATIVE)  # unless the lists name others


@dataclass(frozen=True)
class Place:
    """An account and where it is."""

    number: str
    address: str
    region: str


@dataclass(frozen=True)
class Person:
    """A customer as planned, before there is a row."""

    id: UUID
    kind: CustomerKind
    name: str
    tax_or_identity: str
    phone: str
    email: str
    language: Language
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Tie:
    """That a person has to do with another's account."""

    person: Person
    holder: Person
    relation: Relation
    proof: str


@dataclass(frozen=True)
class People:
    """Everybody who may come to us, and who speaks for whom."""

    persons: tuple[Person, ...]
    ties: tuple[Tie, ...]


class Names:
    """Names and addresses, drawn from the preset's lists."""

    def __init__(self, lists: Mapping[str, Any], regions: Mapping[str, str], random: Random):
        self.lists = lists
        self.regions = regions
        self.random = random

    def person(self, language: Language = Language.TURKISH) -> str:
        """First and last name, of somebody who speaks this language."""
        source = self.lists if language is Language.TURKISH else self.lists["foreign"][language]
        choice = self.random.choice
        return f"{choice(source['first_names'])} {choice(source['surnames'])}"

    def organisation(self) -> str:
        lists = self.lists["organisations"]
        return f"{self.random.choice(lists['names'])} {self.random.choice(lists['trades'])}"

    def phone(self, index: int) -> str:
        """A mobile number that no operator has."""
        return f"+90500{1_000_000 + index * 7919 % 8_999_999:07}"

    def place(self, number: int) -> Place:
        random, lists = self.random, self.lists["addresses"]
        region = random.choice(list(self.regions))
        quarter, street = random.choice(lists["quarters"]), random.choice(lists["streets"])
        house = f"No: {random.randint(1, 148)}/{random.randint(1, 18)}"
        where = f"{self.regions[region]}, {lists['city']}"
        return Place(str(number), f"{quarter} Mahallesi, {street} {house}, {where}", region)


def plan(count: int, names: Names) -> People:
    """So many customers with an account or two, and the ties between them."""
    random = names.random
    numbers = iter(random.sample(range(31_000_000, 39_999_999), count * 2))
    foreign = min(FOREIGNERS, max(1, count // 10))
    persons = []
    for index in range(count):
        language = Language.TURKISH
        if index < 2 * foreign:
            language = Language.ENGLISH if index < foreign else Language.GERMAN
        many = 2 if random.random() < SECOND_ACCOUNT else 1
        places = tuple(names.place(next(numbers)) for _ in range(many))
        persons.append(_person(index, language, places, names))
    return People(tuple(persons), tuple(_ties(persons, names.lists, random)))


def _person(index: int, language: Language, places: tuple[Place, ...], names: Names) -> Person:
    random = names.random
    id_ = UUID(int=random.getrandbits(128), version=4)
    organisation = language is Language.TURKISH and index % ORGANISATIONS == 0
    name = names.organisation() if organisation else names.person(language)
    mailbox = ".".join("".join(filter(str.isascii, fold(name))).replace(".", "").split()[:2])
    email = f"{mailbox}{index}@example.com" if random.random() < 0.6 or organisation else ""
    return Person(
        id=id_,
        kind=CustomerKind.ORGANISATION if organisation else CustomerKind.PERSON,
        name=name,
        tax_or_identity=vkn(100_000_000 + index) if organisation else tckn(100_000_001 + index),
        phone=names.phone(index) if random.random() < 0.96 or not email else "",
        email=email,
        language=language,
        places=places,
    )


def _ties(persons: Sequence[Person], lists: Mapping[str, Any], random: Random) -> Iterator[Tie]:
    """Tenants, relatives, and one person who speaks for each organisation."""
    relations = [Relation(one) for one in lists.get("ties", TIES)]
    people = [p for p in persons if p.kind == CustomerKind.PERSON]
    for holder in persons:
        person = random.choice(people)
        if holder.kind == CustomerKind.ORGANISATION:
            relation = Relation.REPRESENTATIVE
        elif random.random() < SECOND_HOLDING and person is not holder:
            relation = random.choice(relations)
        else:
            continue
        yield Tie(person, holder, relation, lists["proofs"].get(relation, ""))


def tckn(first_nine: int) -> str:
    """A well-formed identity number with these first nine digits."""
    return next(n for end in range(100) if is_tckn(n := f"{first_nine}{end:02}"))


def vkn(first_nine: int) -> str:
    """A well-formed tax number with these first nine digits."""
    return next(n for end in range(10) if is_vkn(n := f"{first_nine}{end}"))


@transaction.atomic
def add(people: People, random: Random, *, at: datetime) -> None:
    """Write the rows, unless they are there already."""
    if Customer.objects.filter(pk=people.persons[0].id).exists():
        return
    customers, points, accounts, holdings = [], [], {}, []
    for person in people.persons:
        since = at - timedelta(days=random.randint(30, 2500))
        customer = _customer(person, since)
        customers.append(customer)
        points += _points(customer, person, random)
        for place in person.places:
            accounts[place.number] = Account(
                number=place.number, address=place.address, region=place.region
            )
            holdings.append(
                Holding(
                    customer_id=person.id,
                    account=accounts[place.number],
                    relation=Relation.HOLDER,
                    starts_on=since.date(),
                )
            )
    holdings += [
        Holding(
            customer_id=tie.person.id,
            account=accounts[tie.holder.places[0].number],
            relation=tie.relation,
            proof=tie.proof,
            starts_on=at.date(),
        )
        for tie in people.ties
    ]
    Customer.objects.bulk_create(customers)
    ContactPoint.objects.bulk_create(points)
    Account.objects.bulk_create(accounts.values())
    Holding.objects.bulk_create(holdings)


def _customer(person: Person, since: datetime) -> Customer:
    number = "vkn" if person.kind == CustomerKind.ORGANISATION else "tckn"
    customer = Customer(
        id=person.id,
        kind=person.kind,
        name=person.name,
        language=person.language,
        created_at=since,
        **{number: person.tax_or_identity},
    )
    customer.clean_name()
    return customer


def _points(customer: Customer, person: Person, random: Random) -> list[ContactPoint]:
    said = [(ContactKind.PHONE, person.phone), (ContactKind.EMAIL, person.email)]
    points = [
        ContactPoint(
            customer=customer,
            kind=kind,
            value=value,
            state=random.choices((ContactState.VERIFIED, ContactState.UNVERIFIED), (4, 1))[0],
            created_at=customer.created_at,
        )
        for kind, value in said
        if value
    ]
    address = ContactPoint(
        customer=customer,
        kind=ContactKind.ADDRESS,
        address=person.places[0].address,
        state=ContactState.VERIFIED,
        created_at=customer.created_at,
    )
    return [*points, address]
