"""The organisation's working time, as `derman.lib.worktime` computes with it."""

from functools import lru_cache
from typing import get_args

from derman.lib.worktime import Calendar, calendar_from
from derman.profile import schema
from derman.profile.schema import Profile

DAYS: tuple[schema.Weekday, ...] = get_args(schema.Weekday)


def calendar_of(profile: Profile) -> Calendar:
    """When the organisation works: its week, public holidays, half days and own dates."""
    return _calendar(profile.organisation.timezone, profile.calendar.model_dump_json())


@lru_cache(maxsize=64)
def _calendar(timezone: str, written: str) -> Calendar:
    calendar = schema.Calendar.model_validate_json(written)
    return calendar_from(
        timezone,
        [calendar.weekly.get(day, ()) for day in DAYS],
        country=calendar.holidays,
        half_day_closes=calendar.half_day_until,
        dates=calendar.dates,
    )
