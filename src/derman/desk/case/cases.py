"""The case page and the forms of its verbs. Every verb has an address of its own.

A form is shown in the page by htmx, or alone where no script runs; both come from the same view.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case, is_left_to
from derman.desk import frame
from derman.desk.case import timeline
from derman.desk.case.page import CasePage
from derman.desk.frame import DeskRequest, go, page
from derman.desk.labels import word
from derman.desk.lists import workbench
from derman.desk.sections import on_page
from derman.desk.shown_people import Applicant
from derman.desk.verbs import drafts
from derman.desk.verbs.form import Scene, VerbForm
from derman.desk.verbs.offered import FORMS, is_offered
from derman.desk.verbs.previews import starters
from derman.lib.numerals import whole
from derman.words.life import State, Verb
from derman.workplace.drafts import find as find_draft

CONFLICT = 409
INVALID = 422


@never_cache
@require_GET
@page(verb=Verb.READ)
def case(request: DeskRequest, number: str) -> HttpResponse:
    """One case between its list and its side."""
    found = _find(request, number, Verb.READ, "case")
    scene = Scene.of(request, found)
    bench = workbench.bench(request, current=found.number)
    shown = CasePage(scene, bench.query, wanted=request.GET.get("do", ""))
    return frame.render(
        request, "desk/case/page.html", {**bench.context, "case": found, "page": shown}
    )


def verb_view(form_class: type[VerbForm]) -> Any:
    """The view of one verb: GET shows its form, POST uses it."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @page(verb=form_class.verb)
    def view(request: DeskRequest, number: str) -> HttpResponse:
        found = _find(request, number, form_class.verb, form_class.noun)
        if not is_left_to(request.user, form_class.verb, request.profile.profile):
            raise PermissionDenied
        scene = Scene.of(request, found)
        if request.method == "GET":
            return _form_page(request, _first(form_class, scene, request))
        form = form_class(request.POST, request.FILES, scene=scene)
        if request.POST.get("do") == "preview":
            return _form_page(request, form)
        if drafts.is_meant(request, form):
            return drafts.answer(request, form, _address(request, form.case))
        return _use(request, form)

    return view


def _find(request: DeskRequest, number: str, verb: Verb, what: str) -> Case:
    """The case, with what its page needs to know of what else there is on it."""
    flags = on_page.flags
    return find_case(request.user, number, verb=verb, what=what, at=request.at, flags=flags)


def _first(form_class: type[VerbForm], scene: Scene, request: DeskRequest) -> VerbForm:
    """The form as it is first shown; it carries the version that the person saw."""
    seen = {name: whole(request.GET.get(name, "")) for name in ("version", "seen")}
    initial = {name: value for name, value in seen.items() if value is not None}
    initial.setdefault("version", scene.case.version)
    named = {name: request.GET[name] for name in form_class.from_address if name in request.GET}
    kept = find_draft(scene.user, scene.case.pk, form_class.noun)
    form = form_class(scene=scene, initial={**initial, **drafts.initial(kept), **named})
    form.kept = kept
    return form


def _address(request: DeskRequest, case: Case) -> str:
    """The page of the case, beside the list it was opened from."""
    return f"{reverse('desk:case', args=[case.number])}?{workbench.kept_query(request)}"


def _use(request: DeskRequest, form: VerbForm) -> HttpResponse:
    case = form.case
    if not form.is_valid():
        return _form_page(request, form, status=INVALID)
    data = dict(form.cleaned_data)
    version, _seen = data.pop("version"), data.pop("seen")
    if version != case.version:
        return _form_page(request, form, status=CONFLICT)
    follower = workbench.follower(request, case)
    try:
        made = form.do(data)
    except actions.OldVersion:
        case.refresh_from_db()
        return _form_page(request, form, status=CONFLICT)
    except actions.CannotDo as reason:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return _form_page(request, form, status=INVALID)
    drafts.forget(form)
    messages.success(request, f"{_number(case)}: {form.said(made)}")
    return go(request, workbench.where_next(request, case, follower, form.noun))


def _form_page(request: DeskRequest, form: VerbForm, *, status: int = 200) -> HttpResponse:
    """The form, with what somebody else did meanwhile where the version seen is old."""
    case = form.case
    news = _news(form) if status == CONFLICT or _is_old(form) else []
    context = {
        "case": case,
        "form": form,
        "applicant": Applicant(case, request.user),
        "topic": form.scene.labels.topic(case.topic),
        "state": word(State, case.state),
        "previews": form.previews() if form.has_preview and form.is_ready else None,
        "has_news": status == CONFLICT or _is_old(form),
        "news": news,
        "is_possible": is_offered(type(form), form.scene),
        "latest": case.version,
        "last_event": case.events.order_by("-id").values_list("id", flat=True).first(),
        "list_query": workbench.kept_query(request),
        "starters": starters(form.scene) if form.noun == "replies" else [],
    }
    template = "desk/case/verb.html"
    if request.htmx:
        template += "#form"
    return frame.render(request, template, context, status)


def _is_old(form: VerbForm) -> bool:
    shown = whole(form.typed("version"))
    return shown is not None and shown != form.case.version


def _news(form: VerbForm) -> list[timeline.Entry]:
    """What was written on the case after the person had seen it."""
    scene = form.scene
    entries = timeline.entries(scene.case, scene.tasks, scene.labels, scene.at)
    after = whole(form.typed("seen")) or 0
    return [entry for entry in entries if entry.id > after][-10:]


def _number(case: Case) -> str:
    return "\u00a0".join(case.number[i : i + 3] for i in range(0, len(case.number), 3))


VERB_VIEWS = {noun: verb_view(form_class) for noun, form_class in FORMS.items()}
