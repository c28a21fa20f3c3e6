"""My account: who one is here, the second step, where one is signed in, what one prefers."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from derman.accounts import absence, factors, oidc, rights, staff
from derman.accounts.models import Absence, User
from derman.desk import frame
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels
from derman.words.rights import Place as Right
from derman.words.rights import Role

BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = {"Android": "Android", "iPhone": "iOS", "iPad": "iPadOS", "Windows": "Windows"}
SYSTEMS |= {"Macintosh": "macOS", "Linux": "Linux"}


@dataclass(frozen=True)
class Place:
    """A browser in which the person is signed in."""

    device: str
    address: str
    since: datetime
    is_this: bool


@require_GET
@frame.page()
def account(request: DeskRequest) -> HttpResponse:
    """Everything about oneself that one may see or change."""
    user = request.user
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "current": "account",
        "posts": _posts(request),
        "app": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one.wrap() for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "has_factor": len(found) > (1 if codes else 0),
        "must_have_factor": factors.must_have(user),
        "places": _places(request),
        "provider": oidc.name() if oidc.is_configured() else "",
        "provider_link": reverse("openid_connect_login", args=[oidc.key()]),
        "is_linked": oidc.is_configured() and bool(oidc.subject_of(user)),
        "languages": settings.LANGUAGES,
        "absences": _absences(request),
        "may_enter_absences": rights.may_enter(user, Right.ABSENCES),
    }
    return frame.render(request, "desk/account/page.html", context)


@require_POST
@frame.page()
def sign_out_elsewhere(request: DeskRequest) -> HttpResponse:
    """End every session of the person but this one."""
    factors.end_sessions(request.user, but=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("mfa_index")


@require_POST
@frame.page()
def unlink(request: DeskRequest) -> HttpResponse:
    """End the sign-in by the identity provider, where a password remains to sign in by."""
    if request.user.has_usable_password():
        staff.link_provider(request.user, "", by=request.user, at=request.at)
        messages.success(request, _("The link was removed."))
    else:
        messages.error(request, _("You have no password; without the link you could not sign in."))
    return redirect("mfa_index")


def end_other_sessions_after(request: DeskRequest, user: User) -> None:
    """After a new password: its own session goes on under a new key, every other one ends."""
    UserSession.objects.create_from_request(request)
    factors.end_sessions(user, but=request.session.session_key or "")


def _posts(request: DeskRequest) -> list[tuple[str, str]]:
    labels = Labels.for_reader(request.profile.profile)
    return [
        (_(Role(post.role).label), labels.unit(post.unit) if post.unit else _("everywhere"))
        for post in request.user.posts
    ]


def _absences(request: DeskRequest) -> list[Absence]:
    today = absence.day_of(request.at, request.profile.profile)
    coming = request.user.absences.filter(ends_on__gte=today).select_related("cover")
    return list(coming.order_by("starts_on"))


def _places(request: DeskRequest) -> list[Place]:
    """The sessions that still are; those of a former password have ended with it."""
    kept = UserSession.objects.filter(user=request.user).order_by("-created_at")
    alive = Session.objects.filter(
        session_key__in=[one.session_key for one in kept], expire_date__gt=request.at
    )
    keys = set(alive.values_list("session_key", flat=True))
    here = request.session.session_key
    return [
        Place(device_of(one.user_agent), one.ip, one.created_at, one.session_key == here)
        for one in kept
        if one.session_key in keys
    ]


def device_of(user_agent: str) -> str:
    """Browser and system, as far as a browser tells."""
    browser = next((name for name in BROWSERS if f"{name}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    known = [NAMES.get(browser, browser), system]
    return ", ".join(filter(None, known)) or _("Another program")


# Here a second factor is set up, and left from.
for _view in (account, sign_out_elsewhere):
    _view.is_before_second_factor = True  # type: ignore[attr-defined]
