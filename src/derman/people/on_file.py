"""What is on file about somebody who turns to us: the account, its holder, and who they may be.

Asked at each registration, while somebody waits on the phone: one statement for all of it.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from derman.lib.identifiers import is_tckn
from derman.lib.turkish import fold
from derman.people.fields import digests_of
from derman.people.matching import Speaker
from derman.people.models import Account, ContactPoint, Customer
from derman.words.kinds import ContactState

# A merged row stands for nobody (its double holdings stay with it), but somebody may still call by
# its name or identity number: the last part finds the survivor by them.
LOOK_UP = """
SELECT c.id, c.name, c.name_folded, c.tckn_index, a.id, a.number, a.region, h.id, '', '', '', ''
FROM people_account a
LEFT JOIN people_holding h
  ON h.account_id = a.id AND h.relation = 'holder' AND h.ends_on IS NULL
LEFT JOIN people_customer c ON c.id = h.customer_id AND c.merged_into_id IS NULL
WHERE a.number = %s
UNION ALL
SELECT c.id, c.name, c.name_folded, c.tckn_index, NULL, '', '', NULL, p.state, p.value_index,
  c.name_folded, c.tckn_index
FROM people_contactpoint p JOIN people_customer c ON c.id = p.customer_id
WHERE p.value_index IN ({marks}) AND p.value_index <> '' AND p.ended_at IS NULL
UNION ALL
SELECT c.id, c.name, c.name_folded, c.tckn_index, NULL, '', '', NULL, p.state, p.value_index,
  m.name_folded, m.tckn_index
FROM people_contactpoint p JOIN people_customer c ON c.id = p.customer_id
JOIN people_customer m ON m.merged_into_id = c.id
WHERE p.value_index IN ({marks}) AND p.value_index <> '' AND p.ended_at IS NULL
"""
CUSTOMER_FIELDS = ("id", "name", "name_folded", "tckn_index")
ACCOUNT_FIELDS = ("id", "number", "region")


@dataclass(frozen=True)
class OnFile:
    """The rows hold what registering needs; their other fields are read when asked for.

    `speaker` is the customer of whom all contacts given and the name (or identity number) agree;
    `is_reachable` says that this contact is not disputed.
    """

    account: Account | None = None
    holder: Customer | None = None
    speaker: Customer | None = None
    is_reachable: bool = False


class _Row(NamedTuple):
    customer_id: Any
    name: str
    name_folded: str
    tckn_index: str
    account_id: Any
    account_number: str
    region: str
    holding_id: int | None
    contact_state: str
    contact_index: str
    known_as: str  # the folded name and the identity number by which they may be recognised
    known_by: str

    @property
    def customer(self) -> Customer | None:
        if self.customer_id is None:
            return None
        values = [_uuid(self.customer_id), *self[1:4]]
        return Customer.from_db(connection.alias, CUSTOMER_FIELDS, values)

    @property
    def account(self) -> Account:
        values = [_uuid(self.account_id), self.account_number, self.region]
        return Account.from_db(connection.alias, ACCOUNT_FIELDS, values)


def look_up(account_number: str, said: Speaker) -> OnFile:
    """What there is, in one query; in none when nothing was said to look for."""
    compact = "".join(account_number.split())
    given = [
        digests_of(ContactPoint, "value_index", value)
        for value in (said.phone, said.email)
        if value
    ]
    if not (compact or given):
        return OnFile()
    asked = [digest for digests in given for digest in digests] or [""]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(asked))
        cursor.execute(LOOK_UP.format(marks=marks), [compact, *asked, *asked])
        rows = [_Row(*row) for row in cursor.fetchall()]
    holdings = [row for row in rows if row.account_id]
    latest = max(
        holdings, key=lambda row: (row.customer_id is not None, row.holding_id or 0), default=None
    )
    speaking = _speaking([row for row in rows if not row.account_id], said, given)
    return OnFile(
        account=latest.account if latest else None,
        holder=latest.customer if latest else None,
        speaker=speaking.customer if speaking else None,
        is_reachable=speaking is not None and speaking.contact_state != ContactState.DISPUTED,
    )


def _speaking(rows: list[_Row], said: Speaker, given: list[list[str]]) -> _Row | None:
    """The customer who has every contact that was given, so that none is lost or added unseen."""
    folded = fold(said.name)[:220]
    tckn = digests_of(Customer, "tckn_index", said.tckn) if is_tckn(said.tckn) else []
    for row in rows:
        same_name = bool(folded) and row.known_as == folded
        known = {other.contact_index for other in rows if other.customer_id == row.customer_id}
        has_all = all(known.intersection(digests) for digests in given)
        if has_all and (same_name or row.known_by in tckn):
            return row
    return None


def _uuid(value: Any) -> UUID:
    """SQLite keeps them as text."""
    return value if isinstance(value, UUID) else UUID(value)
