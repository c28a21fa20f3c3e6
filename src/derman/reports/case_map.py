"""The map of one case: who had it when, and how long each had it in all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from derman.cases.models import Case, Event
from derman.lib.worktime import working_seconds_between
from derman.profile.calendars import calendar_of
from derman.profile.schema import Profile
from derman.reports.stays import MOVING, Fact, Lane, Stay, stays

LaneKey = tuple[Lane, tuple[str, ...]]
DAYS_SHADED = timedelta(days=31)  # longer ones would be all stripes
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A lane: who, how long in all, how much of it nobody worked, and the working time in it."""

    lane: Lane
    units: tuple[str, ...]
    stays: tuple[Stay, ...]
    total: timedelta
    waiting: timedelta
    working: timedelta


@dataclass(frozen=True)
class CaseMap:
    """Lanes in the order in which they first had the case. The totals add up to `age` exactly."""

    begins: datetime
    ends: datetime
    rows: tuple[Row, ...]
    stays: tuple[Stay, ...]
    working_spans: tuple[tuple[datetime, datetime], ...]

    @property
    def age(self) -> timedelta:
        return self.ends - self.begins

    @property
    def waiting(self) -> timedelta:
        """How long nobody worked on it, in all lanes."""
        return sum((row.waiting for row in self.rows), timedelta())

    @property
    def working(self) -> timedelta:
        """How much working time has gone by."""
        return sum((row.working for row in self.rows), timedelta())


def of_case(case: Case, profile: Profile, at: datetime) -> CaseMap:
    """The map of a case as it stands at `at`, in whole seconds. One query."""
    told = Event.objects.filter(case=case, type__in=MOVING).order_by("id")
    rows = told.values_list("type", "at", "details")
    facts = [Fact(type_, _second(moment), details) for type_, moment, details in rows]
    begins = _second(case.received_at)
    facts.insert(0, Fact("", begins))  # a case that was imported may have begun before its history
    ends = max(_second(case.closed_at or at), begins)
    return lay_out(stays(facts, until=ends), begins, ends, profile)


def _second(moment: datetime) -> datetime:
    """Sums that are shown in seconds are sums of whole seconds."""
    return moment.replace(microsecond=0)


def lay_out(found: list[Stay], begins: datetime, ends: datetime, profile: Profile) -> CaseMap:
    """Stays by lane, with their sums."""
    lanes: dict[LaneKey, list[Stay]] = defaultdict(list)
    for stay in found:
        lanes[stay.place.lane, stay.place.units].append(stay)
    rows = tuple(_row(key, had, profile) for key, had in lanes.items())
    return CaseMap(begins, ends, rows, tuple(found), _spans(begins, ends, profile))


def _row(key: LaneKey, had: list[Stay], profile: Profile) -> Row:
    calendar = calendar_of(profile)
    worked = sum(working_seconds_between(stay.begins, stay.ends, calendar) for stay in had)
    return Row(
        lane=key[0],
        units=key[1],
        stays=tuple(had),
        total=sum((stay.length for stay in had), timedelta()),
        waiting=sum((stay.length for stay in had if stay.is_waiting), timedelta()),
        working=timedelta(seconds=worked),
    )


def _spans(
    begins: datetime, ends: datetime, profile: Profile
) -> tuple[tuple[datetime, datetime], ...]:
    """The working time in between, where it is short enough to be seen."""
    if ends - begins > DAYS_SHADED:
        return ()
    calendar = calendar_of(profile)
    day, last = calendar.day_of(begins), calendar.day_of(ends)
    found: list[tuple[datetime, datetime]] = []
    while day <= last:
        for opens, closes in calendar.day(day).spans:
            if closes > begins and opens < ends:
                found.append((max(opens, begins), min(closes, ends)))
        day += ONE_DAY
    return tuple(found)
