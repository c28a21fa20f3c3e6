"""A line of another system's list of customers: which columns there are, what each must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from django.db.models import TextChoices

from derman.lib import identifiers
from derman.lib.tables import Line
from derman.lib.turkish import fold
from derman.people.models import CustomerKind
from derman.profile.schema import Profile
from derman.words.kinds import Language, Relation

Word = TypeVar("Word", bound=StrEnum | TextChoices)

# Each column's key and what else exports call it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("customer number", "müşteri no", "müşteri numarası", "kundennummer"),
    "name": ("ad soyad", "adı soyadı", "unvan", "full name", "company"),
    "kind": ("tür", "art"),
    "tckn": ("tc kimlik no", "t.c. kimlik no", "identity number"),
    "vkn": ("vergi no", "vergi kimlik no", "tax number", "steuernummer"),
    "phone": ("telefon", "cep telefonu", "gsm", "mobile"),
    "email": ("e-posta", "eposta", "e-mail"),
    "address": ("adres", "adresse", "anschrift"),
    "language": ("dil", "sprache"),
    "account_number": ("sözleşme hesap no", "tesisat no", "abone no", "vertragskonto"),
    "account_address": ("tesisat adresi", "installation address", "verbrauchsstelle"),
    "region": ("bölge", "ilçe", "gebiet"),
    "relation": ("ilişki", "beziehung"),
    "since": ("başlangıç", "seit"),
}  # fmt: skip


class Refused(Exception):
    """One line cannot be taken."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Said:
    """A line, checked and in the form in which it is stored."""

    kind: CustomerKind
    name: str
    reference: str
    tckn: str
    vkn: str
    phone: str
    email: str
    address: str
    language: Language
    account_number: str
    account_address: str
    region: str
    relation: Relation
    since: date | None

    @property
    def contacts(self) -> tuple[str, ...]:
        return tuple(value for value in (self.phone, self.email) if value)


def read(line: Line, profile: Profile) -> Said:
    """A line as it is stored; Refused where it cannot be."""
    said = Said(
        kind=choice(line, "kind", CustomerKind, _kind_of(line)),
        name=within(" ".join(line.get("name").split()), 200, "name"),
        reference=within(line.get("reference"), 60, "reference"),
        tckn=checked(line, "tckn", identifiers.read_tckn),
        vkn=checked(line, "vkn", identifiers.read_vkn),
        phone=phone(line),
        email=email(line),
        address=within(line.get("address"), 400, "address"),
        language=choice(line, "language", Language, profile.organisation.language),
        account_number=within("".join(line.get("account_number").split()), 40, "account_number"),
        account_address=within(line.get("account_address") or line.get("address"), 400, "address"),
        region=region(line, profile),
        relation=choice(line, "relation", Relation, Relation.HOLDER),
        since=_day(line, "since"),
    )
    if not said.name:
        raise Refused("name", "A customer needs a name.")
    if not (said.reference or said.tckn or said.vkn or said.account_number or said.contacts):
        raise Refused("reference", "Give a number or a contact by which to know them again.")
    return said


def phone(line: Line) -> str:
    """A phone number as it is stored; empty for none."""
    raw = line.get("phone")
    if not raw:
        return ""
    parsed = identifiers.parse_phone(raw)
    if parsed.e164 is None and not any(sign.isdigit() for sign in raw):
        raise Refused("phone", "This is no phone number.")
    return (parsed.e164 or raw)[:80]


def email(line: Line) -> str:
    """An address as it is stored; empty for none."""
    raw = line.get("email")
    if raw and (raw.count("@") != 1 or " " in raw or len(raw) > 254):
        raise Refused("email", "This is no e-mail address.")
    return identifiers.normalise_email(raw)


def region(line: Line, profile: Profile) -> str:
    """The key of the region that is meant by key or by any of its names; empty for none."""
    said = line.get("region")
    if not said:
        return ""
    for key, one in profile.organisation.regions.items():
        if said == key or fold(said) in {fold(label) for label in one.label.values()}:
            return key
    raise Refused("region", f"The profile has no region {said}.")


def _kind_of(line: Line) -> CustomerKind:
    return CustomerKind.ORGANISATION if line.get("vkn") else CustomerKind.PERSON


def choice(line: Line, column: str, words: type[Word], default: Word) -> Word:
    """The word in the cell, or the default where there is none."""
    said = line.get(column).lower()
    if not said:
        return default
    try:
        return words(said)
    except ValueError:
        raise Refused(column, f"Write one of: {', '.join(str(word) for word in words)}.") from None


def within(text: str, most: int, column: str) -> str:
    """The text, refused where it is too long for its place."""
    if len(text) > most or "\x00" in text:
        raise Refused(column, f"At most {most} characters fit, and no control characters.")
    return text


def checked(line: Line, column: str, read: Callable[[str], str | None]) -> str:
    """A number with check digits, in its plain form; empty for none."""
    said = line.get(column)
    found = read(said) if said else ""
    if found is None:
        raise Refused(column, "The check digits are wrong.")
    return found


def _day(line: Line, column: str) -> date | None:
    said = line.get(column)
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(said[:10], pattern).date() if said else None
        except ValueError:
            continue
    raise Refused(column, "Write the date as 2026-03-31 or 31.03.2026.")
