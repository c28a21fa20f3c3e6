"""What every page of the desk has around it: a signed-in person with the right, and the frame.

A view is decorated with `page(verb=…)` and ends with `render(request, template, context)`. The
decorator gives the request the moment (`at`) and the published profile (`profile`); the view's
attribute `right` says what it asks for, so that a test can compare every address with the table.

A page that is one of the views on the left says which in its context, as `current`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from derman.accounts import absence, rights
from derman.accounts.models import User
from derman.desk import views_menu
from derman.profile import publishing
from derman.profile.publishing import Published
from derman.words.life import Verb
from derman.words.rights import Place


class DeskRequest(HttpRequest):
    """A request as a desk view gets it."""

    user: User
    at: datetime
    profile: Published
    htmx: HtmxDetails


class View(Protocol):
    def __call__(self, request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def page(
    verb: Verb | None = None, place: Place = Place.DESK
) -> Callable[[View], Callable[..., HttpResponse]]:
    """Let in who may enter the place and use the verb; speak their language and their time."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            _check(request.user, verb, place)
            response = view(_prepared(request), *args, **kwargs)
            add_never_cache_headers(response)  # personal data stays in no browser
            return response

        guarded.right = verb or place  # type: ignore[attr-defined]
        return guarded

    return decorate


def render(
    request: DeskRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page, or a fragment of one, with what the frame shows."""
    organisation = request.profile.profile.organisation
    language = translation.get_language() or organisation.language
    frame: dict[str, Any] = {
        "organisation": request.profile.profile.text(organisation.short_name, language),
        "may_register": rights.may(request.user, Verb.OPEN),
    }
    if "#" not in template:  # a whole page
        read = (context or {}).get("menu")
        menu = read or views_menu.menu(request.user, request.at)
        frame.update(views=menu.items, promises=menu.promises, has_pins=bool(menu.pins))
    return render_template(request, template, {**frame, **(context or {})}, status=status)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A partial update cannot show the sign-in page: the whole page goes there."""
    if cast("DeskRequest", request).htmx:
        return HttpResponseClientRedirect(resolve_url("account_login"))
    return redirect_to_login(request.get_full_path())


def _check(user: User, verb: Verb | None, place: Place) -> None:
    allowed = rights.may_enter(user, place) and (verb is None or rights.may(user, verb))
    if user.is_service or not allowed:
        raise PermissionDenied


def _prepared(request: HttpRequest) -> DeskRequest:
    ready = cast("DeskRequest", request)
    ready.at = timezone.now()
    ready.profile = publishing.current()
    today = absence.day_of(ready.at, ready.profile.profile)
    ready.user.stands_in_for = absence.stands_in_for(ready.user, today)
    translation.activate(ready.user.language)
    ready.LANGUAGE_CODE = ready.user.language
    timezone.activate(ready.profile.profile.organisation.timezone)
    return ready


def go(request: DeskRequest, address: str) -> HttpResponse:
    """On to the next page, also from a partial update."""
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
