"""Finding who an application is about, and making a row for whoever is not found.

A speaker is joined to a customer on file only when a contact on file and either the name or the
identity number agree; anything less makes a new row, because a stranger who knows a number must
not have codes for another's cases sent to the stranger's phone (threats P6).
"""

from dataclasses import dataclass
from datetime import datetime

from derman.lib.identifiers import is_tckn, normalise_email, parse_phone
from derman.lib.turkish import fold
from derman.people.fields import digest_of
from derman.people.models import Account, ContactKind, ContactPoint, Customer, Holding
from derman.words.kinds import Language, Relation


@dataclass(frozen=True)
class Speaker:
    """What somebody said of themselves, cleaned but not checked."""

    name: str
    phone: str
    email: str
    tckn: str


def speaker(name: str, phone: str, email: str, tckn: str) -> Speaker:
    """Bring what was said into the form in which it is stored and compared.

    A phone number that cannot be read is kept as given; nothing is refused.
    """
    parsed = parse_phone(phone) if phone.strip() else None
    return Speaker(
        name=" ".join(name.split())[:200],
        phone=((parsed.e164 or parsed.raw) if parsed else "")[:80],
        email=normalise_email(email)[:254],
        tckn="".join(tckn.split())[:20],
    )


def find_account(number: str) -> Account | None:
    """The account with this number, blanks ignored."""
    compact = "".join(number.split())
    return Account.objects.filter(number=compact).first() if compact else None


def holder_of(account: Account) -> Customer | None:
    """Who holds the account today."""
    holding = (
        Holding.objects.filter(account=account, relation=Relation.HOLDER, ends_on=None)
        .select_related("customer")
        .order_by("-id")
        .first()
    )
    return holding.customer if holding else None


def find_speaker(said: Speaker) -> Customer | None:
    """The customer whose contact and name (or identity number) both agree, if there is one."""
    digests = [
        digest_of(ContactPoint, "value_index", value) for value in (said.phone, said.email) if value
    ]
    if not digests:
        return None
    points = ContactPoint.objects.filter(value_index__in=digests, ended_at=None).select_related(
        "customer"
    )
    folded = fold(said.name)
    tckn = digest_of(Customer, "tckn_index", said.tckn) if is_tckn(said.tckn) else ""
    for point in points:
        customer = point.customer
        same_name = bool(folded) and customer.name_folded == folded[:220]
        if same_name or (tckn and customer.tckn_index == tckn):
            return customer
    return None


def find_by_tckn(tckn: str) -> Customer | None:
    """The customer on file with this identity number; of several rows the oldest."""
    if not is_tckn(tckn):
        return None
    found = Customer.objects.filter(tckn_index=digest_of(Customer, "tckn_index", tckn))
    return found.order_by("created_at", "pk").first()


def add_customer(said: Speaker, *, language: Language | str, at: datetime) -> Customer:
    """A new row for somebody not found, with what they said about how to reach them."""
    customer = Customer(name=said.name, tckn=said.tckn, language=language, created_at=at)
    customer.clean_name()
    customer.save(force_insert=True)
    points = [
        ContactPoint(customer=customer, kind=kind, value=value, created_at=at)
        for kind, value in ((ContactKind.PHONE, said.phone), (ContactKind.EMAIL, said.email))
        if value
    ]
    if points:
        ContactPoint.objects.bulk_create(points)
    return customer


def has_contact(customer: Customer) -> bool:
    """Whether there is a way to reach this customer in writing or by phone."""
    return (
        ContactPoint.objects.filter(customer=customer, ended_at=None)
        .exclude(state="disputed")
        .exclude(kind=ContactKind.ADDRESS)
        .exists()
    )
