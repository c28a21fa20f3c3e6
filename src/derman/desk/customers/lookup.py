"""Finding people on file by whatever the caller says first: account, identity, phone, name.

Everybody who is shown is written down as seen. A choice is handed to the browser signed for the
user who looked, so that nobody's data can be asked for without having been looked up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core import signing
from django.db.models import Prefetch, QuerySet

from derman.accounts.models import User
from derman.audit import access
from derman.lib.identifiers import normalise_email, parse_phone, read_tckn, read_vkn
from derman.lib.turkish import fold
from derman.people import matching
from derman.people.fields import digests_of
from derman.people.models import Account, ContactPoint, Customer, Holding
from derman.words.kinds import Relation

MOST = 8  # more candidates than that are not read on the phone
SHORTEST_NAME = 2


class Asked(StrEnum):
    """What the typed text was taken for."""

    ACCOUNT = "account"
    TCKN = "tckn"
    VKN = "vkn"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Candidate:
    """Somebody on file, and the account in question if there is one."""

    customer: Customer
    account: Account | None
    relation: str

    @property
    def address(self) -> str:
        """Where they are, as read back on the phone."""
        return self.account.address if self.account else address_of(self.customer)


@dataclass(frozen=True)
class Found:
    """The answer to a look-up, best first."""

    asked: Asked
    candidates: tuple[Candidate, ...] = ()
    is_cut: bool = False

    @property
    def only(self) -> Candidate | None:
        """The one person meant; a name alone never picks somebody by itself."""
        sure = self.asked is not Asked.NAME and len(self.candidates) == 1
        return self.candidates[0] if sure else None


def look_up(
    query: str,
    *,
    by: User,
    at: datetime,
    about: str = "register",
    keep: Callable[[Iterable[Candidate]], Iterable[Candidate]] = tuple,
) -> Found:
    """Who is meant by what was typed; whoever is shown is recorded as seen.

    `keep` leaves out those who are not to be shown.
    """
    found = _find(query.replace("\x00", "").strip()[:200])
    found = replace(found, candidates=tuple(keep(found.candidates)))
    seen = {one.customer.pk for one in found.candidates}
    access.record_people(seen, what="lookup", about=about, by=by, at=at, why=found.asked)
    return found


def sign(candidate: Candidate, user: User) -> str:
    """The choice of this candidate, as the browser of this user may send it back."""
    account = candidate.account
    return _signer(user).sign_object(
        [str(candidate.customer.pk), account.number if account else ""]
    )


def read_choice(signed: str, user: User) -> Candidate | None:
    """The candidate whom this user had been shown, or None for anything else."""
    try:
        customer_id, number = _signer(user).unsign_object(signed)
    except signing.BadSignature:
        return None
    return find(UUID(customer_id), number)


def find(customer_id: UUID, number: str = "") -> Candidate | None:
    """The customer on file, with the account of this number or the only one they hold.

    Of a row that was merged it is the survivor.
    """
    customer = next(iter(_standing(_people().filter(pk=customer_id))), None)
    return _with_account(customer, number) if customer else None


def pick(signed: str, *, by: User, at: datetime) -> Candidate | None:
    """Take one of several candidates, whose file is now shown in full."""
    chosen = read_choice(signed, by)
    if chosen:
        access.record(
            chosen.customer.pk, what="lookup", about="register", by=by, at=at, why="picked"
        )
    return chosen


def accounts_of(customer: Customer) -> list[Holding]:
    """What the customer holds today; reads what `look_up` and `read_choice` fetched."""
    return [holding for holding in customer.holdings.all() if holding.ends_on is None]


def address_of(customer: Customer) -> str:
    """The postal address on file, if there is one."""
    points = [point for point in customer.contact_points.all() if point.address]
    return points[-1].address if points else ""


def value_of(customer: Customer, kind: str) -> str:
    """The newest phone number or e-mail address on file."""
    points = [point for point in customer.contact_points.all() if point.kind == kind]
    return points[-1].value if points else ""


def _find(query: str) -> Found:
    if not query:
        return Found(Asked.NOTHING)
    if account := matching.find_account(query):
        return _holders(account)
    if tckn := read_tckn(query):
        digests = digests_of(Customer, "tckn_index", tckn)
        return _answer(Asked.TCKN, _people().filter(tckn_index__in=digests))
    if vkn := read_vkn(query):
        digests = digests_of(Customer, "vkn_index", vkn)
        return _answer(Asked.VKN, _people().filter(vkn_index__in=digests))
    if "@" in query:
        return _answer(Asked.EMAIL, _reachable_at(normalise_email(query)))
    phone = parse_phone(query)
    if phone.e164 and not any(letter.isalpha() for letter in query):
        return _answer(Asked.PHONE, _reachable_at(phone.e164))
    if query.replace(" ", "").isdecimal():
        return Found(Asked.ACCOUNT)
    return _named(query)


def _holders(account: Account) -> Found:
    holdings = Holding.objects.filter(account=account, ends_on=None)
    people = {one.pk: one for one in _people().filter(holdings__in=holdings).distinct()}
    candidates = [
        Candidate(people[holding.customer_id], account, holding.relation)
        for holding in sorted(holdings, key=lambda one: one.relation != Relation.HOLDER)
        if people[holding.customer_id].merged_into_id is None
    ]
    return Found(Asked.ACCOUNT, tuple(candidates[:MOST]), len(candidates) > MOST)


def _named(query: str) -> Found:
    folded = fold(query)
    if len(folded) < SHORTEST_NAME:
        return Found(Asked.NAME)
    starts = _people().filter(name_folded__startswith=folded).order_by("name_folded", "id")
    if starts.exists():
        return _answer(Asked.NAME, starts)
    within = _people()
    for word in folded.split():
        within = within.filter(name_folded__contains=word)
    return _answer(Asked.NAME, within.order_by("name_folded", "id"))


def _answer(asked: Asked, people: Iterable[Customer]) -> Found:
    some = list(people[: MOST + 1]) if isinstance(people, QuerySet) else list(people)
    candidates = tuple(_with_account(customer, "") for customer in _standing(some[:MOST]))
    return Found(asked, candidates, len(some) > MOST)


def _standing(rows: Iterable[Customer]) -> list[Customer]:
    """Each once, and the survivor instead of a row that was merged."""
    found = list(rows)
    survivors = {row.merged_into_id for row in found if row.merged_into_id}
    stands = {one.pk: one for one in _people().filter(pk__in=survivors)} if survivors else {}
    standing = [stands[row.merged_into_id] if row.merged_into_id else row for row in found]
    return list({one.pk: one for one in standing}.values())


def _with_account(customer: Customer, number: str) -> Candidate:
    """The person with the account meant, else the only one they hold."""
    held = accounts_of(customer)
    meant = [one for one in held if one.account.number == number] or (
        held if len(held) == 1 else []
    )
    if not meant:
        return Candidate(customer, None, Relation.HOLDER)
    return Candidate(customer, meant[0].account, meant[0].relation)


def _reachable_at(value: str) -> QuerySet[Customer]:
    digests = digests_of(ContactPoint, "value_index", value)
    points = ContactPoint.objects.filter(value_index__in=digests, ended_at=None)
    return _people().filter(contact_points__in=points).distinct().order_by("name_folded", "id")


def _people() -> QuerySet[Customer]:
    points = ContactPoint.objects.filter(ended_at=None).order_by("created_at")
    return Customer.objects.prefetch_related(
        Prefetch("contact_points", points),
        Prefetch("holdings", Holding.objects.select_related("account").order_by("id")),
    )


def _signer(user: User) -> signing.Signer:
    return signing.Signer(salt=f"desk.choice.{user.pk}")
