"""What django-allauth asks us about signing in: who may, from where, and what comes after."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.words.rights import DEMO_PASSWORD, Role


def is_loopback(request: HttpRequest) -> bool:
    """Whether server, browser and the address that was typed are all this machine."""
    host, _ = split_domain_port(request.get_host())
    asked = (settings.HOST, host, request.META.get("REMOTE_ADDR", ""))
    return all(_names_this_machine(name) for name in asked)


def shows_demo(request: HttpRequest) -> bool:
    """Whether the demo sign-ins work here, and so may be shown."""
    return settings.DEMO and is_loopback(request)


class Adapter(DefaultAccountAdapter):
    """Staff only: no sign-up, no service users, demo sign-ins on this machine alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user, or nobody: all reasons look alike to whoever guesses."""
        user = super().authenticate(request, **credentials)
        if user is None or not _may_sign_in(request, user):
            return None
        demo = credentials.get("password") == DEMO_PASSWORD
        return None if settings.DEMO and demo and not is_loopback(request) else user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The same rule for whoever comes by a passkey or the identity provider."""
        if not _may_sign_in(request, user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("Signing in was not possible."))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The desk speaks the language that the person chose, from the first page on."""
        response = super().post_login(request, user, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Always before it is changed how somebody signs in."""
        return True

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return settings.LOGIN_REDIRECT_URL

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough."""


def _may_sign_in(request: HttpRequest, user: User) -> bool:
    if not user.is_active or user.is_service:
        return False
    demo = settings.DEMO and user.username in tuple(Role)
    return not demo or is_loopback(request)


def _names_this_machine(name: str) -> bool:
    bare = name.strip("[]")
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False
