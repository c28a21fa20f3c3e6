"""One action: what is to be done, by when, what shows it; carrying out, checking, cancelling it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.accounts import rights
from derman.cases import actions
from derman.cases.models import Action
from derman.cases.permissions import find_action, find_case
from derman.desk import drafts, frame, shown_actions
from derman.desk.case_verbs import may_on
from derman.desk.cases import CONFLICT, INVALID, go
from derman.desk.chips import Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import word
from derman.desk.verb_form import Scene
from derman.desk.verbs_acting import ACTION_FORMS, ActionForm
from derman.lib.masks import mask_in_text
from derman.words.life import State, Verb, is_possible
from derman.workplace.drafts import of_case


@never_cache
@require_GET
@page(verb=Verb.READ)
def action(request: DeskRequest, number: str, action_id: UUID) -> HttpResponse:
    """The action, and what this person may do with it."""
    scene, found = _find(request, number, action_id, Verb.READ)
    return _page(request, scene, found, _forms(scene, found))


def action_verb(form_class: type[ActionForm]) -> Any:
    """The view of one verb of an action."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @page(verb=form_class.verb)
    def view(request: DeskRequest, number: str, action_id: UUID) -> HttpResponse:
        scene, found = _find(request, number, action_id, form_class.verb)
        forms = _forms(scene, found)
        if request.method == "GET":
            return _page(request, scene, found, forms)
        form = form_class(request.POST, scene=scene)
        form.action = found
        forms[form.noun] = form
        do = request.POST.get("do")
        if do in (drafts.KEEP, drafts.DISCARD) and form.keeps_words:
            return _draft(request, form, do)
        return _use(request, form, forms)

    return view


ACTION_VIEWS = {noun: action_verb(form_class) for noun, form_class in ACTION_FORMS.items()}


def _find(request: DeskRequest, number: str, action_id: UUID, verb: Verb) -> tuple[Scene, Action]:
    case = find_case(request.user, number, verb=verb, what="action", at=request.at)
    found = find_action(request.user, case, action_id, verb=verb)
    return Scene.of(request, case), found


def _forms(scene: Scene, found: Action) -> dict[str, ActionForm]:
    """The verbs that this person may use on this action now, with what was kept of them."""
    fitting = [one for one in ACTION_FORMS.values() if _is_offered(one, scene, found)]
    kept = of_case(scene.user, scene.case.pk) if fitting else {}
    forms = {}
    for form_class in fitting:
        form = form_class(scene=scene, initial={"version": scene.case.version})
        form.action = found
        form.kept = kept.get(form.draft_name)
        form.initial.update(drafts.initial(form.kept))
        forms[form.noun] = form
    return forms


def _is_offered(form_class: type[ActionForm], scene: Scene, found: Action) -> bool:
    if not form_class.suits(found) or not is_possible(form_class.verb, State(scene.case.state)):
        return False
    owes = found.owner_unit in rights.units_for(scene.user, form_class.verb)
    return owes or may_on(scene, form_class.verb)


def _draft(request: DeskRequest, form: ActionForm, do: str) -> HttpResponse:
    """Keep what is typed, or forget what was kept; nothing happens to the action."""
    kept = drafts.store(form, form.draft_name) if do == drafts.KEEP else None
    if do == drafts.DISCARD:
        drafts.forget(form, form.draft_name)
    if drafts.is_bar(request):
        return drafts.bar(request, kept)
    drafts.tell(request, kept)
    return go(request, _address(form.action))


def _use(request: DeskRequest, form: ActionForm, forms: dict[str, ActionForm]) -> HttpResponse:
    scene, found = form.scene, form.action
    if not form.is_valid():
        return _page(request, scene, found, forms, status=INVALID)
    data = dict(form.cleaned_data)
    version, _seen = data.pop("version"), data.pop("seen")
    try:
        if version != scene.case.version:
            raise actions.OldVersion(_("Somebody else has just changed this case."))
        form.do(data)
    except actions.OldVersion as reason:
        form.add_error(None, str(reason))
        return _page(request, scene, found, forms, status=CONFLICT)
    except actions.CannotDo as reason:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        found.refresh_from_db()
        return _page(request, scene, found, forms, status=INVALID)
    drafts.forget(form, form.draft_name)
    messages.success(request, str(form.done))
    return go(request, _address(found))


def _address(found: Action) -> str:
    return reverse("desk:action", args=[found.case.number, found.pk])


def _page(
    request: DeskRequest,
    scene: Scene,
    found: Action,
    forms: dict[str, ActionForm],
    *,
    status: int = 200,
) -> HttpResponse:
    wrong = next((form for form in forms.values() if form.is_bound), None)
    chips = Chips(request.profile.profile, request.at)
    context = {
        "case": scene.case,
        "line": shown_actions.shown(found, scene.labels, chips),
        "action": found,
        "proof": mask_in_text(found.proof),
        "finding": mask_in_text(found.finding),
        "state": word(State, scene.case.state),
        "forms": [forms[noun] for noun in ACTION_FORMS if noun in forms],
        "form": wrong,
        "latest": scene.case.version,
        "is_conflict": status == CONFLICT,
        "current": "actions",
    }
    return frame.render(request, "desk/actions/page.html", context, status)
