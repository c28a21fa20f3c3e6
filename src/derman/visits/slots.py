"""When a team could come: the slots of the profile on the days of the calendar, less what is taken.

Everything is reckoned from the profile and one query; a slot that is not offered cannot be taken.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from derman.cases import clocks
from derman.profile.calendars import calendar_of
from derman.profile.schema import Profile
from derman.visits.models import TakenPlace

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """A time in which a team comes, and how many places are left in it."""

    unit: str
    begins_at: datetime
    ends_at: datetime
    places: int
    taken: int = 0

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.unit}|{self.begins_at.isoformat()}"

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)


def offered(profile: Profile, at: datetime, *, units: Iterable[str] | None = None) -> list[Slot]:
    """The slots that can still be planned now, full ones included, team by team. One query."""
    earliest = clocks.reckon(profile.visits.lead, at, profile).at
    first = today(profile, at)
    days = [first + ONE_DAY * number for number in range(profile.visits.days_ahead + 1)]
    found = of_days(profile, days, units=units)
    return [slot for slot in found if slot.begins_at >= earliest]


def of_days(
    profile: Profile, days: list[date], *, units: Iterable[str] | None = None
) -> list[Slot]:
    """The slots of some days in order, whether or not they can be planned. One query."""
    wanted = [unit for unit in profile.visits.teams if units is None or unit in set(units)]
    times = [times for day in days for times in _times(profile, day)]
    if not wanted or not times:
        return []
    rows = TakenPlace.objects.filter(
        unit__in=wanted, begins_at__gte=times[0][0], begins_at__lte=times[-1][0]
    )
    taken = Counter(rows.values_list("unit", "begins_at"))
    return [
        Slot(unit, begins, ends, profile.visits.teams[unit].at_once, taken[unit, begins])
        for unit in wanted
        for begins, ends in times
    ]


def find(profile: Profile, key: str, at: datetime) -> Slot | None:
    """The slot that a form names, if it is still offered."""
    return next((slot for slot in offered(profile, at) if slot.key == key), None)


def today(profile: Profile, at: datetime) -> date:
    """The date in the organisation's time zone."""
    return at.astimezone(_zone(profile)).date()


def day_of(profile: Profile, at: datetime) -> tuple[datetime, datetime]:
    """When the day of a moment begins and ends."""
    day = today(profile, at)
    zone = _zone(profile)
    begins = datetime.combine(day, datetime.min.time(), tzinfo=zone)
    return begins, datetime.combine(day + ONE_DAY, datetime.min.time(), tzinfo=zone)


def _times(profile: Profile, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The slots that lie within the working time of a day; breaks in between do not matter."""
    spans = calendar_of(profile).day(day).spans
    if not spans:
        return
    zone = _zone(profile)
    opens, closes = spans[0][0], spans[-1][1]
    for begins, ends in profile.visits.slots:
        slot = tuple(datetime.combine(day, moment, tzinfo=zone) for moment in (begins, ends))
        if opens <= slot[0] and slot[1] <= closes:
            yield slot[0], slot[1]


def _zone(profile: Profile) -> ZoneInfo:
    return ZoneInfo(profile.organisation.timezone)
