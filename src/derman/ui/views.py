"""Pages that belong to no subject: the theme switch, the gallery, what happens when all fails."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from derman.ui.gallery import SampleForm, sample
from derman.ui.templatetags.ui import THEME_COOKIE, THEMES

SECRET_WORDS = ("password", "code", "csrf", "token", "secret")
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of light or dark in a cookie; any other word gives it back to the system."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    choice = request.POST.get("theme", "")
    if choice in THEMES:
        response.set_cookie(
            THEME_COOKIE, choice, max_age=timedelta(days=365), samesite="Lax", secure=settings.HTTPS
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def too_many(request: HttpRequest, wait: timedelta | None = None) -> HttpResponse:
    """Somebody tried too often; says how long to wait when that is known."""
    response = render(request, "429.html", {"wait": wait}, status=429)
    if wait:
        response["Retry-After"] = str(max(1, int(wait.total_seconds())))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: too much in one request has a page of its own."""
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form had expired: show what was typed, so that nothing is lost.

    Only to a browser that says the form was ours; nobody else's words appear on our page.
    """
    typed = _typed(request) if _sent_from_here(request) else []
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


def _sent_from_here(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin in (None, f"{request.scheme}://{request.get_host()}")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
        if value.strip()
    ]


def gallery(request: HttpRequest, page: str = "") -> HttpResponse:
    """Every component in use, to be looked at; on a demo or a developer's machine only."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    wrong = SampleForm({"account": "12", "speaker": "", "topic": ""})
    context = {**sample(), "form": SampleForm(), "wrong": wrong}
    template = {"portal": "ui/gallery/portal.html", "desk": "ui/gallery/desk.html"}.get(page)
    return render(request, template or "ui/gallery/index.html", context)
