"""A unit's own page: its open tasks, first those due first."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.accounts.models import User
from derman.audit import access
from derman.cases.models import Task
from derman.desk import frame, views_menu
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.words.kinds import TaskState
from derman.words.life import Verb

MOST = 200


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
    found = list(owed.select_related("case__applicant").order_by("due_at", "id")[: MOST + 1])
    access.record_list(
        [task.case.number for task in found], what="tasks", by=request.user, at=request.at
    )
    labels, chips = (
        Labels.for_reader(request.profile.profile),
        Chips(request.profile.profile, request.at),
    )
    lines = [_line(task, request.user, labels, chips) for task in found[:MOST]]
    context = {
        "lines": lines,
        "more": len(found) > MOST,
        "current": "tasks",
        "units": sorted(own),
    }
    context["several"] = len(own) > 1
    return frame.render(request, "desk/task/list.html", context)


def _line(task: Task, reader: User, labels: Labels, chips: Chips) -> Line:
    return Line(
        task,
        reverse("desk:task", args=[task.case.number, task.pk]),
        labels.topic(task.case.topic),
        labels.region(task.case.region),
        labels.unit(task.unit),
        word(TaskState, task.state),
        Applicant(task.case, reader).readable(task.question or task.case.description),
        chips.of_task(task),
    )


@never_cache
@require_GET
@page(verb=Verb.START_TASK)
def tasks_count(request: DeskRequest) -> HttpResponse:
    """How many tasks wait for an answer; the menu asks every half a minute."""
    count = views_menu.owed_tasks(request.user).values("pk")[: views_menu.queries.CAP + 1].count()
    return frame.render(request, "desk/task/count.html#count", {"count": count})
