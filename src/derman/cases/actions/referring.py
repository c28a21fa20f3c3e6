"""Who holds a case: taking, assigning, referring to units, taking back, changing the topic."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases import clocks, unsettled
from derman.cases.actions._core import Act, CannotDo, check_possible, move, record, touch
from derman.cases.models import Case, Clock, Task
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import OPEN_TASK_STATES, ClockKind, Kind, TaskState
from derman.words.life import State, Verb


@transaction.atomic
def take(case: Case, *, by: User, at: datetime, profile: Published) -> None:
    """Make the case mine and begin to look at it."""
    act = Act(by, at, profile)
    move(case, Verb.TAKE, State.IN_REVIEW, act, also={"owner_user": by})
    record(case, EventType.TAKEN, act)


@transaction.atomic
def assign(
    case: Case, to: User | None, *, by: User | None, at: datetime, profile: Published
) -> None:
    """Give the case to a person, or to nobody; who is away today is covered."""
    act = Act(by, at, profile)
    if to is None and unsettled.owes_something_new(case):
        raise CannotDo(
            _("Choose somebody: the applicant is not satisfied, and one person goes on with it."),
            code="required",
            field="owner_user",
        )
    meant, to = to, to and absence.stand_in(to, absence.day_of(at, profile.profile))
    if case.state == State.RECEIVED and to is not None:
        move(case, Verb.ASSIGN, State.IN_REVIEW, act, also={"owner_user": to})
    else:
        touch(case, Verb.ASSIGN, also={"owner_user": to})
    covered: dict[str, Any] = {"instead_of": meant.pk} if meant and meant != to else {}
    record(case, EventType.ASSIGNED, act, to=to.pk if to else None, **covered)


@transaction.atomic
def refer(
    case: Case,
    unit: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    question: str = "",
    due_at: datetime | None = None,
) -> Task:
    """Ask a unit, which then owes an answer; the owner keeps the case (row E2)."""
    act = Act(by, at, profile)
    known = profile.profile.units.get(unit)
    if known is None or known.retired:
        raise CannotDo(_("Choose a unit from the list."), code="unknown_unit", field="unit")
    if due_at is not None and due_at <= at:
        raise CannotDo(_("Choose a time that lies ahead."), code="past", field="due_at")
    if case.tasks.filter(unit=unit, state__in=OPEN_TASK_STATES).exists():
        raise CannotDo(
            _("This unit has been asked already and has not answered yet."),
            code="asked_already",
            field="unit",
        )
    return refer_now(case, unit, act, question=question, due_at=due_at)


def refer_now(case: Case, unit: str, act: Act, *, question: str, due_at: datetime | None) -> Task:
    """The writing part of `refer`; the caller holds the transaction."""
    profile = act.profile.profile
    also: dict[str, object] = {"unit": unit, "inform_unit": ""}
    promise = None
    if case.promised_at is None:
        promise = _promise(case, act)
        also["promised_at"] = promise.due_at
    if case.state == State.REFERRED:
        touch(case, Verb.REFER, also=also)
    else:
        move(case, Verb.REFER, State.REFERRED, act, also=also)
    if promise:
        act.add(promise)
    budget = None if due_at else clocks.task_budget(case.topic, profile)
    task = Task(
        case=case,
        cycle=case.cycle,
        unit=unit,
        question=question,
        asked_at=act.at,
        asked_by=act.by,
        due_at=due_at or act.at,
    )
    if budget:
        task.due_at = clocks.reckon(budget, act.at, profile).at
    act.add(task)
    act.add(clocks.build_of_task(task, profile=profile, budget=budget))
    record(case, EventType.REFERRED, act, unit=unit, task=str(task.pk))
    return task


def _promise(case: Case, act: Act) -> Clock:
    """The date the applicant is told on referral (row T6): our promise from then on."""
    profile = act.profile.profile
    budget = profile.clocks.promise
    if budget:
        return clocks.build(case, ClockKind.PROMISE, budget, start=act.at, profile=profile)
    return clocks.build_dated(
        case, ClockKind.PROMISE, start=act.at, due_at=case.due_at, profile=profile
    )


@transaction.atomic
def take_back(case: Case, *, by: User, at: datetime, profile: Published) -> None:
    """Take the case back from its units; their open tasks are cancelled."""
    act = Act(by, at, profile)
    move(case, Verb.TAKE_BACK, State.IN_REVIEW, act, also={"inform_unit": ""})
    cancel_tasks(case, act)
    record(case, EventType.TAKEN_BACK, act)


def cancel_tasks(case: Case, act: Act) -> None:
    """End the tasks that are still open, and their clocks."""
    for task in case.tasks.filter(state__in=OPEN_TASK_STATES):
        task.state = TaskState.CANCELLED
        task.answered_at = act.at
        task.save(update_fields=["state", "answered_at"])
        clocks.cancel(case, at=act.at, task=task)


@transaction.atomic
def reclassify(
    case: Case,
    topic: str,
    *,
    by: User,
    at: datetime,
    profile: Published,
    kind: Kind | None = None,
) -> None:
    """Change the topic; the unit proposed and the resolve clock follow from it."""
    act = Act(by, at, profile)
    found = profile.profile.leaves().get(topic)
    if found is None or found.retired:
        raise CannotDo(_("Choose a topic from the list."), code="unknown_topic", field="topic")
    check_possible(case, Verb.RECLASSIFY)  # the clock that is reckoned anew must run
    budget = clocks.resolve_budget(topic, profile.profile)
    was = case.topic
    also: dict[str, object] = {
        "topic": topic,
        "main_topic": topic.split(".")[0],
        "kind": kind or found.kind,
        "due_at": clocks.restart_resolve(case, budget, profile=profile.profile),
    }
    if not case.tasks.exists():
        also["unit"] = found.unit_for(case.region) or ""
    touch(case, Verb.RECLASSIFY, also=also)
    record(case, EventType.RECLASSIFIED, act, before=was, topic=topic)
