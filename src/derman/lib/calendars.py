"""Working time as data: weekly intervals, and dates that differ from the week.

`worktime` computes with a `Calendar`; `calendar_from` makes one with a country's public holidays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

Interval = tuple[time, time]
Span = tuple[datetime, datetime]

MIDNIGHT = time(0)  # as the end of an interval: the end of that day
ONE_DAY = timedelta(days=1)
HOLIDAY_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Day:
    """One date of a calendar."""

    spans: tuple[Span, ...]
    """The working time as moments in UTC. Where a clock change bends it, none overlap."""
    closed: str | None
    """`weekend` or `closed`; nothing when there is work."""
    half: bool
    """We work, but shorter than this day of the week usually has it."""


@dataclass(frozen=True)
class Calendar:
    """When an organisation works. `dates` wins over the week; no interval means closed."""

    tz: tzinfo
    weekly: tuple[tuple[Interval, ...], ...]
    dates: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    half_days_count: bool = True
    """Does a half day count as one in limits of working days?"""
    _days: dict[date, "Day"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"a week has seven days, Monday first; {len(self.weekly)} were given")
        own = self.dates.values() if isinstance(self.dates, dict) else ()
        for intervals in (*self.weekly, *own):
            _check(intervals)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        special = self.dates.get(day)
        return self.weekly[day.weekday()] if special is None else special

    def day(self, day: date) -> "Day":
        """What there is to know of a date; worked out once."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = Day(self._spans(day), self._why_closed(day), self._half(day))
        return known

    def _half(self, day: date) -> bool:
        special = self.dates.get(day)
        return bool(special) and _length(special or ()) < _length(self.weekly[day.weekday()])

    def _why_closed(self, day: date) -> str | None:
        if self.intervals(day):
            return None
        return "closed" if self.weekly[day.weekday()] else "weekend"

    def _spans(self, day: date) -> tuple[Span, ...]:
        spans: list[Span] = []
        for opens, closes in self.intervals(day):
            start = self.moment(day, opens)
            end = self.moment(day + ONE_DAY if closes == MIDNIGHT else day, closes)
            if spans:
                start = max(start, spans[-1][1])
            if start < end:
                spans.append((start, end))
        return tuple(spans)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.tz).date()

    def moment(self, day: date, wall: time) -> datetime:
        """A time on the wall clock of a date, in UTC."""
        return datetime.combine(day, wall, tzinfo=self.tz).astimezone(UTC)


def calendar_from(
    tz: str,
    weekly: Sequence[Sequence[Interval]],
    *,
    country: str | None = "TR",
    half_day_closes: time = time(13),
    dates: Mapping[date, Sequence[Interval]] | None = None,
    half_days_count: bool = True,
) -> Calendar:
    """A calendar that closes on the country's holidays and early on its half days.

    What `dates` says about a date (administrative leave, company days) wins over the holidays.
    A year is expanded when a date in it is first asked for.
    """
    week = tuple(tuple(day) for day in weekly)
    own = {day: tuple(intervals) for day, intervals in (dates or {}).items()}
    for intervals in own.values():
        _check(intervals)
    special: Mapping[date, tuple[Interval, ...]] = own
    if country is not None:
        special = _HolidayDates(country, week, half_day_closes, own)
    return Calendar(ZoneInfo(tz), week, special, half_days_count)


class _HolidayDates(Mapping[date, tuple[Interval, ...]]):
    """Holidays, half days and the organisation's own dates, looked up a year at a time."""

    def __init__(
        self,
        country: str,
        weekly: tuple[tuple[Interval, ...], ...],
        half_day_closes: time,
        own: Mapping[date, tuple[Interval, ...]],
    ) -> None:
        _holidays_of(country, HOLIDAY_YEARS.start)  # an unknown country is told of at once
        self._country = country
        self._weekly = weekly
        self._closes = half_day_closes
        self._own = own

    def __getitem__(self, day: date) -> tuple[Interval, ...]:
        if day in self._own:
            return self._own[day]
        if day.year not in HOLIDAY_YEARS:
            raise KeyError(day)
        full = _holidays_of(self._country, day.year)[day]
        return () if full else _until(self._closes, self._weekly[day.weekday()])

    def __iter__(self) -> Iterator[date]:
        yield from sorted({*self._own, *self._holidays()})

    def __len__(self) -> int:
        return len({*self._own, *self._holidays()})

    def _holidays(self) -> Iterator[date]:
        for year in HOLIDAY_YEARS:
            yield from _holidays_of(self._country, year)


@lru_cache(maxsize=512)
def _holidays_of(country: str, year: int) -> Mapping[date, bool]:
    """The holidays of a year: true for a whole day, false for a half day.

    A union of both categories cannot tell the two apart, so each is asked for alone; on a date
    that is both (the eve of one feast is another's day) the whole day wins.
    """
    if country not in holidays.list_supported_countries():
        raise ValueError(f"no holidays are known for the country {country!r}")
    # The names are not used, but without a language they would follow the environment.
    known = holidays.country_holidays(country, years=year, language="en_US")
    days = dict.fromkeys(known, True)
    if "half_day" in known.supported_categories:
        half = holidays.country_holidays(
            country, years=year, categories=("half_day",), language="en_US"
        )
        days = dict.fromkeys(half, False) | days
    return days


def _until(closes: time, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    return tuple(
        (start, closes if end == MIDNIGHT else min(end, closes))
        for start, end in intervals
        if start < closes
    )


def _check(intervals: Sequence[Interval]) -> None:
    """Refuse intervals that are empty, out of order or overlapping."""
    previous = MIDNIGHT
    for number, (start, end) in enumerate(intervals):
        after_midnight = end == MIDNIGHT and number < len(intervals) - 1
        if start < previous or after_midnight or (end != MIDNIGHT and end <= start):
            raise ValueError(f"the interval {start:%H:%M}-{end:%H:%M} is empty or out of order")
        previous = end


def _length(intervals: Sequence[Interval]) -> int:
    """Seconds on the wall clock."""
    return sum((_seconds(end) or 86_400) - _seconds(start) for start, end in intervals)


def _seconds(wall: time) -> int:
    return (wall.hour * 60 + wall.minute) * 60 + wall.second
