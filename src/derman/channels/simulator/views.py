"""The simulator's two pages. They exist in a demo only, and ask for no sign-in."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from derman.channels.simulator import reading
from derman.profile import publishing

View = Callable[[HttpRequest], HttpResponse]


def demo_only(view: View) -> View:
    """To everybody else there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return guarded


@require_safe
@never_cache
@demo_only
def messages(request: HttpRequest) -> HttpResponse:
    """What was sent, newest last: for scripts that read codes and texts."""
    found = [
        {
            "to": message.address,
            "channel": message.channel,
            "body": message.body,
            "at": message.sent_at.isoformat() if message.sent_at else None,
        }
        for message in reading.sent_to(_to(request))
    ]
    return JsonResponse(found, safe=False)


@require_safe
@never_cache
@demo_only
def index(request: HttpRequest) -> HttpResponse:
    """The phones and mailboxes, as their owners would see them."""
    to = _to(request)
    organisation = publishing.current().profile.organisation
    context = {
        "devices": reading.devices(to),
        "to": to,
        "organisation": organisation.short_name[organisation.language],
    }
    part = "#devices" if request.headers.get("X-Poll") else ""
    return render(request, f"simulator/index.html{part}", context)


def _to(request: HttpRequest) -> str:
    to = request.GET.get("to", "").strip()[:254]
    # A plus sign that a script did not escape arrives as a blank.
    return f"+{to}" if to.isdecimal() and len(to) > 10 and not to.startswith("0") else to
