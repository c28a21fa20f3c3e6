"""The second step of signing in: an authenticator app, passkeys, and recovery codes beside them.

allauth.mfa does the work; here is how its secrets rest, who must have a second factor
(`DERMAN_SECOND_FACTOR`) and what happens to somebody who has none yet.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from derman.accounts import rights
from derman.accounts.models import User
from derman.lib import keyfile
from derman.profile import publishing
from derman.words.rights import Role

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SEALED_FOR = "mfa_authenticator|data"


class Adapter(DefaultMFAAdapter):
    """Secrets are sealed, pictures drawn by segno, and the organisation names itself."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not the right code. Please try the next one."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role asks for a second step. Add another one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return keyfile.current(settings.KEYS_FILE).seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        return keyfile.current(settings.KEYS_FILE).open(encrypted_text, SEALED_FOR)

    def build_totp_svg(self, url: str) -> str:
        drawn = BytesIO()
        segno.make(url, micro=False).save(drawn, kind="svg", scale=4, border=4, light="#fff")
        return drawn.getvalue().decode()

    def get_totp_label(self, user: Any) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        try:
            profile = publishing.current().profile
        except publishing.NotPublished:
            return "Derman"
        return profile.text(profile.organisation.short_name, profile.organisation.language)

    def _get_user_identifier(self, user: Any) -> str:
        return user.username

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        return _("Passkey")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor keeps one."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return not must_have(authenticator.user) or others.exclude(pk=authenticator.pk).exists()


def must_have(user: User) -> bool:
    """Whether a role of the user asks for a second factor; those of a demo never do."""
    if settings.DEMO and user.username in tuple(Role):
        return False
    return rights.has_role(user, frozenset(Role(name) for name in settings.SECOND_FACTOR))


def has_one(user: User) -> bool:
    """Whether the user signs in with a second factor."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


@transaction.atomic
def reset(user: User) -> int:
    """Take all second factors away, for somebody who lost theirs; every session ends.

    Returns how many things were taken away.
    """
    gone, _each = Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    return gone


def end_sessions(user: User, *, but: str = "") -> None:
    """Sign the user out everywhere, or everywhere but in the session with this key."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()


class Asked:
    """Lead those who must have a second factor, and have none, to where they add it.

    Who came by the organisation's own identity provider is left alone: it asks for its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR or not hasattr(view, "right"):
            return None
        user = request.user
        if getattr(view, "is_before_second_factor", False) or not user.is_authenticated:
            return None
        if not must_have(user) or _came_by_provider(request) or has_one(user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect("/desk/account/")
        return redirect("mfa_index")


def _came_by_provider(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "socialaccount" for record in records)
