"""Pages of improvements: their list, a new one, what its figures say, and taking it up again."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from derman.accounts import rights
from derman.desk import frame, learning_links
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, choices, word
from derman.desk.learning import effect_view, lists
from derman.desk.learning.forms import (
    ImprovementForm,
    RestartForm,
    first_of_cause,
    first_values,
)
from derman.quality import improving, looking
from derman.quality.models import Improvement, ImprovementLook, RootCause
from derman.words.learning import Happening, ImprovementState
from derman.words.rights import Place

INVALID = 422
OLD = 409
MOST_LOOKS = 24
TONES = {
    ImprovementState.PLANNED: "info",
    ImprovementState.RUNNING: "brand",
    ImprovementState.EFFECTIVE: "ok",
    ImprovementState.NOT_EFFECTIVE: "warn",
    ImprovementState.REOPENED: "danger",
}


@never_cache
@require_GET
@page(place=Place.LEARNING)
def improvements(request: DeskRequest) -> HttpResponse:
    """All of them, newest first, each with the latest of its looks."""
    found = Improvement.objects.select_related("owner").prefetch_related("topics")
    state = request.GET.get("state", "")
    if state in tuple(ImprovementState):
        found = found.filter(state=state)
    listed = lists.page(found, request)
    latest = _latest([one.pk for one in listed.rows])
    labels = Labels.for_reader(request.profile.profile)
    context = {
        "lines": [_line(one, latest.get(one.pk), labels) for one in listed.rows],
        "listed": listed,
        "state": state,
        "states": choices(ImprovementState),
        "may_improve": rights.may_enter(request.user, Place.IMPROVE),
        "current": "improvements",
    }
    return frame.render(request, "desk/improvements/list.html", context)


def _latest(keys: list[UUID]) -> dict[UUID, ImprovementLook]:
    looks = ImprovementLook.objects.filter(improvement__in=keys).order_by()
    last = looks.values("improvement").annotate(last=Max("pk")).values("last")
    return {look.improvement_id: look for look in ImprovementLook.objects.filter(pk__in=last)}


def _line(one: Improvement, look: ImprovementLook | None, labels: Labels) -> dict[str, Any]:
    return {
        "one": one,
        "state": word(ImprovementState, one.state),
        "tone": TONES[ImprovementState(one.state)],
        "topics": [labels.topic(row.topic) for row in one.topics.all() if not row.is_compared],
        "look": effect_view.line(look) if look else None,
    }


def _today(request: DeskRequest) -> date:
    """The day where the organisation is."""
    return request.at.astimezone(ZoneInfo(request.profile.profile.organisation.timezone)).date()


@never_cache
@require_http_methods(["GET", "POST"])
@page(place=Place.IMPROVE)
def new(request: DeskRequest) -> HttpResponse:
    """Plan one, for a root cause or for a topic."""
    cause = _cause(request)
    if request.method == "GET":
        first: dict[str, Any] = {"starts_on": _today(request)}
        if cause:
            first |= first_of_cause(cause)
        elif request.profile.profile.topic(request.GET.get("topic", "")):
            first["topics"] = [request.GET["topic"]]
        return _form_page(request, ImprovementForm(initial=first, request=request), cause=cause)
    form = ImprovementForm(request.POST, request=request)
    if form.is_valid():
        try:
            made = improving.plan(
                form.said(), cause=cause, by=request.user, at=request.at,
                profile=request.profile.profile,
            )  # fmt: skip
        except improving.CannotImprove as reason:
            form.add_error(reason.field or None, str(reason))
        else:
            messages.success(request, _("The improvement was planned."))
            return redirect("desk:improvement", made.pk)
    return _form_page(request, form, cause=cause, status=INVALID)


def _cause(request: DeskRequest) -> RootCause | None:
    """The root cause from which it follows, if the address names one."""
    try:
        key = UUID(request.GET.get("cause", ""))
    except ValueError:
        return None
    return RootCause.objects.filter(pk=key).first()


def _form_page(
    request: DeskRequest,
    form: ImprovementForm,
    *,
    cause: RootCause | None = None,
    one: Improvement | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "cause": cause, "one": one, "current": "improvements"}
    return frame.render(request, "desk/improvements/form.html", context, status=status)


@never_cache
@require_GET
@page(place=Place.LEARNING)
def improvement(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    """What is changed, what the figures say, and what has happened."""
    return _page(request, _find(improvement_id))


def _page(
    request: DeskRequest, one: Improvement, *, restart: RestartForm | None = None, status: int = 200
) -> HttpResponse:
    labels = Labels.for_reader(request.profile.profile)
    looks = list(one.looks.order_by("-at", "-id")[:MOST_LOOKS])
    events = list(one.events.select_related("by").order_by("-id"))
    context = {
        "one": one,
        "state": word(ImprovementState, one.state),
        "tone": TONES[ImprovementState(one.state)],
        "about": _scope(one, labels, is_compared=False),
        "compared": _scope(one, labels, is_compared=True),
        "cases": learning_links.cases(improvement=str(one.pk)),
        "compared_cases": learning_links.cases(compared=str(one.pk)),
        "left_out": list(one.left_out.order_by("day")),
        "look": effect_view.shown(looks[0]) if looks else None,
        "earlier": [effect_view.line(look) for look in looks[1:]],
        "events": [{"event": event, "label": word(Happening, event.type)} for event in events],
        "is_outdated": any(
            event.details.get("counts_otherwise") and event.at > look.at
            for look in looks[:1]
            for event in events
        ),
        "may_improve": rights.may_enter(request.user, Place.IMPROVE),
        "may_look": one.state in (ImprovementState.RUNNING, ImprovementState.EFFECTIVE),
        "restart": restart or RestartForm(initial={"starts_on": _today(request)}),
        "may_restart": one.state in improving.AGAIN,
        "form": restart,
        "current": "improvements",
    }
    return frame.render(request, "desk/improvements/page.html", context, status=status)


def _scope(one: Improvement, labels: Labels, *, is_compared: bool) -> dict[str, list[str]]:
    topics = [row.topic for row in one.topics.all() if row.is_compared == is_compared]
    regions = [row.region for row in one.regions.all() if row.is_compared == is_compared]
    return {
        "topics": [labels.topic(key) for key in sorted(topics)],
        "regions": [labels.region(key) for key in sorted(regions)],
    }


@never_cache
@require_http_methods(["GET", "POST"])
@page(place=Place.IMPROVE)
def change(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    """Write it otherwise; nothing typed is lost when somebody else was faster."""
    one = _find(improvement_id)
    if request.method == "GET":
        form = ImprovementForm(initial=first_values(one), request=request)
        return _form_page(request, form, one=one)
    form = ImprovementForm(request.POST, request=request)
    status = INVALID
    if form.is_valid():
        one.version = form.cleaned_data["version"] or 0
        try:
            improving.change(
                one, form.said(), by=request.user, at=request.at, profile=request.profile.profile
            )
        except improving.CannotImprove as reason:
            form.add_error(reason.field or None, str(reason))
            status = OLD if isinstance(reason, improving.OldVersion) else INVALID
        else:
            messages.success(request, _("The improvement was changed."))
            return redirect("desk:improvement", one.pk)
    return _form_page(request, form, one=_find(improvement_id), status=status)


@require_POST
@page(place=Place.IMPROVE)
def look(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    """Look at the figures now; the worker's own looks go on as planned."""
    one = _find(improvement_id)
    if one.state not in (ImprovementState.RUNNING, ImprovementState.EFFECTIVE):
        messages.error(request, _("There is nothing to measure at the moment."))
        return redirect("desk:improvement", one.pk)
    try:
        looking.look(one, by=request.user, at=request.at, profile=request.profile.profile)
    except improving.OldVersion as reason:
        messages.error(request, str(reason))
    return redirect("desk:improvement", one.pk)


@require_POST
@page(place=Place.IMPROVE)
def restart(request: DeskRequest, improvement_id: UUID) -> HttpResponse:
    """Take it up again after the problem came back, or after no effect was found."""
    one = _find(improvement_id)
    form = RestartForm(request.POST)
    if form.is_valid():
        try:
            improving.take_up(
                one, form.cleaned_data["starts_on"], by=request.user, at=request.at,
                profile=request.profile.profile,
            )  # fmt: skip
        except improving.CannotImprove as reason:
            form.add_error("starts_on", str(reason))
        else:
            messages.success(request, _("It is being measured again from that day on."))
            return redirect("desk:improvement", one.pk)
    return _page(request, _find(improvement_id), restart=form, status=INVALID)


def _find(improvement_id: UUID) -> Improvement:
    rows = Improvement.objects.select_related("owner", "cause")
    rows = rows.prefetch_related("topics", "regions", "left_out")
    found = rows.filter(pk=improvement_id).first()
    if found is None:
        raise Http404
    return found
