"""Who calls: a bearer token of a service user."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from derman.accounts import tokens
from derman.accounts.models import User
from derman.api import limits
from derman.api.limits import Standing
from derman.profile import publishing
from derman.profile.publishing import Published


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`; tokens are made with `derman token add`."""

    openapi_description = "A token made with `derman token add NAME --role ROLE`."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        if "\x00" in token or len(token) > 200:
            return None
        at = timezone.now()
        found = tokens.find(token, at=at)
        if found is None:
            return None
        standing = limits.take(found, at=at)
        cast(Call, request).standing = standing
        if standing.refused:
            raise TooMany
        return found.user


class TooMany(Exception):
    """The token has used up its minute."""


class Call(HttpRequest):
    """A request that `Bearer` looked at."""

    auth: User
    standing: Standing


def headers_of(request: HttpRequest) -> dict[str, str]:
    """How many calls the token has left, once it is known whose it is."""
    standing: Standing | None = getattr(request, "standing", None)
    return standing.headers if standing else {}


def caller(request: HttpRequest) -> User:
    """The service user behind the request."""
    return cast(Call, request).auth


def context(request: HttpRequest) -> dict[str, User | datetime | Published]:
    """What every action needs: `by`, `at` and `profile`."""
    return {"by": caller(request), "at": timezone.now(), "profile": publishing.current()}
