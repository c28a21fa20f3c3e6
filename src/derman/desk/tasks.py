"""A unit's own pages: its open tasks, first those due first, and one task to answer.

The task page stands alone and is short, so that a field team can use it on a phone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.accounts import rights
from derman.audit import access
from derman.cases import actions
from derman.cases.models import Task
from derman.cases.permissions import find_case, find_task
from derman.desk import drafts, frame, views_menu
from derman.desk.case_verbs import may_on
from derman.desk.cases import CONFLICT, INVALID, go
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.desk.verb_form import Scene, VerbForm, long_text
from derman.lib.masks import mask_in_text
from derman.words.kinds import TaskState
from derman.words.life import State, Verb, is_possible
from derman.workplace.drafts import of_case
from derman.workplace.models import Draft

MOST = 200


class TaskForm(VerbForm):
    """A verb of a task; the task itself comes from the address."""

    task: Task

    @property
    def draft_name(self) -> str:
        """Under which its words are kept: a case may have several tasks."""
        return f"task-{self.task.pk}-{self.noun}"


class StartForm(TaskForm):
    noun, verb = "start", Verb.START_TASK
    title, button = gettext_lazy("Start"), gettext_lazy("Start the work")
    icon, key, done = "play", "s", gettext_lazy("The work has begun.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.start_task(self.task, **self.scene.given)


class AnswerTaskForm(TaskForm):
    noun, verb = "answer", Verb.ANSWER_TASK
    title, button = gettext_lazy("Answer"), gettext_lazy("Send the answer")
    icon, key, done = "message-circle-reply", "e", gettext_lazy("The question is answered.")

    text = long_text(gettext_lazy("The answer"))

    def do(self, data: dict[str, Any]) -> object:
        return actions.answer_task(self.task, data["text"], **self.scene.given)


class SendBackForm(TaskForm):
    noun, verb = "return", Verb.SEND_BACK
    title, button = gettext_lazy("Send back"), gettext_lazy("Send the question back")
    icon, done = "undo-2", gettext_lazy("The question was sent back.")

    reason = long_text(gettext_lazy("Why it is not ours"), rows=3)

    def do(self, data: dict[str, Any]) -> object:
        return actions.send_back(self.task, data["reason"], **self.scene.given)


TASK_FORMS: dict[str, type[TaskForm]] = {
    form.noun: form for form in (StartForm, AnswerTaskForm, SendBackForm)
}


@dataclass(frozen=True)
class Line:
    """One task in the list."""

    task: Task
    url: str
    topic: str
    region: str
    unit: str
    state: str
    question: str
    chip: Chip


@never_cache
@require_GET
@page(verb=Verb.START_TASK)
def tasks(request: DeskRequest) -> HttpResponse:
    """What the own units owe an answer to."""
    own = rights.own_units(request.user)
    owed = views_menu.owed_tasks(request.user)
    found = list(owed.select_related("case").order_by("due_at", "id")[: MOST + 1])
    access.record_list(
        [task.case.number for task in found], what="tasks", by=request.user, at=request.at
    )
    labels, chips = (
        Labels.for_reader(request.profile.profile),
        Chips(request.profile.profile, request.at),
    )
    lines = [_line(task, labels, chips) for task in found[:MOST]]
    context = {
        "lines": lines,
        "more": len(found) > MOST,
        "current": "tasks",
        "units": sorted(own),
    }
    context["several"] = len(own) > 1
    return frame.render(request, "desk/task/list.html", context)


def _line(task: Task, labels: Labels, chips: Chips) -> Line:
    return Line(
        task,
        reverse("desk:task", args=[task.case.number, task.pk]),
        labels.topic(task.case.topic),
        labels.region(task.case.region),
        labels.unit(task.unit),
        word(TaskState, task.state),
        mask_in_text(task.question or task.case.description),
        chips.of_task(task),
    )


@never_cache
@require_GET
@page(verb=Verb.START_TASK)
def tasks_count(request: DeskRequest) -> HttpResponse:
    """How many tasks wait for an answer; the menu asks every half a minute."""
    count = views_menu.owed_tasks(request.user).values("pk")[: views_menu.queries.CAP + 1].count()
    return frame.render(request, "desk/task/count.html#count", {"count": count})


@never_cache
@require_GET
@page(verb=Verb.READ)
def task(request: DeskRequest, number: str, task_id: UUID) -> HttpResponse:
    """The question, the facts, the due time, and what can be done."""
    scene, found = _find(request, number, task_id, Verb.READ)
    return _page(request, scene, found, _forms(scene, found))


def task_verb(form_class: type[TaskForm]) -> Any:
    """The view of one verb of a task."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @page(verb=form_class.verb)
    def view(request: DeskRequest, number: str, task_id: UUID) -> HttpResponse:
        scene, found = _find(request, number, task_id, form_class.verb)
        forms = _forms(scene, found)
        if request.method == "GET":
            return _page(request, scene, found, forms)
        form = _bind(form_class(request.POST, scene=scene), found)
        forms[form.noun] = form
        do = request.POST.get("do")
        if do in (drafts.KEEP, drafts.DISCARD) and form.keeps_words:
            return _draft(request, form, do)
        return _use(request, found, form, forms)

    return view


TASK_VIEWS = {noun: task_verb(form_class) for noun, form_class in TASK_FORMS.items()}


def _find(request: DeskRequest, number: str, task_id: UUID, verb: Verb) -> tuple[Scene, Task]:
    case = find_case(request.user, number, verb=verb, what="task", at=request.at)
    return Scene.of(request, case), find_task(request.user, case, task_id, verb=verb)


def _draft(request: DeskRequest, form: TaskForm, do: str) -> HttpResponse:
    """Keep what is typed, or forget what was kept; nothing happens to the task."""
    kept = drafts.store(form, form.draft_name) if do == drafts.KEEP else None
    if do == drafts.DISCARD:
        drafts.forget(form, form.draft_name)
    if drafts.is_bar(request):
        return drafts.bar(request, kept)
    drafts.tell(request, kept)
    return go(request, reverse("desk:task", args=[form.case.number, form.task.pk]))


def _bind(form: TaskForm, task: Task) -> TaskForm:
    form.task = task
    return form


def _forms(scene: Scene, task: Task) -> dict[str, TaskForm]:
    """The verbs that this person may use on this task now."""
    fitting = [one for one in TASK_FORMS.values() if _is_offered(one, scene, task)]
    kept = of_case(scene.user, scene.case.pk) if fitting else {}
    return {one.noun: _first(one, scene, task, kept) for one in fitting}


def _first(
    form_class: type[TaskForm], scene: Scene, task: Task, kept: dict[str, Draft]
) -> TaskForm:
    """The form as it is first shown, with what was kept of it."""
    form = _bind(form_class(scene=scene, initial={"version": scene.case.version}), task)
    form.kept = kept.get(form.draft_name)
    form.initial.update(drafts.initial(form.kept))
    return form


def _is_offered(form_class: type[TaskForm], scene: Scene, task: Task) -> bool:
    if not task.is_open or not may_on(scene, form_class.verb):
        return False
    if form_class is StartForm and task.state != TaskState.OPEN:
        return False
    return is_possible(form_class.verb, State(scene.case.state))


def _use(
    request: DeskRequest, task: Task, form: TaskForm, forms: dict[str, TaskForm]
) -> HttpResponse:
    scene = form.scene
    if not form.is_valid():
        return _page(request, scene, task, forms, status=INVALID)
    data = dict(form.cleaned_data)
    version, _seen = data.pop("version"), data.pop("seen")
    try:
        if version != scene.case.version:
            raise actions.OldVersion(_("Somebody else has just changed this case."))
        form.do(data)
    except actions.OldVersion as reason:
        form.add_error(None, str(reason))
        return _page(request, scene, task, forms, status=CONFLICT)
    except actions.CannotDo as reason:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return _page(request, scene, task, forms, status=INVALID)
    drafts.forget(form, form.draft_name)
    messages.success(request, str(form.done))
    if form.noun == "start":
        return go(request, reverse("desk:task", args=[scene.case.number, task.pk]))
    return go(request, reverse("desk:tasks"))


def _page(
    request: DeskRequest,
    scene: Scene,
    task: Task,
    forms: dict[str, TaskForm],
    *,
    status: int = 200,
) -> HttpResponse:
    case, labels = scene.case, scene.labels
    wrong = next((form for form in forms.values() if form.is_bound), None)
    context = {
        "case": case,
        "task": task,
        "forms": forms,
        "form": wrong,
        "latest": case.version,
        "is_conflict": status == CONFLICT,
        "applicant": Applicant(case, request.user),
        "topic": labels.topic(case.topic),
        "region": labels.region(case.region),
        "unit": labels.unit(task.unit),
        "account_label": labels.account_number,
        "state": word(TaskState, task.state),
        "chip": Chips(request.profile.profile, request.at).of_task(task),
        "description": mask_in_text(case.description),
        "question": mask_in_text(task.question),
        "answer": mask_in_text(task.answer),
        "attachments": list(case.attachments.order_by("at")),
        "current": "tasks",
    }
    return frame.render(request, "desk/task/page.html", context, status)
