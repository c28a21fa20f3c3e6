"""Who is told when a case runs late or something about it repeats. A part of the schema."""

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from derman.profile.parts import Key, Name, Part, Text, Time
from derman.words.kinds import Channel, ClockKind, Kind
from derman.words.loop import Trigger
from derman.words.rights import Role

# Triggers that the worker finds: nothing has happened for a time.
BY_TIME = (Trigger.SILENCE, Trigger.NO_ACTION)


class Quiet(Part):
    """The hours in which nobody is told; what comes up in them waits for their end."""

    starts: time
    """When they begin, by the organisation's clocks."""
    ends: time
    """When they end; before the beginning means on the next day."""


class Level(Part):
    """Fires once for each clock, or once in each cycle of a case: because of a `clock` or of a
    `trigger`; told are a `role`, the `head` of a unit or a whole `unit`. Where none of them can be
    told, the supervisors are, else the managers, else the administrators."""

    label: Text
    """What people call it."""
    clock: ClockKind | None = None
    """The kind of clock that it watches."""
    trigger: Trigger | None = None
    """Or what happens that is not a clock's time."""
    before: Time | None = None
    """How long before the clock's time it fires."""
    after: Time | None = None
    """How long after the clock's time; neither means at that time. For the triggers `silence` and
    `no_action`: how long nothing has happened."""
    times: int = Field(default=3, ge=2, le=20)
    """For the trigger `cycles`: from which cycle on."""
    role: Role | None = None
    """Everybody with this role."""
    head: Literal["owner", "asked"] | None = None
    """The supervisors of the unit that owns the case, or of the unit that was `asked`; where it
    has none, its mailbox."""
    unit: Key | None = None
    """A group: the mailbox of this unit and everybody in it."""
    at_any_hour: bool = False
    """Fires in the quiet hours as well."""
    topics: tuple[Key, ...] = ()
    """Topics, main or sub, on whose cases it fires; none means all."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of cases; none means all."""
    channels: tuple[Channel, ...] = ()
    """How the cases came in; none means all."""

    def concerns(self, *, topic: str, kind: str, channel: str) -> bool:
        """Whether it fires on such a case."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.channels or channel in self.channels)
            and (
                not self.topics
                or any(topic == key or topic.startswith(f"{key}.") for key in self.topics)
            )
        )


class Escalation(Part):
    """The levels of each clock fire in the order in which they stand here."""

    quiet: Quiet | None = None
    """When nobody is told anything; nothing means that there are no such hours."""
    levels: dict[Name, Level] = {}
    """The levels."""

    def of_clock(self, kind: str) -> list[tuple[str, Level]]:
        """The levels of a kind of clock with their keys, the first to fire first."""
        return [(key, level) for key, level in self.levels.items() if level.clock == kind]

    def of_trigger(self, trigger: Trigger) -> list[tuple[str, Level]]:
        """The levels that something other than a clock sets off."""
        return [(key, level) for key, level in self.levels.items() if level.trigger == trigger]

    def awake(self, at: datetime, zone: ZoneInfo, level: Level | None = None) -> datetime:
        """This moment, or the end of the quiet hours that it falls into where a level keeps to
        them."""
        if self.quiet is None or (level and level.at_any_hour):
            return at
        local = at.astimezone(zone)
        starts, ends = self.quiet.starts, self.quiet.ends
        if starts < ends:
            is_quiet, days = starts <= local.time() < ends, 0
        else:
            is_quiet = local.time() >= starts or local.time() < ends
            days = 1 if local.time() >= starts else 0
        if not is_quiet:
            return at
        day = local.date() + timedelta(days=days)
        return datetime.combine(day, ends, tzinfo=zone).astimezone(at.tzinfo)
