"""Pages of root causes: their list, a new one from a list of cases, and the search itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from derman.accounts import rights
from derman.cases.models import Case
from derman.desk import frame, learning_links, worklists
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, choices, word
from derman.desk.learning import cause_search, lists
from derman.desk.learning.cause_search import SearchForm
from derman.desk.learning.forms import CauseForm
from derman.desk.lists import filter_panel
from derman.desk.lists.bulk_choice import chosen_cases
from derman.desk.lists.saved_views import asked_of
from derman.lib.numerals import whole
from derman.quality import causes, cost
from derman.quality.models import CauseCase, RootCause
from derman.words.learning import CauseMethod, CauseState, ImprovementState
from derman.words.rights import Place

INVALID = 422
OLD = 409
IN_LIST = ("title", "method", "state", "category", "made_at", "owner__first_name",
           "owner__last_name", "owner__username")  # fmt: skip
TONES = {CauseState.OPEN: "warn", CauseState.CONCLUDED: "ok"}


@never_cache
@require_GET
@page(place=Place.LEARNING)
def root_causes(request: DeskRequest) -> HttpResponse:
    """All of them, newest first."""
    found = RootCause.objects.select_related("owner").only(*IN_LIST)
    state = request.GET.get("state", "")
    if state in tuple(CauseState):
        found = found.filter(state=state)
    listed = lists.page(found, request)
    keys = [cause.pk for cause in listed.rows]
    sizes = CauseCase.objects.filter(cause__in=keys).order_by().values_list("cause")
    counts = dict(sizes.annotate(n=Count("pk")))
    context = {
        "lines": [_line(cause, counts, request) for cause in listed.rows],
        "listed": listed,
        "state": state,
        "states": choices(CauseState),
        "may_improve": rights.may_enter(request.user, Place.IMPROVE),
        "current": "causes",
    }
    return frame.render(request, "desk/root_causes/list.html", context)


def _line(cause: RootCause, counts: dict[UUID, int], request: DeskRequest) -> dict[str, Any]:
    return {
        "cause": cause,
        "state": word(CauseState, cause.state),
        "tone": TONES[CauseState(cause.state)],
        "method": word(CauseMethod, cause.method),
        "category": _category(cause, request),
        "cases": counts.get(cause.pk, 0),
    }


@never_cache
@require_http_methods(["GET", "POST"])
@page(place=Place.IMPROVE)
def new(request: DeskRequest) -> HttpResponse:
    """Begin with the cases of a list: all that match, or those that were marked in it."""
    query = (request.POST if request.method == "POST" else request.GET).get("query", "")
    asked = asked_of(query or request.GET.urlencode())
    marked = [] if "all" in request.POST else request.POST.getlist("number")
    cases = chosen_cases(asked, marked, request)
    if request.method == "GET" or "title" not in request.POST:  # marked lines come by POST
        return _new_page(request, asked, marked, cases, CauseForm(request=request))
    form = CauseForm(request.POST, request=request)
    if form.is_valid():
        said = form.cleaned_data
        try:
            cause = causes.begin(
                cases, title=said["title"], method=said["method"], query=asked.address,
                owner=said["owner"], by=request.user, at=request.at,
            )  # fmt: skip
        except causes.CannotLook as reason:
            form.add_error(reason.field or None, str(reason))
        else:
            return redirect("desk:root_cause", cause.pk)
    return _new_page(request, asked, marked, cases, form, status=INVALID)


def _new_page(
    request: DeskRequest, asked: worklists.Asked, marked: list[str], cases: Any, form: CauseForm,
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    labels = Labels.for_reader(request.profile.profile)
    context = {
        "form": form,
        "asked": asked,
        "marked": marked,
        "list": worklists.VIEWS[asked.view].label,
        "chips": filter_panel.chips(asked, labels),
        "count": worklists.count(cases),
        "current": "causes",
    }
    return frame.render(request, "desk/root_causes/new.html", context, status=status)


@never_cache
@require_GET
@page(place=Place.LEARNING)
def root_cause(request: DeskRequest, cause_id: UUID) -> HttpResponse:
    """The search: the cases, what they cost, the answers, the conclusion, what follows."""
    return _page(request, _find(cause_id))


def _page(
    request: DeskRequest,
    cause: RootCause,
    *,
    search: SearchForm | None = None,
    details: CauseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    profile = request.profile.profile
    labels = Labels.for_reader(profile)
    may_improve = rights.may_enter(request.user, Place.IMPROVE)
    named = {"title": cause.title, "method": cause.method, "owner": str(cause.owner_id)}
    kept = SearchForm(initial=cause_search.first_of(cause), cause=cause, profile=profile)
    is_open = cause.state == CauseState.OPEN
    context = {
        "cause": cause,
        "state": word(CauseState, cause.state),
        "tone": TONES[CauseState(cause.state)],
        "method": word(CauseMethod, cause.method),
        "category": _category(cause, request),
        "is_open": is_open,
        "may_improve": may_improve,
        "topics": _topics(cause, labels),
        "count": sum(cause.topics.values()),
        "link": learning_links.cases(cause=str(cause.pk)),
        "chips": filter_panel.chips(asked_of(cause.query), labels) if cause.query else [],
        "cost": cost.reckon(Case.objects.filter(causes=cause), profile),
        "kept": kept,
        "search": search or (kept if is_open and may_improve else None),
        "is_conflict": status == OLD,
        "improvements": [
            {"one": one, "state": word(ImprovementState, one.state)}
            for one in cause.improvements.order_by("-made_at", "-id")
        ],
        "details": details or (CauseForm(initial=named, request=request) if may_improve else None),
        "form": details if details and details.errors else search,
        "current": "causes",
    }
    return frame.render(request, "desk/root_causes/page.html", context, status=status)


@require_POST
@page(place=Place.IMPROVE)
def answers(request: DeskRequest, cause_id: UUID) -> HttpResponse:
    """Keep what was written so far: the answers, and what the cause may be."""
    return _written(request, cause_id, concludes=False)


@require_POST
@page(place=Place.IMPROVE)
def conclusion(request: DeskRequest, cause_id: UUID) -> HttpResponse:
    """Say what the cause is, or open the search again."""
    if request.POST.get("do") != "look_again":
        return _written(request, cause_id, concludes=True)
    try:
        causes.look_again(_find(cause_id, request))
    except causes.CannotLook as reason:
        messages.error(request, str(reason))
    return redirect("desk:root_cause", cause_id)


def _written(request: DeskRequest, cause_id: UUID, *, concludes: bool) -> HttpResponse:
    """Write what was typed; where that cannot be, the page holds it still."""
    cause = _find(cause_id, request)
    profile = request.profile.profile
    form = SearchForm(request.POST, cause=cause, profile=profile, concludes=concludes)
    status = INVALID
    if form.is_valid():
        try:
            if concludes:
                causes.conclude(cause, form.said(), by=request.user, at=request.at)
            else:
                causes.keep(cause, form.said())
        except causes.CannotLook as reason:
            form.add_error(reason.field or None, str(reason))
            status = OLD if isinstance(reason, causes.OldVersion) else INVALID
        else:
            messages.success(
                request, _("The root cause was kept.") if concludes else _("The answers were kept.")
            )
            part = "" if concludes else "#answers"
            return redirect(f"{reverse('desk:root_cause', args=[cause.pk])}{part}")
    return _page(request, _find(cause_id), search=form, status=status)


@require_POST
@page(place=Place.IMPROVE)
def details(request: DeskRequest, cause_id: UUID) -> HttpResponse:
    """Its name, its method and who looks after it."""
    cause = _find(cause_id, request)
    form = CauseForm(request.POST, request=request)
    if form.is_valid():
        said = form.cleaned_data
        try:
            causes.change(cause, title=said["title"], method=said["method"], owner=said["owner"])
        except causes.CannotLook as reason:
            form.add_error(reason.field or None, str(reason))
        else:
            return redirect("desk:root_cause", cause.pk)
    return _page(request, _find(cause_id), details=form, status=INVALID)


def _find(cause_id: UUID, request: DeskRequest | None = None) -> RootCause:
    """With the version that the writer saw, so that an older one is refused when it is written."""
    found = RootCause.objects.select_related("owner").filter(pk=cause_id).first()
    if found is None:
        raise Http404
    if request is not None:
        found.version = whole(request.POST.get("version", "")) or 0
    return found


def _category(cause: RootCause, request: DeskRequest) -> str:
    profile = request.profile.profile
    known = profile.learning.categories.get(cause.category)
    return profile.text(known.label, request.LANGUAGE_CODE) if known else cause.category


def _topics(cause: RootCause, labels: Labels) -> list[dict[str, Any]]:
    return [
        {
            "label": labels.topic(key),
            "count": count,
            "link": learning_links.cases(cause=str(cause.pk), topic=key),
        }
        for key, count in sorted(cause.topics.items(), key=lambda pair: -pair[1])
    ]
