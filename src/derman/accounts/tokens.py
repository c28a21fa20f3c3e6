"""Tokens of other systems: made once, kept as digests, found by digest."""

import hashlib
import secrets
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from derman.accounts.models import CALLS_A_MINUTE, Membership, Token, User
from derman.words.rights import Role

LOOK_AGAIN = 2.0  # seconds
NOTE_AGAIN = timedelta(hours=1)
MOST_KNOWN = 1_000


class _Known(NamedTuple):
    """A token that worked when this process looked."""

    token: Token
    looked_at: float


_known: dict[str, _Known] = {}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add(
    name: str,
    role: Role,
    *,
    at: datetime,
    unit: str = "",
    per_minute: int = CALLS_A_MINUTE,
) -> str:
    """Make a service user with one role and return its token, which is not kept.

    An empty unit means every unit.
    """
    user = User(username=f"service:{name}", is_service=True)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=role, unit=unit)
    token = f"derman_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        user=user, name=name, digest=_digest(token), created_at=at, per_minute=per_minute
    )
    return token


def revoke(name: str, *, at: datetime) -> bool:
    """End a token; False when none that works has this name."""
    revoked = Token.objects.filter(name=name, revoked_at=None).update(revoked_at=at)
    forget()
    return bool(revoked)


def find_user(token: str, *, at: datetime) -> User | None:
    """The service user of a working token, with its memberships."""
    found = find(token, at=at)
    return found.user if found else None


def find(token: str, *, at: datetime) -> Token | None:
    """A working token with its service user; that it was used is noted.

    Remembered for two seconds, so a revoked token is refused everywhere within that time.
    """
    digest, now = _digest(token), time.monotonic()
    known = _known.get(digest)
    if known and now - known.looked_at < LOOK_AGAIN:
        return known.token
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
    _known[digest] = _Known(found, now)
    return found


def _note_use(token: Token, at: datetime) -> None:
    if token.used_at is None or at - token.used_at >= NOTE_AGAIN:
        Token.objects.filter(pk=token.pk).update(used_at=at)


def forget() -> None:
    """Drop what this process remembers, as after a revocation (or between two tests)."""
    _known.clear()
