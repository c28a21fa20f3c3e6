"""“This message is not for me”: pages for whoever got a message that was meant for somebody else.

Opening them changes nothing and shows nothing about any case; every answer to the form is the same,
so that nobody learns from it what is on file.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from derman.cases.models import Case
from derman.lib.identifiers import read_follow_key, read_number
from derman.outbox import disowning
from derman.portal import guessing
from derman.portal.page import show
from derman.portal.track import NO_KEY
from derman.profile import publishing
from derman.ui.forms import DigitsInput

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


class NotMineForm(forms.Form):
    """What stands in the message, and where it arrived."""

    number = forms.CharField(
        label=gettext_lazy("Number in the message"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the number that stands in the message.")},
        widget=DigitsInput({"class": "w-20"}),
    )
    follow_key = forms.CharField(
        label=gettext_lazy("Follow key in the message"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the key that stands in the message.")},
        widget=forms.TextInput(
            {"class": "w-10", "autocomplete": "off", "spellcheck": "false", "data-secret": ""}
        ),
    )
    address = forms.CharField(
        label=gettext_lazy("Your phone number or e-mail address"),
        help_text=gettext_lazy("The one at which the message reached you."),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter where the message reached you.")},
        widget=forms.TextInput({"autocomplete": "off", "data-secret": ""}),
    )


@never_cache
@get_or_post
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an e-mail: a page with a button, and the button does it once."""
    if request.method != "POST":
        return show(request, "portal/not_mine/link.html")
    if not disowning.by_link(token, at=timezone.now(), profile=publishing.current()):
        return show(request, "portal/not_mine/used.html", status=410)
    return show(request, "portal/not_mine/done.html")


@never_cache
@get_or_post
def by_number(request: HttpRequest) -> HttpResponse:
    """For a text message, which has no room for such a link."""
    form = NotMineForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return show(request, "portal/not_mine/form.html", {"form": form}, status=status)
    at, said = timezone.now(), form.cleaned_data
    number = read_number(said["number"]) or ""
    limits = guessing.of_number(request, number or said["number"])
    if too_often := guessing.refusal(request, limits, at):
        return too_often
    found = _match(number, said["follow_key"])
    done = found is not None and disowning.by_address(
        found, said["address"], at=at, profile=publishing.current()
    )
    if not done:
        guessing.count(limits, at)
    return show(request, "portal/not_mine/sent.html")


def _match(number: str, typed_key: str) -> Case | None:
    found = Case.objects.filter(number=number).first()
    held = found.follow_key if found else NO_KEY
    return found if constant_time_compare(held, read_follow_key(typed_key) or "") else None
