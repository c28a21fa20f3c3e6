"""The people of the bulk load: customers with contacts and an account each."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import NamedTuple, cast
from uuid import UUID

from derman.bench.rows import Rows
from derman.bench.texts import Texts, pick
from derman.lib.sealing import Keyring
from derman.lib.turkish import fold
from derman.people.fields import IndexField, keyring
from derman.people.models import ContactPoint, Customer

FIRST_ACCOUNT = 40_000_000
FIRST_PHONE = 1_000_000
CONTACT = cast("IndexField", ContactPoint._meta.get_field("value_index"))
TCKN = cast("IndexField", Customer._meta.get_field("tckn_index"))


class Person(NamedTuple):
    """What a case needs to know of the one who speaks."""

    id: str
    name: str
    account: str
    number: str
    region: str
    phone: str


@dataclass(frozen=True)
class Crowd:
    """Makes people by number; the same number never comes twice over all shares of a load."""

    texts: Texts
    regions: list[str]
    since: datetime
    random: Random
    ring: Keyring = field(default_factory=keyring)  # read once: the product looks for each value

    def add(self, index: int, rows: Rows) -> Person:
        """One person with what belongs to them."""
        key = self._id()
        id_, since = key.hex, str(self.since)
        name = self.texts.name(self.random)
        phone = f"+90500{FIRST_PHONE + index:07}"
        tckn = identity_number(100_000_000 + index) if index % 3 else ""
        rows.add(
            "people_customer", id_, "person", name, fold(name), *self._sealed_tckn(key, tckn),
            "", "", "tr", since,
        )  # fmt: skip
        values = [("phone", phone)]
        if index % 2:
            values.append(("email", f"kisi{index}@example.com"))
        for kind, value in values:
            point = self._id()
            rows.add(
                "people_contactpoint", point.hex, id_, kind,
                self.ring.seal(value, f"people_contactpoint|value|{point}"),
                self._digest(CONTACT, value), "", "verified", since,
            )  # fmt: skip
        account, number = self._id().hex, str(FIRST_ACCOUNT + index)
        region = pick(self.regions, self.random)
        rows.add("people_account", account, number, self.texts.address(self.random), region)
        rows.add("people_holding", id_, account, "holder", "")
        return Person(id_, name, account, number, region, phone)

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _sealed_tckn(self, key: UUID, tckn: str) -> tuple[str, str]:
        if not tckn:
            return "", ""
        return self.ring.seal(tckn, f"people_customer|tckn|{key}"), self._digest(TCKN, tckn)

    def _digest(self, index: IndexField, value: str) -> str:
        column = f"{index.model._meta.db_table}.{index.of}"
        return self.ring.blind_indexes(index.normal(value), column)[0]


def identity_number(first_nine: int) -> str:
    """A well-formed identity number that begins so; nobody's, for its range is not given out."""
    d = [int(digit) for digit in str(first_nine)]
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return f"{first_nine}{tenth}{(sum(d) + tenth) % 10}"
