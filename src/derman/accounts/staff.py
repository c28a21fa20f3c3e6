"""What an administrator does to users: add, change, end, give roles, reset. Each is written down.

Nobody can take the last administrator away: whoever tries is told so, and nothing changes.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts import factors, oidc, tokens
from derman.accounts.models import AccessEvent, Membership, PasswordLink, Token, User
from derman.words.access import AccessChange
from derman.words.rights import Role

LINK_LASTS = timedelta(hours=24)


class CannotChange(Exception):
    """Not possible; the message is fit for whoever asked."""


def record(
    user: User, change: AccessChange, *, by: User | None, at: datetime, **details: Any
) -> None:
    """Write down what happened to a user's access; `details` are keys, never names."""
    AccessEvent.objects.create(user=user, type=change, by=by, at=at, details=details)


@transaction.atomic
def add(details: Mapping[str, str], *, by: User, at: datetime) -> User:
    """Make a user who cannot sign in yet: they need a role, and a link for a password."""
    user = User(**details)
    user.set_unusable_password()
    user.save()
    record(user, AccessChange.ADDED, by=by, at=at)
    return user


@transaction.atomic
def change(user: User, details: Mapping[str, str], *, by: User, at: datetime) -> list[str]:
    """Change what is known of a user; returns the fields that changed."""
    changed = [name for name, value in details.items() if getattr(user, name) != value]
    if changed:
        for name in changed:
            setattr(user, name, details[name])
        user.save(update_fields=changed)
        record(user, AccessChange.CHANGED, by=by, at=at, fields=changed)
    return changed


@transaction.atomic
def end_access(user: User, *, by: User, at: datetime) -> None:
    """Let the user sign in no more; every session and unused link ends at once."""
    _keep_an_administrator(but=user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    PasswordLink.objects.filter(user=user, used_at=None).update(used_at=at)
    factors.end_sessions(user)
    tokens.forget()
    record(user, AccessChange.ENDED, by=by, at=at)


@transaction.atomic
def give_access_again(user: User, *, by: User, at: datetime) -> None:
    """Let a former user sign in again, with what they had."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    record(user, AccessChange.TAKEN_BACK, by=by, at=at)


@transaction.atomic
def give_post(user: User, role: Role, unit: str, *, by: User, at: datetime) -> Membership:
    """Let the user be `role` in the unit; an empty unit means everywhere."""
    post, made = Membership.objects.get_or_create(user=user, role=role, unit=unit)
    if not made:
        raise CannotChange(_("They have this role there already."))
    record(user, AccessChange.POST_GIVEN, by=by, at=at, role=role, unit=unit)
    return post


@transaction.atomic
def take_post(post: Membership, *, by: User, at: datetime) -> None:
    """Take a role away; it ends with the next page that they open."""
    if post.role == Role.ADMIN and not post.unit:
        _keep_an_administrator(but=post.user, without=post)
    post.delete()
    tokens.forget()
    record(post.user, AccessChange.POST_TAKEN, by=by, at=at, role=post.role, unit=post.unit)


@transaction.atomic
def reset_factors(user: User, *, by: User | None, at: datetime) -> None:
    """Take the second step away from somebody who lost theirs; all sessions end."""
    if not factors.reset(user):
        raise CannotChange(_("There is no second step to reset."))
    record(user, AccessChange.FACTORS_RESET, by=by, at=at)


@transaction.atomic
def link_provider(user: User, subject: str, *, by: User, at: datetime) -> None:
    """Let the identity provider's subject sign in as the user; an empty one ends that."""
    if oidc.subject_of(user) == subject:
        return
    oidc.link(user, subject)
    done = AccessChange.PROVIDER_LINKED if subject else AccessChange.PROVIDER_UNLINKED
    record(user, done, by=by, at=at)


@transaction.atomic
def make_password_link(user: User, *, by: User, at: datetime) -> str:
    """The secret of a new link, which is not kept; older links of the user end."""
    if user.is_service or not user.is_active:
        raise CannotChange(_("They cannot sign in."))
    PasswordLink.objects.filter(user=user, used_at=None).update(used_at=at)
    secret = secrets.token_urlsafe(32)
    PasswordLink.objects.create(
        user=user, digest=_digest(secret), made_at=at, expires_at=at + LINK_LASTS
    )
    record(user, AccessChange.LINK_MADE, by=by, at=at)
    return secret


def find_password_link(secret: str, *, at: datetime) -> PasswordLink | None:
    """The link of this secret, while it may be used."""
    found = PasswordLink.objects.filter(
        digest=_digest(secret), used_at=None, expires_at__gt=at, user__is_active=True
    )
    return found.select_related("user").first()


@transaction.atomic
def use_password_link(link: PasswordLink, password: str, *, at: datetime) -> None:
    """Set the password; every session of the user ends, and the link with them.

    Raises CannotChange where the link was used meanwhile.
    """
    if not PasswordLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise CannotChange(_("This link was used already."))
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    factors.end_sessions(user)
    record(user, AccessChange.PASSWORD_SET, by=user, at=at)


@transaction.atomic
def make_token(name: str, role: Role, unit: str, *, per_minute: int, by: User, at: datetime) -> str:
    """Make a service user with a token and return it; it is not kept."""
    if Token.objects.filter(name=name).exists():
        raise CannotChange(_("There is a token of this name; names are used once."))
    secret = tokens.add(name, role, at=at, unit=unit, per_minute=per_minute)
    user = User.objects.get(tokens__name=name)
    record(user, AccessChange.TOKEN_MADE, by=by, at=at, token=name, role=role, unit=unit)
    return secret


@transaction.atomic
def revoke_token(token: Token, *, by: User, at: datetime) -> None:
    """End a token at once."""
    if not tokens.revoke(token.name, at=at):
        raise CannotChange(_("This token is revoked already."))
    record(token.user, AccessChange.TOKEN_REVOKED, by=by, at=at, token=token.name)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _keep_an_administrator(*, but: User, without: Membership | None = None) -> None:
    """Raise where nobody would be left who may do everything everywhere.

    The rows are locked, so that two administrators cannot remove each other at once.
    """
    posts = Membership.objects.select_for_update().filter(role=Role.ADMIN, unit="")
    posts = posts.filter(user__is_active=True, user__is_service=False)
    left = [p for p in posts if (p.pk != without.pk if without else p.user_id != but.pk)]
    if not left and any(p.user_id == but.pk for p in posts):
        raise CannotChange(_("This is the last administrator; make another one first."))
