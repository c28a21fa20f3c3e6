"""When something is due: a pure function of start, budget, calendar and pauses.

The rules:

- Calendar hours and minutes run round the clock; a pause moves the due time by its length.
- Working hours run while the calendar has an interval and no pause; a budget used up exactly at
  closing is due at closing, not at the next opening.
- Working days: the day of receipt does not count, even when we were closed; the clock is due at
  the end of the last working interval of the last day. A half day counts unless the calendar says
  otherwise. A day counts when its closing is reached with the clock running: a pause costs as many
  days as it holds closings, so one within a single morning costs none.
- "Same day" is due at the next closing that is reached with the clock running.
- Calendar days end at midnight whether there is work or not, the day of receipt not counted; the
  "same calendar day" is due in the last second of the day of receipt. A pause costs as many days
  as it holds midnights.

Pauses may overlap and may begin before the start; those from the due time on change nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, Self, cast, get_args

from derman.lib.calendars import MIDNIGHT, ONE_DAY, Calendar, Interval, Span, calendar_from

__all__ = [
    "Budget",
    "Calendar",
    "Due",
    "Interval",
    "Step",
    "Unit",
    "before",
    "calendar_from",
    "due",
    "working_seconds_between",
]

Unit = Literal["hours", "working_hours", "working_days", "calendar_days", "minutes"]
Step = Mapping[str, str | int | float]
"""One line of a derivation: a key under `step`, and moments (ISO, UTC), dates, keys and numbers."""

LARGEST_BUDGET = 10_000
DAYS = ("working_days", "calendar_days")
LAST_SECOND = time(23, 59, 59)
LONGEST_CLOSURE = timedelta(days=5 * 366)
SAME_DAY: Mapping[str, Unit] = {"same day": "working_days", "same calendar day": "calendar_days"}
WRITTEN = re.compile(
    r"(?P<amount>[0-9]+(\.[0-9]+)?) +(?P<unit>(working )?(hour|day)|calendar day|minute)s?"
)


@dataclass(frozen=True)
class Budget:
    """How long something may take. Zero days means the same day."""

    amount: int | Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ValueError(f"unknown unit {self.unit!r}")
        if not 0 <= self.amount <= LARGEST_BUDGET:
            raise ValueError(f"a budget is between 0 and {LARGEST_BUDGET}, not {self.amount}")
        if self.unit in DAYS and self.amount != int(self.amount):
            raise ValueError("days are counted whole")
        if self.unit not in DAYS and self.amount == 0:
            raise ValueError("a budget of no time is over before it begins")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "24 hours", "8 working hours", "3 working days", "10 minutes" or "same day".

        Also "30 calendar days" and "same calendar day", which end at midnight.
        """
        words = " ".join(text.lower().split())
        if words in SAME_DAY:
            return cls(0, SAME_DAY[words])
        match = WRITTEN.fullmatch(words)
        if not match or match["unit"] == "day":
            raise ValueError(
                f"{text!r} is not a budget; write for example 24 hours, 8 working hours,"
                " 3 working days, 10 minutes or same day"
            )
        return cls(_number(match["amount"]), cast(Unit, match["unit"].replace(" ", "_") + "s"))

    def __str__(self) -> str:
        if self.amount == 0:
            return next(words for words, unit in SAME_DAY.items() if unit == self.unit)
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"

    @property
    def length(self) -> timedelta:
        """The budget as time; only hours and minutes have a length."""
        if self.unit in DAYS:
            raise ValueError("days have no fixed length")
        seconds = self.amount * (60 if self.unit == "minutes" else 3600)
        return timedelta(microseconds=int(seconds * 1_000_000))


@dataclass(frozen=True)
class Due:
    """A due time in UTC, and how it came about as data that a page can turn into a sentence."""

    at: datetime
    derivation: tuple[Step, ...]


def due(
    start: datetime,
    budget: Budget,
    calendar: Calendar,
    pauses: Sequence[Span] = (),
) -> Due:
    """When a clock that starts at `start` runs out, and why then."""
    start = _utc(start)
    breaks = _merged(pauses, start)
    if budget.unit == "working_days":
        at = _after_days(start, budget, calendar, breaks)
    elif budget.unit == "calendar_days":
        at = _after_midnights(start, int(budget.amount), calendar, breaks)
    else:
        spans: Iterable[Span] = [(start, datetime.max.replace(tzinfo=UTC))]
        if budget.unit == "working_hours":
            spans = _work_from(start, calendar)
        at = _after_time(budget.length, _running(spans, breaks))
    return Due(at, tuple(_derivation(start, budget, at, calendar, breaks)))


def before(end: datetime, budget: Budget, calendar: Calendar) -> datetime:
    """The moment from which so much time is left until `end`.

    Working days: the closing of the last day before `end` after which that many open days are
    left, that of `end` included; the same day: its opening. Calendar days: the beginning of the
    day that is so many days before that of `end`.
    """
    end = _utc(end)
    if budget.unit == "calendar_days":
        day = calendar.day_of(end) - timedelta(days=int(budget.amount))
        return calendar.moment(day, MIDNIGHT)
    if budget.unit == "working_days":
        return _days_before(end, int(budget.amount), calendar)
    if budget.unit != "working_hours":
        return end - budget.length
    left = budget.length
    for opens, closes in _work_until(end, calendar):
        if closes - opens >= left:
            return closes - left
        left -= closes - opens
    raise ValueError("the budget does not fit into the calendar")


def working_seconds_between(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Working time between two moments; none when `end` is not after `start`."""
    start, end = _utc(start), _utc(end)
    total = timedelta()
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last:
        for opens, closes in calendar.day(day).spans:
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    return total.total_seconds()


def _after_time(budget: timedelta, running: Iterable[Span]) -> datetime:
    left = budget
    for begins, ends in running:
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    raise ValueError("the budget does not fit into the calendar")


def _after_days(
    start: datetime, budget: Budget, calendar: Calendar, breaks: list[Span]
) -> datetime:
    left = max(int(budget.amount), 1)
    for day, spans in _open_days(calendar.day_of(start), calendar):
        closing = spans[-1][1]
        if _counts(day, closing, start, budget, calendar) and not _paused_at(closing, breaks):
            left -= 1
            if left == 0:
                return closing
    raise ValueError("the budget does not fit into the calendar")


def _after_midnights(
    start: datetime, days: int, calendar: Calendar, breaks: list[Span]
) -> datetime:
    day, left = calendar.day_of(start), max(days, 1)
    if days:
        day += ONE_DAY
    while True:
        closing = calendar.moment(day, LAST_SECOND)
        if not _paused_at(closing, breaks):
            left -= 1
            if left == 0:
                return closing
        day += ONE_DAY


def _counts(
    day: date, closing: datetime, start: datetime, budget: Budget, calendar: Calendar
) -> bool:
    """Does an open day count towards a limit of working days?"""
    if budget.amount == 0:
        return closing >= start
    return day > calendar.day_of(start) and not (
        _half_skipped(budget, calendar) and calendar.day(day).half
    )


def _open_days(first: date, calendar: Calendar) -> Iterator[tuple[date, tuple[Span, ...]]]:
    """Days with working time from `first` on; an error instead of a search without end."""
    day, last_open = first, first
    while day - last_open <= LONGEST_CLOSURE:
        spans = calendar.day(day).spans
        if spans:
            last_open = day
            yield day, spans
        day += ONE_DAY
    raise ValueError(f"the calendar has no working time in the five years after {last_open}")


def _days_before(end: datetime, days: int, calendar: Calendar) -> datetime:
    left = days
    for spans in _open_days_until(calendar.day_of(end), calendar):
        if spans[0][0] >= end:
            continue  # it opens later: not a day that is left
        if left == 0:
            return spans[0][0] if days == 0 else spans[-1][1]
        left -= 1
    raise ValueError("the budget does not fit into the calendar")


def _work_until(end: datetime, calendar: Calendar) -> Iterator[Span]:
    """Working time before a moment, the latest first."""
    for spans in _open_days_until(calendar.day_of(end), calendar):
        for opens, closes in reversed(spans):
            if opens < end:
                yield opens, min(closes, end)


def _open_days_until(last: date, calendar: Calendar) -> Iterator[tuple[Span, ...]]:
    """Days with working time up to `last`, the latest first."""
    day, last_open = last, last
    while last_open - day <= LONGEST_CLOSURE:
        spans = calendar.day(day).spans
        if spans:
            last_open = day
            yield spans
        day -= ONE_DAY


def _work_from(start: datetime, calendar: Calendar) -> Iterator[Span]:
    for _, spans in _open_days(calendar.day_of(start), calendar):
        for opens, closes in spans:
            if closes > start:
                yield max(opens, start), closes


def _running(spans: Iterable[Span], breaks: list[Span]) -> Iterator[Span]:
    """What is left of the spans without the pauses, which are in order and apart."""
    for begins, ends in spans:
        for stops, goes_on in breaks:
            if goes_on <= begins or stops >= ends:
                continue
            if begins < stops:
                yield begins, stops
            begins = goes_on
        if begins < ends:
            yield begins, ends


def _merged(pauses: Sequence[Span], start: datetime) -> list[Span]:
    """Pauses in order, apart, and not before the start."""
    merged: list[Span] = []
    for begins, ends in sorted((_utc(a), _utc(b)) for a, b in pauses):
        if ends < begins:
            raise ValueError(f"a pause ends at {ends} before it begins at {begins}")
        begins = max(begins, start)
        if ends <= begins:
            continue
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


def _paused_at(closing: datetime, breaks: list[Span]) -> bool:
    return any(stops < closing <= goes_on for stops, goes_on in breaks)


def _derivation(
    start: datetime, budget: Budget, at: datetime, calendar: Calendar, breaks: list[Span]
) -> Iterator[Step]:
    yield {"step": "start", "at": start.isoformat(), "zone": str(calendar.tz)}
    yield {"step": "budget", "amount": _plain(budget.amount), "unit": budget.unit}
    if budget.unit in ("working_days", "working_hours"):
        yield from _skipped(start, budget, at, calendar)
    for stops, goes_on in breaks:
        if stops < at:
            yield _pause_step((stops, goes_on), start, budget, calendar)
    yield {"step": "due", "at": at.isoformat()}


def _skipped(start: datetime, budget: Budget, at: datetime, calendar: Calendar) -> Iterator[Step]:
    """Runs of days that did not count or were shorter, each with why."""
    first, last = calendar.day_of(start), calendar.day_of(at)
    runs: list[tuple[date, date, str]] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        why = _why(day, budget, first, calendar)
        if why and runs and runs[-1][2] == why and runs[-1][1] + ONE_DAY == day:
            runs[-1] = (runs[-1][0], day, why)
        elif why:
            runs.append((day, day, why))
    for begins, ends, why in runs:
        step = "shorter" if why == "half" and not _half_skipped(budget, calendar) else "skipped"
        yield {"step": step, "from": begins.isoformat(), "until": ends.isoformat(), "why": why}


def _why(day: date, budget: Budget, receipt: date, calendar: Calendar) -> str | None:
    if day == receipt and budget.unit == "working_days" and budget.amount:
        return "receipt"
    return calendar.day(day).closed or ("half" if calendar.day(day).half else None)


def _half_skipped(budget: Budget, calendar: Calendar) -> bool:
    return budget.unit == "working_days" and budget.amount > 0 and not calendar.half_days_count


def _pause_step(pause: Span, start: datetime, budget: Budget, calendar: Calendar) -> Step:
    stops, goes_on = pause
    step = {"step": "paused", "from": stops.isoformat(), "until": goes_on.isoformat()}
    if budget.unit == "calendar_days":
        return step
    if budget.unit == "working_days":
        return {**step, "days": _closings(pause, start, budget, calendar)}
    if budget.unit == "working_hours":
        return {**step, "seconds": working_seconds_between(stops, goes_on, calendar)}
    return {**step, "seconds": (goes_on - stops).total_seconds()}


def _closings(pause: Span, start: datetime, budget: Budget, calendar: Calendar) -> int:
    """How many days the pause cost."""
    first, last = (calendar.day_of(moment) for moment in pause)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return sum(
        _counts(day, spans[-1][1], start, budget, calendar) and _paused_at(spans[-1][1], [pause])
        for day in days
        if (spans := calendar.day(day).spans)
    )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def _number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == int(number) else number


def _plain(amount: int | Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)
