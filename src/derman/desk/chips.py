"""How the clocks of cases and tasks stand at one moment: what the chips on the desk show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from derman.cases import clocks
from derman.cases.models import Action, Case, Clock, Task
from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.schema import Profile
from derman.words.kinds import ClockState
from derman.words.life import State
from derman.words.loop import ActionState

ROUND_THE_CLOCK = ("hours", "minutes")


@dataclass(frozen=True)
class Chip:
    """`state` is normal, soon, late, paused or met; `day` is how many hours a day has in `left`."""

    state: str
    at: datetime
    left: timedelta | None = None
    day: int = 24


class Chips:
    """Makes the chips of one page, by one calendar and at one moment."""

    def __init__(self, profile: Profile, at: datetime) -> None:
        self.profile = profile
        self.at = at
        self.calendar = calendar_of(profile)
        self.soon_at = worktime.due(at, profile.clocks.due_soon, self.calendar).at
        self.day = _hours_a_day(profile)

    def of_case(self, case: Case) -> Chip:
        """The resolve date of a case; of a concluded one, when it was concluded."""
        if not case.is_open:
            ended = case.resolved_at or case.closed_at or case.due_at
            return Chip("met" if case.resolved_at and ended <= case.due_at else "normal", ended)
        if case.state == State.AWAITING_APPLICANT:
            return Chip("paused", case.due_at)
        return self._running(case.due_at, clocks.resolve_budget(case.topic, self.profile).unit)

    def of_task(self, task: Task) -> Chip:
        """The due time of a task, of an ended one when it ended."""
        if not task.is_open:
            ended = task.answered_at or task.due_at
            return Chip("met" if ended <= task.due_at else "normal", ended)
        return self._running(task.due_at, "working_hours")

    def of_action(self, action: Action) -> Chip:
        """The date of an action; of one that ended, when it was done."""
        if action.state != ActionState.OPEN:
            ended = action.done_at or action.due_at
            return Chip("met" if action.done_at and ended <= action.due_at else "normal", ended)
        return self._running(action.due_at, "working_hours")

    def of_clock(self, clock: Clock) -> Chip:
        """A clock as it stands; one that was missed shows by how much."""
        if clock.state == ClockState.PAUSED:
            return Chip("paused", clock.due_at)
        if clock.state == ClockState.MET:
            return Chip("met", clock.due_at)
        unit = worktime.Budget.parse(clock.budget).unit if clock.budget else "working_hours"
        if clock.state == ClockState.MISSED and clock.stopped_at:
            return self._over(clock.due_at, clock.stopped_at, unit)
        return self._running(clock.due_at, unit)

    def of_due(self, due_at: datetime) -> Chip:
        """Something that is owed by then, in working time."""
        return self._running(due_at, "working_hours")

    def of_days(self, ends_at: datetime) -> Chip:
        """Something that ends then, on whatever day that is: the days run at weekends too."""
        return self._running(ends_at, "hours")

    def _running(self, due_at: datetime, unit: str) -> Chip:
        if due_at <= self.at:
            return self._over(due_at, self.at, unit)
        state = "soon" if due_at <= self.soon_at else "normal"
        worked = self._working(self.at, due_at)
        if unit in ROUND_THE_CLOCK or not worked:
            return Chip(state, due_at, due_at - self.at)
        return Chip(state, due_at, worked, self.day)

    def _over(self, due_at: datetime, until: datetime, unit: str) -> Chip:
        worked = self._working(due_at, until)
        if unit in ROUND_THE_CLOCK or not worked:
            return Chip("late", due_at, until - due_at)
        return Chip("late", due_at, worked, self.day)

    def _working(self, start: datetime, end: datetime) -> timedelta:
        seconds = worktime.working_seconds_between(start, end, self.calendar)
        return timedelta(seconds=seconds)


def _hours_a_day(profile: Profile) -> int:
    """How many hours most working days have."""
    lengths = [
        sum((end.hour * 60 + end.minute) - (start.hour * 60 + start.minute) for start, end in day)
        for day in profile.calendar.weekly.values()
        if day
    ]
    minutes = max(set(lengths), key=lengths.count) if lengths else 0
    return max(round(minutes / 60), 1) if minutes > 0 else 24
