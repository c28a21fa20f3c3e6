"""What a unit does with the question it was asked. Answering never closes the case."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks
from derman.cases.actions._core import Act, CannotDo, check_text, move, record, touch
from derman.cases.models import Task
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import OPEN_TASK_STATES, ClockKind, TaskState
from derman.words.life import State, Verb


@transaction.atomic
def start_task(task: Task, *, by: User, at: datetime, profile: Published) -> None:
    """The unit begins its work."""
    act = Act(by, at, profile)
    if task.state == TaskState.STARTED:
        raise CannotDo(_("The unit has begun this task already."), code="task_started")
    if task.state != TaskState.OPEN:
        raise _not_open()
    touch(task.case, Verb.START_TASK)
    task.state = TaskState.STARTED
    task.started_at = at
    task.started_by = by
    task.save(update_fields=["state", "started_at", "started_by"])
    record(task.case, EventType.TASK_STARTED, act, unit=task.unit, task=str(task.pk))


@transaction.atomic
def answer_task(
    task: Task, text: str, *, by: User | None, at: datetime, profile: Published
) -> None:
    """The unit answers. The last open task answered makes the case `answered`."""
    act = Act(by, at, profile)
    check_text(text)
    _end(task, TaskState.ANSWERED, text, Verb.ANSWER_TASK, act)
    record(task.case, EventType.TASK_ANSWERED, act, unit=task.unit, task=str(task.pk))


@transaction.atomic
def send_back(task: Task, reason: str, *, by: User, at: datetime, profile: Published) -> None:
    """The unit says that the question is not its own, and why."""
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    _end(task, TaskState.SENT_BACK, reason, Verb.SEND_BACK, act)
    record(task.case, EventType.TASK_SENT_BACK, act, unit=task.unit, task=str(task.pk))


def _end(task: Task, state: TaskState, text: str, verb: Verb, act: Act) -> None:
    if task.state not in OPEN_TASK_STATES:
        raise _not_open()
    case = task.case
    answered = state == TaskState.ANSWERED or _others(task, (TaskState.ANSWERED,))
    if case.state == State.REFERRED and not _others(task, OPEN_TASK_STATES):
        to = State.ANSWERED if answered else State.IN_REVIEW
        informer = _informer(task, act) if answered else ""
        move(case, verb, to, act, also={"inform_unit": informer})
    else:
        touch(case, verb)
    task.state = state
    task.answer = text
    task.answered_at = act.at
    task.answered_by = act.by
    task.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    clocks.stop(case, ClockKind.TASK, at=act.at, task=task)


def _others(task: Task, states: tuple[TaskState, ...]) -> bool:
    """Whether another task of this cycle is in one of these states."""
    others = task.case.tasks.filter(cycle=task.cycle, state__in=states).exclude(pk=task.pk)
    return others.exists()


def _informer(task: Task, act: Act) -> str:
    """Who calls the applicant: the unit's own people (row G17) or the owner (row E3)."""
    informs = act.profile.profile.process.informs
    return task.unit if informs == "unit" else task.case.owner_unit


def _not_open() -> CannotDo:
    return CannotDo(_("This task has been answered or cancelled already."), code="task_done")
