"""One-time codes and single-use links, by which an applicant sees the details of a case.

A link may also open one thing alone, its `purpose`: an offer to be answered, a survey to be filled.
Only keyed digests are kept, so a copy of the database opens nothing. Limits on guessing are the
portal's (`audit.guesses`). A link is used up by a button on its page, never by opening the page:
mail scanners open every link.

Whatever was sent to a contact opens nothing once that contact is no longer on file for the case's
applicant: it was disputed or replaced, or two people who had been taken for one were parted.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac

from derman.cases.models import AccessCode, Case
from derman.people.models import ContactPoint
from derman.words.kinds import ContactState

CODE_LIVES = timedelta(minutes=10)  # ASVS V6.5.5
LINK_LIVES = timedelta(days=14)
CODE_DIGITS = 6
TOKEN_BYTES = 32
SALT = "derman.cases.access_codes"
# Of the applicant, by whichever row of a merged person, and neither replaced nor disputed.
OF_APPLICANT = (
    Q(contact_point__customer=F("case__applicant"))
    | Q(contact_point__customer__merged_into=F("case__applicant"))
    | Q(contact_point__customer=F("case__applicant__merged_into"))
)
ON_FILE = (
    OF_APPLICANT & Q(contact_point__ended_at=None) & ~Q(contact_point__state=ContactState.DISPUTED)
)


def make_code(case: Case, contact_point: ContactPoint, at: datetime) -> str:
    """Six digits to be sent to a contact on file, good once and for ten minutes."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        digest = _digest(case.number, code)
        if not AccessCode.objects.filter(digest=digest).exists():  # an old one had the same digits
            _add(case, contact_point, digest, made_at=at, expires_at=at + CODE_LIVES)
            return code


def make_link(
    case: Case,
    contact_point: ContactPoint,
    at: datetime,
    *,
    purpose: str = "",
    about: UUID | None = None,
    lives: timedelta = LINK_LIVES,
) -> str:
    """A token for a link, good once and for as long as it lives; opening it proves the contact.

    With a `purpose` it opens nothing but the row `about` which it was made.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    digest = _digest("", token)
    _add(
        case,
        contact_point,
        digest,
        made_at=at,
        expires_at=at + lives,
        purpose=purpose,
        about=about,
    )
    return token


def find(token: str, at: datetime, purpose: str) -> AccessCode | None:
    """The link behind a token while it is still good, not used up: for showing its page."""
    return (
        _good(_digest("", token), at, purpose)
        .select_related("case__applicant", "contact_point")
        .first()
    )


def use(case_number: str, secret: str, at: datetime, *, purpose: str = "") -> AccessCode | None:
    """Use up a code of this case, or a link's token where the number is empty.

    Right or wrong, it takes the same two queries.
    """
    digest = _digest(case_number, secret)
    good = _good(digest, at, purpose).values("pk")
    # Asked of the row itself once more, which is what two at once wait for.
    used = AccessCode.objects.filter(pk__in=good, used_at=None).update(used_at=at)
    found = AccessCode.objects.select_related("case", "contact_point").filter(digest=digest).first()
    return found if used else None


def _good(digest: str, at: datetime, purpose: str) -> QuerySet[AccessCode]:
    known = AccessCode.objects.filter(digest=digest, purpose=purpose)
    return known.filter(ON_FILE, used_at=None, made_at__lte=at, expires_at__gt=at)


def _add(case: Case, point: ContactPoint, digest: str, **more: Any) -> None:
    AccessCode.objects.create(case=case, contact_point=point, digest=digest, **more)


def _digest(case_number: str, secret: str) -> str:
    return salted_hmac(SALT, f"{case_number}|{secret}", algorithm="sha256").hexdigest()
