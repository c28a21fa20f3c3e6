"""Following a case: number and key show state and dates, a code or a link the details.

A wrong number and a wrong key get the same answer, byte for byte, by the same queries.
"""

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from derman.cases import access_codes, tracked
from derman.cases.models import Case
from derman.lib.identifiers import read_follow_key, read_number
from derman.lib.masks import mask_email, mask_phone
from derman.outbox import codes
from derman.people import contacts
from derman.portal import following, grants, guessing, timeline
from derman.portal.page import language_of, show
from derman.profile import publishing
from derman.profile.publishing import Published
from derman.ui.forms import CodeInput, DigitsInput

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
# What the page shows to whoever has number and key, and what decides on its links.
ON_THE_PAGE = (
    "number", "topic", "state", "received_at", "due_at", "promised_at", "silent_at",
    "resolved_at", "closed_at", "closing_reason", "merged_into",
)  # fmt: skip
NO_KEY = "\0\0\0\0"  # compared with where there is no case


class FindForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        help_text=gettext_lazy("Nine digits, for example 264 839 172."),
        error_messages={"required": gettext_lazy("Enter the number of your report.")},
        widget=DigitsInput({"class": "w-20"}),
    )
    follow_key = forms.CharField(
        label=gettext_lazy("Follow key"),
        max_length=20,
        help_text=gettext_lazy("The four letters and digits that we gave you with the number."),
        error_messages={"required": gettext_lazy("Enter the follow key.")},
        widget=forms.TextInput(
            {"class": "w-10", "autocomplete": "off", "spellcheck": "false", "data-secret": ""}
        ),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the six digits.")},
        widget=CodeInput(),
    )


@never_cache
@get_or_post
def find(request: HttpRequest) -> HttpResponse:
    """Ask for number and key. What was typed is not shown again, so all wrong answers are one."""
    asked = {"number": request.GET.get("n", "")[:40]}
    if request.method != "POST":
        form = FindForm(initial=asked)
        form.fields["follow_key" if asked["number"] else "number"].widget.attrs["autofocus"] = True
        return show(request, "portal/track/find.html", {"form": form})
    at = timezone.now()
    form = FindForm(request.POST)
    if not form.is_valid():
        return show(request, "portal/track/find.html", {"form": form}, status=422)
    typed = form.cleaned_data["number"]
    number = read_number(typed) or ""
    limits = guessing.of_number(request, number or typed)
    if too_often := guessing.refusal(request, limits, at):
        return too_often
    found = _match(number, form.cleaned_data["follow_key"])
    if found is None:
        guessing.count(limits, at)
        context = {"form": FindForm(initial=asked), "is_wrong": True}
        return show(request, "portal/track/find.html", context, status=422)
    grants.give(request, found, details=False, at=at)
    return redirect("portal:case", found.number)


def _match(number: str, typed_key: str) -> Case | None:
    found = Case.objects.filter(number=number).first()
    held = found.follow_key if found else NO_KEY
    key = read_follow_key(typed_key) or ""
    return found if constant_time_compare(held, key) else None


def granted(
    request: HttpRequest, number: str, at: datetime, *columns: str
) -> tuple[Case | None, bool]:
    """The case if this session may follow it, and whether its details are open.

    Where they are not, `columns` are all that is read of it.
    """
    grant = grants.find(request, number, at=at)
    if grant is None:
        return None, False
    if columns and not grant.details:
        return tracked.find(UUID(grant.case_id), columns), False
    return Case.objects.filter(pk=grant.case_id).first(), grant.details


def ask_again(number: str) -> HttpResponse:
    """Back to the first page: the session may not see this number (any more)."""
    return redirect(f"{reverse('portal:track')}?n={number}")


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The state as a sentence, the dates, what we need, what happened."""
    at = timezone.now()
    found, is_open = granted(request, number, at, *ON_THE_PAGE)
    if found is None:
        return ask_again(number)
    profile = publishing.current().profile
    details = following.look_into(found, what="track.details", at=at) if is_open else None
    language = language_of(profile)
    topic = profile.topic(found.topic)
    goes_on = following.goes_on(found)
    expected_at = found.promised_at or found.due_at
    context = {
        "case": found,
        "state": timeline.state_of(found, goes_on.state if goes_on else None),
        "goes_on": goes_on,
        "expected_at": expected_at,
        "is_late": expected_at < at,
        "is_awaited": found.state == "awaiting_applicant",
        "is_resolved": found.state == "resolved",
        "entries": timeline.entries(tracked.events(found.pk)),
        "details": details,
        "results": timeline.results(details.outcomes, profile, language) if details else [],
        "ended": timeline.why_ended(found) if details and not goes_on else "",
        "topic": profile.text(topic.label, language) if topic else "",
        "may_add": following.may_add(found),
        "may_refuse": following.may_refuse(found, profile, at=at),
    }
    return show(request, "portal/track/case.html", context)


@never_cache
@get_or_post
def code(request: HttpRequest, number: str) -> HttpResponse:
    """Send a code to a contact on file, shown masked; the applicant chooses which."""
    at = timezone.now()
    found, is_open = granted(request, number, at)
    if found is None:
        return ask_again(number)
    if is_open:
        return redirect("portal:case", number)
    published = publishing.current()
    ways = _ways(found, published)
    if request.method != "POST" or not ways:
        context = {"case": found, "ways": ways}
        return show(request, "portal/track/code.html", context)
    limits = guessing.of_sending(number)
    if too_often := guessing.refusal(request, limits, at):
        return too_often
    guessing.count(limits, at)
    wanted = request.POST.get("way", "")
    wire = next((way["wire"] for way in ways if way["wire"] == wanted), ways[0]["wire"])
    codes.send_code(found, at=at, profile=published, wire=wire)  # type: ignore[arg-type]
    return redirect("portal:entry", number)


def _ways(found: Case, published: Published) -> list[dict[str, str]]:
    """The wires that reach the applicant, with the address masked."""
    addresses = following.reachable(found, published.profile).addresses
    ways = []
    if "sms" in addresses:
        label = _("By text message to {address}").format(address=mask_phone(addresses["sms"]))
        ways.append({"wire": "sms", "label": label})
    if "email" in addresses:
        label = _("By e-mail to {address}").format(address=mask_email(addresses["email"]))
        ways.append({"wire": "email", "label": label})
    return ways


@never_cache
@get_or_post
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """Take the code: used once, good for ten minutes; all wrong ones get one answer."""
    at = timezone.now()
    found, is_open = granted(request, number, at)
    if found is None:
        return ask_again(number)
    if is_open:
        return redirect("portal:case", number)
    if request.method != "POST":
        return show(request, "portal/track/entry.html", {"case": found, "form": CodeForm()})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show(request, "portal/track/entry.html", {"case": found, "form": form}, status=422)
    limits = guessing.of_code(request, number)
    if too_often := guessing.refusal(request, limits, at):
        return too_often
    digits = "".join(letter for letter in form.cleaned_data["code"] if letter.isdecimal())
    used = access_codes.use(number, digits, at)
    if used is None:
        guessing.count(limits, at)
        context = {"case": found, "form": CodeForm(), "is_wrong": True}
        return show(request, "portal/track/entry.html", context, status=422)
    contacts.prove(used.contact_point, at=at)
    grants.give(request, found, details=True, at=at)
    return redirect("portal:case", number)


@never_cache
@get_or_post
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A single-use link. Opening the page uses nothing up: mail scanners open every link."""
    if request.method != "POST":
        return show(request, "portal/track/link.html")
    at = timezone.now()
    used = access_codes.use("", token, at)
    if used is None:
        return show(request, "portal/track/link_used.html", status=410)
    grants.give(request, used.case, details=True, at=at)
    return redirect("portal:case", used.case.number)
