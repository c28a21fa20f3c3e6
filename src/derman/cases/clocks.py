"""Starting, pausing and stopping the clocks of a case. Called by `cases.actions` only."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from derman.cases.models import Case, Clock, Task
from derman.lib import worktime
from derman.lib.worktime import Budget
from derman.profile.calendars import calendar_of
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import ClockKind, ClockState

OPEN_ENDED = (ClockState.RUNNING, ClockState.PAUSED)


def reckon(budget: Budget, start: datetime, profile: Profile) -> worktime.Due:
    """When this is due, with its derivation."""
    return worktime.due(start, budget, calendar_of(profile))


def resolve_budget(topic: str, profile: Profile) -> Budget:
    """How long a case on this topic may take."""
    found = profile.topic(topic)
    return (found.resolve if found else None) or profile.clocks.resolve


def task_budget(topic: str, profile: Profile) -> Budget:
    """How long a unit may take to answer on this topic."""
    found = profile.topic(topic)
    return (found.task if found else None) or profile.clocks.task


def build(
    case: Case, kind: ClockKind, budget: Budget, *, start: datetime, profile: Profile
) -> Clock:
    """A clock that is not saved yet."""
    due = reckon(budget, start, profile)
    return Clock(
        case=case,
        kind=kind,
        cycle=case.cycle,
        budget=str(budget),
        started_at=start,
        due_at=due.at,
        derivation=list(due.derivation),
    )


def build_dated(case: Case, kind: ClockKind, *, start: datetime, due_at: datetime) -> Clock:
    """A clock whose date a person named."""
    return Clock(
        case=case,
        kind=kind,
        cycle=case.cycle,
        budget="",
        started_at=start,
        due_at=due_at,
        derivation=[{"step": "named", "at": due_at.isoformat()}],
    )


def build_of_task(task: Task, *, profile: Profile, budget: Budget | None) -> Clock:
    """The clock of a task; `budget` None means that a person named the date."""
    if budget:
        clock = build(task.case, ClockKind.TASK, budget, start=task.asked_at, profile=profile)
    else:
        clock = build_dated(task.case, ClockKind.TASK, start=task.asked_at, due_at=task.due_at)
    clock.task = task
    return clock


def stop(case: Case, kind: ClockKind, *, at: datetime, task: Task | None = None) -> None:
    """Stop the running clocks of this kind: met when in time, else missed."""
    running = Clock.objects.filter(case=case, kind=kind, state__in=OPEN_ENDED)
    if task:
        running = running.filter(task=task)
    for clock in running:
        clock.state = ClockState.MET if at <= clock.due_at else ClockState.MISSED
        clock.stopped_at = at
        clock.save(update_fields=["state", "stopped_at"])


def stop_acknowledging(cases: Collection[Case], *, at: datetime) -> list[UUID]:
    """Stop the acknowledge clocks of these cases; return the cases whose clock ran."""
    running = Clock.objects.filter(
        case__in=cases, kind=ClockKind.ACKNOWLEDGE, state=ClockState.RUNNING
    )
    found = sorted(running.select_for_update(of=("self",)).values_list("case_id", flat=True))
    if found:
        running.filter(due_at__gte=at).update(state=ClockState.MET, stopped_at=at)
        running.update(state=ClockState.MISSED, stopped_at=at)
    return found


def cancel(
    case: Case, *, at: datetime, kind: ClockKind | None = None, task: Task | None = None
) -> None:
    """End clocks that no longer mean anything: all, those of a kind, or a task's."""
    running = Clock.objects.filter(case=case, state__in=OPEN_ENDED)
    if kind:
        running = running.filter(kind=kind)
    if task:
        running = running.filter(task=task)
    running.update(state=ClockState.CANCELLED, stopped_at=at)


def pause_resolve(case: Case, *, at: datetime) -> None:
    """The applicant owes something: the resolve clock stands still."""
    for clock in Clock.objects.filter(case=case, kind=ClockKind.RESOLVE, state=ClockState.RUNNING):
        clock.state = ClockState.PAUSED
        clock.pauses = [*clock.pauses, [at.isoformat(), None]]
        clock.save(update_fields=["state", "pauses"])


def resume_resolve(case: Case, *, at: datetime, profile: Published) -> datetime | None:
    """Run the resolve clock again; return its new due time, None when it was not paused."""
    clock = Clock.objects.filter(case=case, kind=ClockKind.RESOLVE, state=ClockState.PAUSED).first()
    if clock is None:
        return None
    clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], at.isoformat()]]
    due = _reckon_paused(clock, profile.profile)
    clock.due_at = due.at
    clock.derivation = list(due.derivation)
    clock.state = ClockState.RUNNING
    clock.save(update_fields=["state", "pauses", "due_at", "derivation"])
    return due.at


def restart_resolve(case: Case, budget: Budget, *, profile: Profile) -> datetime:
    """Reckon the resolve clock of this cycle again with another budget, from the same start."""
    clock = Clock.objects.filter(case=case, kind=ClockKind.RESOLVE, state__in=OPEN_ENDED).latest(
        "started_at"
    )
    clock.budget = str(budget)
    due = _reckon_paused(clock, profile)
    clock.due_at = due.at
    clock.derivation = list(due.derivation)
    clock.save(update_fields=["budget", "due_at", "derivation"])
    return due.at


def _reckon_paused(clock: Clock, profile: Profile) -> worktime.Due:
    pauses = [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clock.pauses
        if end
    ]
    budget = Budget.parse(clock.budget)
    return worktime.due(clock.started_at, budget, calendar_of(profile), pauses)


def days_later(at: datetime, days: int) -> datetime:
    """The moment so many calendar days later."""
    return at + timedelta(days=days)
