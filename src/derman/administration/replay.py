"""Which cases would have gone another way, or had other times, under another profile.

Pure: both profiles are asked what they would have done with a case at its receipt. What people
decided later (another unit, a promised date, a pause) is theirs and is not replayed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from derman.cases import clocks
from derman.lib import worktime
from derman.lib.worktime import Budget
from derman.profile.calendars import calendar_of
from derman.profile.schema import Profile
from derman.words.kinds import Channel


class Facts(NamedTuple):
    """What a case brought with it."""

    number: str
    topic: str
    region: str
    channel: str
    received_at: datetime


@dataclass(frozen=True)
class Route:
    """What a profile does with every case of a topic, region and channel."""

    unit: str
    owner: str
    is_sent_at_once: bool
    is_taken_in: bool
    resolve: Budget
    task: Budget | None
    acknowledge: Budget | None


@dataclass(frozen=True)
class Times:
    """When things would have been due."""

    resolve: datetime
    task: datetime | None
    acknowledge: datetime | None


@dataclass(frozen=True)
class Replayed:
    """One case that the two profiles treat differently."""

    facts: Facts
    old: Route
    new: Route
    old_times: Times
    new_times: Times

    @property
    def is_routed_otherwise(self) -> bool:
        return _way(self.old) != _way(self.new)

    @property
    def is_timed_otherwise(self) -> bool:
        return self.old_times != self.new_times


def replay(cases: Iterable[Facts], old: Profile, new: Profile) -> Iterator[Replayed]:
    """The cases that the new profile treats otherwise, in the order in which they come."""
    then, now = Watch(old), Watch(new)
    same_calendar = then.calendar == now.calendar

    @lru_cache(maxsize=10_000)
    def both(topic: str, region: str, channel: str) -> tuple[Route, Route]:
        return route(topic, region, channel, old), route(topic, region, channel, new)

    for facts in cases:
        before, after = both(facts.topic, facts.region, facts.channel)
        if before == after and same_calendar:
            continue
        found = Replayed(facts, before, after, then.times(facts, before), now.times(facts, after))
        if found.is_routed_otherwise or found.is_timed_otherwise:
            yield found


def route(topic: str, region: str, channel: str, profile: Profile) -> Route:
    """Where a profile sends a case, and how long it gives."""
    process, found = profile.process, profile.topic(topic)
    emergency = found is not None and found.emergency
    unit = (found.unit_for(region) if found else None) or ""
    if emergency and not unit:
        unit = process.emergency_unit
    taken = channel in tuple(Channel) and profile.channels.get(Channel(channel))
    return Route(
        unit=unit,
        owner=process.owner,
        is_sent_at_once=emergency or (process.refers == "itself" and bool(unit)),
        is_taken_in=bool(taken and taken.enabled and found and not found.retired),
        resolve=clocks.resolve_budget(topic, profile),
        task=clocks.task_budget(topic, profile) if unit else None,
        acknowledge=profile.clocks.acknowledge,
    )


class Watch:
    """Reckons with one profile's calendar; working days by the date of receipt, each date once."""

    def __init__(self, profile: Profile) -> None:
        self.calendar = calendar_of(profile)
        self.zone = ZoneInfo(profile.organisation.timezone)
        self.known: dict[tuple[Budget, date], datetime] = {}

    def times(self, facts: Facts, way: Route) -> Times:
        """When a case would be due that goes this way; a task as if it were asked for at once."""
        at = facts.received_at
        return Times(
            self.due(way.resolve, at),
            self.due(way.task, at) if way.task else None,
            self.due(way.acknowledge, at) if way.acknowledge else None,
        )

    def due(self, budget: Budget, at: datetime) -> datetime:
        if budget.unit != "working_days" or not budget.amount:
            return worktime.due(at, budget, self.calendar).at
        key = (budget, at.astimezone(self.zone).date())
        if key not in self.known:
            self.known[key] = worktime.due(at, budget, self.calendar).at
        return self.known[key]


def _way(route: Route) -> tuple[str, str, bool, bool]:
    return route.unit, route.owner, route.is_sent_at_once, route.is_taken_in
