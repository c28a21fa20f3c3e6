"""Tokens of other systems: made once, kept as digests, found by digest."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from derman.accounts.models import Membership, Token, User
from derman.words.rights import Role


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
    return bool(Token.objects.filter(name=name, revoked_at=None).update(revoked_at=at))


def find_user(token: str) -> User | None:
    """The service user of a working token, with its memberships, in two queries."""
    return (
        User.objects.filter(tokens__digest=_digest(token), tokens__revoked_at=None, is_active=True)
        .prefetch_related("memberships")
        .first()
    )
