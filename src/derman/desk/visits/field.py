"""The field team's pages, made for a phone: today's visits, and one visit with its report.

They work without a connection: `worker.js` keeps the pages, and a report waits on the phone until
it has arrived. A report that comes by script is answered in JSON; without scripts the form works
like any other. The same mark twice is one report (`visits.reporting`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.accounts import rights
from derman.audit import access
from derman.cases.actions import CannotDo
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import long_text
from derman.visits import finding, reporting, slots
from derman.visits.models import FieldVisit
from derman.visits.reporting import Report
from derman.words.life import Verb
from derman.words.loop import VisitState

HERE = "/desk/field/"
WORKER = Path(__file__).parents[1] / "static/desk/js/field/worker.js"
FOUND, MISSED = "found", "missed"


class Photos(forms.FileInput):
    """Several pictures, from the camera where there is one."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """What was chosen, as a list."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in chosen]


class ReportForm(forms.Form):
    """What came of the visit, in large controls."""

    mark = forms.UUIDField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[
            (FOUND, gettext_lazy("We were there and looked")),
            (MISSED, gettext_lazy("We met nobody")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of these.")},
    )
    finding = long_text(
        gettext_lazy("What you found"),
        error_messages={"required": gettext_lazy("Write what you found.")},
    )
    met = forms.CharField(
        label=gettext_lazy("Who was there"),
        help_text=gettext_lazy("Name, or for example “neighbour”. May be left empty."),
        max_length=reporting.LONGEST_NAME,
        required=False,
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy("Up to five. The place in which they were taken is removed."),
        required=False,
        widget=Photos({"accept": "image/*", "capture": "environment", "multiple": True}),
    )
    answers = forms.BooleanField(
        label=gettext_lazy("Send the finding as the answer to the question to our unit"),
        required=False,
    )

    def __init__(self, *args: Any, visit: FieldVisit, may_answer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("mark", uuid4())
        self.initial.setdefault("answers", True)
        if not (may_answer and visit.task and visit.task.is_open):
            del self.fields["answers"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("result") == MISSED and not self.data.get("finding"):
            self.errors.pop("finding", None)  # nothing was found where nobody was met
            data["finding"] = ""
        return data

    @property
    def report(self) -> Report:
        data = self.cleaned_data
        return Report(
            mark=data["mark"],
            found=data["result"] == FOUND,
            finding=data["finding"],
            met=data["met"],
            photos=data["photos"],
            answers=data.get("answers", False),
        )


@dataclass(frozen=True)
class Line:
    """One visit in the list."""

    visit: FieldVisit
    url: str
    topic: str
    unit: str
    state: str
    is_late: bool  # of an earlier day and not reported


@never_cache
@require_GET
@page(verb=Verb.REPORT_VISIT)
def today(request: DeskRequest) -> HttpResponse:
    """What the own teams have before them today."""
    profile = request.profile.profile
    visits = finding.of_today(request.user, profile, request.at)
    access.record_list(
        [visit.case.number for visit in visits], what="visits", by=request.user, at=request.at
    )
    labels = Labels.for_reader(profile)
    begins, _ends = slots.day_of(profile, request.at)
    lines = [
        Line(
            visit,
            reverse("desk:field_visit", args=[visit.pk]),
            labels.topic(visit.case.topic),
            labels.unit(visit.unit),
            word(VisitState, visit.state),
            visit.is_planned and visit.begins_at < begins,
        )
        for visit in visits
    ]
    waiting = [line for line in lines if line.visit.is_planned]
    done = [line for line in lines if not line.visit.is_planned]
    return _page(request, "desk/field/list.html", {"waiting": waiting, "done": done})


@never_cache
@require_http_methods(["GET", "POST"])
@page(verb=Verb.REPORT_VISIT)
def visit(request: DeskRequest, visit_id: UUID) -> HttpResponse:
    """One visit: where, at what, and its report."""
    try:
        found = finding.find(request.user, visit_id, at=request.at)
    except Http404:
        if request.accepts("text/html"):
            raise
        return _answer_gone()
    if request.method == "GET":
        return _visit_page(request, found, _form(request, found))
    form = _form(request, found, request.POST, request.FILES)
    is_new, status = True, 200
    if form.is_valid():
        try:
            is_new = reporting.report(
                found, form.report, by=request.user, at=request.at, profile=request.profile
            )
        except CannotDo as reason:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
            status = 409 if reason.code in ("not_planned", "old_version") else 422
    else:
        status = 422
    if request.accepts("text/html"):
        return _answer_page(request, found, form, status)
    return _answer_script(form, status, is_new=is_new)


def _answer_page(
    request: DeskRequest, found: FieldVisit, form: ReportForm, status: int
) -> HttpResponse:
    if status != 200:
        return _visit_page(request, found, form, status=status)
    messages.success(request, _("The report has arrived."))
    return HttpResponseRedirect(reverse("desk:field"))


def _answer_script(form: ReportForm, status: int, *, is_new: bool) -> HttpResponse:
    if status == 200:
        return JsonResponse({"arrived": True, "new": is_new})
    errors = [str(text) for texts in form.errors.values() for text in texts]
    return JsonResponse({"arrived": False, "errors": errors}, status=status)


def _answer_gone() -> HttpResponse:
    """To a phone that could not know it: meanwhile the visit went to another team."""
    text = _("This visit is no longer your team's. Tell whoever planned it what you found.")
    return JsonResponse({"arrived": False, "errors": [text]}, status=404)


@never_cache
@require_GET
@page(verb=Verb.REPORT_VISIT)
def session(request: DeskRequest) -> HttpResponse:
    """Whether somebody is signed in, who, and what their next form has to carry."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@require_GET
def worker(request: DeskRequest) -> HttpResponse:
    """The script that keeps the pages of this place; served where its scope begins."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = HERE
    response["Cache-Control"] = "no-cache"
    return response


def _form(request: DeskRequest, found: FieldVisit, *data: Any) -> ReportForm:
    may_answer = rights.may(request.user, Verb.ANSWER_TASK)
    return ReportForm(*data, visit=found, may_answer=may_answer)


def _visit_page(
    request: DeskRequest, found: FieldVisit, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    case = found.case
    labels = Labels.for_reader(request.profile.profile)
    applicant = Applicant(case, request.user)
    context = {
        "visit": found,
        "case": case,
        "form": form,
        "applicant": applicant,
        "topic": labels.topic(case.topic),
        "unit": labels.unit(found.unit),
        "state": word(VisitState, found.state),
        "account_label": labels.account_number,
        "purpose": applicant.readable(found.purpose),
        "description": applicant.readable(case.description),
        "met": applicant.without_name(found.met),
        "finding": applicant.readable(found.finding),
        "map": f"geo:0,0?{urlencode({'q': found.address})}",
        "photos": [photo.attachment for photo in found.photos.select_related("attachment")],
    }
    return _page(request, "desk/field/visit.html", context, status)


def _page(
    request: DeskRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    organisation = request.profile.profile.organisation
    language = get_language() or organisation.language
    name = request.profile.profile.text(organisation.short_name, language)
    frame = {"organisation": name, "sign_in": f"{reverse('account_login')}?next={HERE}"}
    return render(request, template, {**frame, **context}, status=status)
