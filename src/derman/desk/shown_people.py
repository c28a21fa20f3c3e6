"""What the desk shows of the applicant: masked, and nothing of somebody who asked for secrecy."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.models import Case
from derman.cases.permissions import is_concealed
from derman.lib import masks
from derman.lib.identifiers import parse_phone
from derman.lib.secrecy import without_name
from derman.people.models import ContactKind, ContactPoint
from derman.statements import kept
from derman.words.kinds import ContactState


@dataclass(frozen=True)
class Way:
    """One way to reach the applicant, masked."""

    kind: str
    shown: str
    state: str


@dataclass(frozen=True)
class Number:
    """A phone number in full, for whoever calls now."""

    shown: str
    dial: str
    masked: str
    is_verified: bool


@kept
def _points(customer: UUID) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(customer=customer, ended_at=None)


class Applicant:
    """The applicant of a case as one user may see them."""

    def __init__(self, case: Case, user: User) -> None:
        self.case = case
        self.is_concealed = is_concealed(case, user)

    @property
    def name(self) -> str:
        if self.is_concealed:
            return _("Name kept secret")
        return self.case.applicant.name or _("No name given")

    @property
    def greeting(self) -> str:
        """The name that a text may begin with."""
        return _("applicant") if self.is_concealed else self.case.applicant.name or _("applicant")

    @cached_property
    def _current(self) -> list[ContactPoint]:
        """What has not ended; nothing of whoever asked for secrecy."""
        if self.is_concealed:
            return []
        return _points(self.case.applicant_id)

    @cached_property
    def points(self) -> list[ContactPoint]:
        """Contacts in use, the verified ones first."""
        found = [p for p in self._current if p.state != ContactState.DISPUTED]
        return sorted(found, key=lambda p: (p.state != ContactState.VERIFIED, p.created_at))

    @property
    def disowned(self) -> list[Way]:
        """Contacts whose recipient said that they are not the applicant's: nothing goes there."""
        found = [p for p in self._current if p.state == ContactState.DISPUTED]
        return [Way(point.kind, masked_point(point), point.state) for point in found]

    @property
    def lives_at_account(self) -> bool:
        """Whether the address of the account would say the same once more."""
        account = self.case.account
        return account is not None and account.address in [way.shown for way in self.ways]

    @property
    def is_verified(self) -> bool:
        return any(point.state == ContactState.VERIFIED for point in self.points)

    @cached_property
    def ways(self) -> list[Way]:
        """Phones and mailboxes, masked, and where they live."""
        return [Way(point.kind, masked_point(point), point.state) for point in self.points]

    @property
    def written_to(self) -> list[Way]:
        """Where a message may go: no postal address."""
        return [way for way in self.ways if way.kind != ContactKind.ADDRESS]

    @property
    def numbers(self) -> list[Number]:
        """Phone numbers, for the form with which somebody calls; masked until they ask."""
        phones = [point for point in self.points if point.kind == ContactKind.PHONE]
        return [_number(point) for point in phones]

    def without_name(self, text: str) -> str:
        """A text in which the name of a secret reporter does not stand."""
        return without_name(text, self.case.applicant.name) if self.is_concealed else text

    def readable(self, text: str) -> str:
        """Prose of a case as the reader may see it: numbers masked, and without that name."""
        return self.without_name(masks.mask_in_text(text))


def masked_address(channel: str, address: str) -> str:
    """A phone number or mailbox of a message."""
    return masks.mask_phone(address) if channel == "sms" else masks.mask_email(address)


def replaced_contact(recipient: str) -> str:
    """Who is told of a correction, as a message names them."""
    if recipient.startswith("former:"):
        return _("The former contact")
    return _("The new contact")


def masked_point(point: ContactPoint) -> str:
    """A contact as a page shows it; postal addresses stay readable."""
    if point.kind == ContactKind.PHONE:
        return masks.mask_phone(point.value)
    if point.kind == ContactKind.EMAIL:
        return masks.mask_email(point.value)
    return point.address


def _number(point: ContactPoint) -> Number:
    phone = parse_phone(point.value)
    is_verified = point.state == ContactState.VERIFIED
    masked = masks.mask_phone(point.value)
    return Number(phone.national, phone.e164 or "", masked, is_verified)
