"""Starting, pausing and stopping the clocks of a case. Called by `cases.actions` and `cases.due`.

A clock that runs says in `next_at` when the worker has to look at it: for what it does itself
(confirm the receipt, give interim information) and for the levels of its escalation.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from derman.cases import levels
from derman.cases.models import Case, Clock, Task
from derman.lib import worktime
from derman.lib.worktime import Budget
from derman.profile.calendars import calendar_of
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import ClockKind, ClockState

OPEN_ENDED = (ClockState.RUNNING, ClockState.PAUSED)
# Clocks that the worker itself serves before their time.
SERVED = (ClockKind.ACKNOWLEDGE, ClockKind.INTERIM)
# Clocks that stand still while the applicant owes us something.
PAUSING = (ClockKind.RESOLVE, ClockKind.INTERIM)


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
    clock = Clock(
        case=case,
        kind=kind,
        cycle=case.cycle,
        budget=str(budget),
        started_at=start,
        due_at=due.at,
        derivation=list(due.derivation),
        reckoned_with=levels.stamp(profile),
    )
    clock.next_at = next_look(clock, profile)
    return clock


def build_dated(
    case: Case, kind: ClockKind, *, start: datetime, due_at: datetime, profile: Profile
) -> Clock:
    """A clock whose date a person named."""
    clock = Clock(
        case=case,
        kind=kind,
        cycle=case.cycle,
        budget="",
        started_at=start,
        due_at=due_at,
        derivation=[{"step": "named", "at": due_at.isoformat()}],
        reckoned_with=levels.stamp(profile),
    )
    clock.next_at = next_look(clock, profile)
    return clock


def build_interim(case: Case, *, start: datetime, profile: Profile) -> Clock | None:
    """The clock of the next interim information; None where the profile gives none (row P9)."""
    interval = profile.clocks.interim
    if interval is None:
        return None
    return build(case, ClockKind.INTERIM, interval, start=start, profile=profile)


def begin_interim(case: Case, *, at: datetime, profile: Profile) -> None:
    """Start the interim clock of a cycle that follows another."""
    clock = build_interim(case, start=at, profile=profile)
    if clock:
        clock.save(force_insert=True)


def build_of_task(task: Task, *, profile: Profile, budget: Budget | None) -> Clock:
    """The clock of a task; `budget` None means that a person named the date."""
    if budget:
        clock = build(task.case, ClockKind.TASK, budget, start=task.asked_at, profile=profile)
    else:
        clock = build_dated(
            task.case, ClockKind.TASK, start=task.asked_at, due_at=task.due_at, profile=profile
        )
    clock.task = task
    return clock


def next_look(clock: Clock, profile: Profile) -> datetime | None:
    """When the worker has to look at this clock, which is new or was reckoned anew."""
    moments = (served_at(clock, profile), levels.next_at(clock, profile))
    return min((moment for moment in moments if moment), default=None)


def leave_behind(clock: Clock, *, at: datetime, profile: Profile) -> None:
    """Let no level fire that lay before this moment: of a history that was told elsewhere."""
    while (moment := levels.next_at(clock, profile)) and moment <= at:
        clock.level += 1
    clock.next_at = next_look(clock, profile)


def served_at(clock: Clock, profile: Profile) -> datetime | None:
    """When the worker does what a clock of its kind asks for: a while before its time.

    A short clock is served when half of it is over. None for clocks that only people serve.
    """
    if clock.kind not in SERVED:
        return None
    early = worktime.before(clock.due_at, profile.clocks.ahead, calendar_of(profile))
    return max(early, clock.started_at + (clock.due_at - clock.started_at) / 2)


def stop(case: Case, kind: ClockKind, *, at: datetime, task: Task | None = None) -> None:
    """Stop the running clocks of this kind: met when in time, else missed."""
    running = Clock.objects.filter(case=case, kind=kind, state__in=OPEN_ENDED)
    if task:
        running = running.filter(task=task)
    for clock in running:
        end(clock, at=at)
        clock.save(update_fields=["state", "stopped_at", "next_at"])


def end(clock: Clock, *, at: datetime, state: ClockState | None = None) -> None:
    """Set how a clock ended, unsaved: met when in time, else missed, unless a state is named."""
    clock.state = state or (ClockState.MET if at <= clock.due_at else ClockState.MISSED)
    clock.stopped_at = at
    clock.next_at = None


def run_again(clock: Clock, *, profile: Profile) -> None:
    """What ended it was called back: it runs as if it had never ended."""
    clock.state, clock.stopped_at = ClockState.RUNNING, None
    clock.next_at = next_look(clock, profile)
    clock.save(update_fields=["state", "stopped_at", "next_at"])


def end_cycle(case: Case, *, at: datetime) -> None:
    """The applicant's result is there: what was promised is kept or not, the rest has no object."""
    for kind in (ClockKind.RESOLVE, ClockKind.PROMISE, ClockKind.ACKNOWLEDGE):
        stop(case, kind, at=at)
    cancel(case, at=at, kind=ClockKind.INTERIM)


def stop_acknowledging(cases: Collection[Case], *, at: datetime) -> list[UUID]:
    """Stop the acknowledge clocks of these cases; return the cases whose clock ran."""
    running = Clock.objects.filter(
        case__in=cases, kind=ClockKind.ACKNOWLEDGE, state=ClockState.RUNNING
    )
    found = sorted(running.select_for_update(of=("self",)).values_list("case_id", flat=True))
    if found:
        ended = {"stopped_at": at, "next_at": None}
        running.filter(due_at__gte=at).update(state=ClockState.MET, **ended)
        running.update(state=ClockState.MISSED, **ended)
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
    running.update(state=ClockState.CANCELLED, stopped_at=at, next_at=None)


def pause(case: Case, *, at: datetime) -> None:
    """The applicant owes something: the resolve clock and the interim clock stand still."""
    running = Clock.objects.filter(case=case, kind__in=PAUSING, state=ClockState.RUNNING)
    for clock in running:
        clock.state = ClockState.PAUSED
        clock.pauses = [*clock.pauses, [at.isoformat(), None]]
        clock.next_at = None
        clock.save(update_fields=["state", "pauses", "next_at"])


def resume(case: Case, *, at: datetime, profile: Published) -> datetime | None:
    """Run what stood still again; return the new due time of the case, None when it ran."""
    due_at = None
    for clock in Clock.objects.filter(case=case, state=ClockState.PAUSED):
        clock.case = case
        clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], at.isoformat()]]
        clock.state = ClockState.RUNNING
        _reckon_anew(clock, profile.profile)
        clock.save(update_fields=["state", "pauses", "due_at", "derivation", "next_at"])
        if clock.kind == ClockKind.RESOLVE:
            due_at = clock.due_at
    return due_at


def restart_resolve(case: Case, budget: Budget, *, profile: Profile) -> datetime:
    """Reckon the resolve clock of this cycle again with another budget, from the same start."""
    clock = Clock.objects.filter(case=case, kind=ClockKind.RESOLVE, state__in=OPEN_ENDED).latest(
        "started_at"
    )
    clock.case = case
    clock.budget = str(budget)
    _reckon_anew(clock, profile)
    clock.save(update_fields=["budget", "due_at", "derivation", "next_at"])
    return clock.due_at


def _reckon_anew(clock: Clock, profile: Profile) -> None:
    """Its due time with the pauses that have ended; one that stands still is not looked at."""
    pauses = [
        (datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in clock.pauses
        if end
    ]
    budget = Budget.parse(clock.budget)
    due = worktime.due(clock.started_at, budget, calendar_of(profile), pauses)
    clock.due_at = due.at
    clock.derivation = list(due.derivation)
    clock.next_at = next_look(clock, profile) if clock.state == ClockState.RUNNING else None


def days_later(at: datetime, days: int) -> datetime:
    """The moment so many calendar days later."""
    return at + timedelta(days=days)
