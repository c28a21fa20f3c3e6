"""One-time codes and single-use links, by which an applicant sees the details of a case.

Only keyed digests are kept, so a copy of the database opens nothing. Limits on guessing are the
portal's (`audit.guesses`). A link is used up by a button on its page, never by opening the page:
mail scanners open every link.
"""

import secrets
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from derman.cases.models import AccessCode, Case
from derman.people.models import ContactPoint

CODE_LIVES = timedelta(minutes=10)  # ASVS V6.5.5
LINK_LIVES = timedelta(days=14)
CODE_DIGITS = 6
TOKEN_BYTES = 32
SALT = "derman.cases.access_codes"


def make_code(case: Case, contact_point: ContactPoint, at: datetime) -> str:
    """Six digits to be sent to a contact on file, good once and for ten minutes."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        digest = _digest(case.number, code)
        if not AccessCode.objects.filter(digest=digest).exists():  # an old one had the same digits
            _add(case, contact_point, digest, at, at + CODE_LIVES)
            return code


def make_link(case: Case, contact_point: ContactPoint, at: datetime) -> str:
    """A token for a link, good once and for fourteen days; opening it proves the contact."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _add(case, contact_point, _digest("", token), at, at + LINK_LIVES)
    return token


def use(case_number: str, secret: str, at: datetime) -> AccessCode | None:
    """Use up a code of this case, or a link's token where the number is empty.

    Right or wrong, it takes the same two queries.
    """
    digest = _digest(case_number, secret)
    used = AccessCode.objects.filter(
        digest=digest, used_at=None, made_at__lte=at, expires_at__gt=at
    ).update(used_at=at)
    found = AccessCode.objects.select_related("case", "contact_point").filter(digest=digest).first()
    return found if used else None


def _add(case: Case, point: ContactPoint, digest: str, at: datetime, until: datetime) -> None:
    AccessCode.objects.create(
        case=case, contact_point=point, digest=digest, made_at=at, expires_at=until
    )


def _digest(case_number: str, secret: str) -> str:
    return salted_hmac(SALT, f"{case_number}|{secret}", algorithm="sha256").hexdigest()
