"""Finding who an application is about, and making a row for whoever is not found.

A speaker is joined to a customer on file only when a contact on file and either the name or the
identity number agree (`people.on_file`); anything less makes a new row, because a stranger who
knows a number must not have codes for another's cases sent to the stranger's phone (threats P6).
"""

from dataclasses import dataclass
from datetime import datetime

from derman.lib.identifiers import is_tckn, normalise_email, parse_phone
from derman.people.fields import digests_of
from derman.people.models import Account, ContactKind, ContactPoint, Customer
from derman.words.kinds import Language


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


def find_by_tckn(tckn: str) -> Customer | None:
    """The customer on file with this identity number; of several rows the oldest.

    A row that was merged leads to its survivor.
    """
    if not is_tckn(tckn):
        return None
    found = Customer.objects.filter(tckn_index__in=digests_of(Customer, "tckn_index", tckn))
    oldest = found.select_related("merged_into").order_by("created_at", "pk").first()
    return (oldest.merged_into or oldest) if oldest else None


def new_customer(
    said: Speaker, *, language: Language | str, at: datetime
) -> tuple[Customer, list[ContactPoint]]:
    """Rows for somebody not found, with what they said about how to reach them; not saved."""
    customer = Customer(name=said.name, tckn=said.tckn, language=language, created_at=at)
    customer.clean_name()
    points = [
        ContactPoint(customer=customer, kind=kind, value=value, created_at=at)
        for kind, value in ((ContactKind.PHONE, said.phone), (ContactKind.EMAIL, said.email))
        if value
    ]
    return customer, points


def has_contact(customer: Customer) -> bool:
    """Whether there is a way to reach this customer in writing or by phone."""
    return (
        ContactPoint.objects.filter(customer=customer, ended_at=None)
        .exclude(state="disputed")
        .exclude(kind=ContactKind.ADDRESS)
        .exists()
    )
