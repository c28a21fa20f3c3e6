"""Tokens of other systems: made once, kept as digests, found by digest."""

import hashlib
import secrets
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from derman.accounts.models import Membership, Token, User
from derman.words.rights import Role

LOOK_AGAIN = 2.0  # seconds
NOTE_AGAIN = timedelta(hours=1)
MOST_KNOWN = 1_000


class _Known(NamedTuple):
    """A user whose token worked when this process looked."""

    user: User
    looked_at: float


_known: dict[str, _Known] = {}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add(name: str, role: Role, *, at: datetime, unit: str = "") -> str:
    """Make a service user with one role and return its token, which is not kept.

    An empty unit means every unit.
    """
    user = User(username=f"service:{name}", is_service=True)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=role, unit=unit)
    token = f"derman_{secrets.token_urlsafe(32)}"
    Token.objects.create(user=user, name=name, digest=_digest(token), created_at=at)
    return token


def revoke(name: str, *, at: datetime) -> bool:
    """End a token; False when none that works has this name."""
    revoked = Token.objects.filter(name=name, revoked_at=None).update(revoked_at=at)
    forget()
    return bool(revoked)


def find_user(token: str, *, at: datetime) -> User | None:
    """The service user of a working token, with its memberships; that it was used is noted.

    Remembered for two seconds, so a revoked token is refused everywhere within that time.
    """
    digest, now = _digest(token), time.monotonic()
    known = _known.get(digest)
    if known and now - known.looked_at < LOOK_AGAIN:
        return known.user
    found = (
        Token.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
        .select_related("user")
        .prefetch_related("user__memberships")
        .first()
    )
    if len(_known) >= MOST_KNOWN:
        forget()
    if found is None:
        return None
    _note_use(found, at)
    _known[digest] = _Known(found.user, now)
    return found.user


def _note_use(token: Token, at: datetime) -> None:
    if token.used_at is None or at - token.used_at >= NOTE_AGAIN:
        Token.objects.filter(pk=token.pk).update(used_at=at)


def forget() -> None:
    """Drop what this process remembers, as after a revocation (or between two tests)."""
    _known.clear()
