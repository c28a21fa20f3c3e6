"""When the levels of a clock fire. Pure: no query, nothing is written.

`Clock.level` says how many levels of the clock's kind are behind it, whether they fired or did not
concern the case, in the order of the profile. `Clock.reckoned_with` says which levels those were.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from derman.cases.models import Case, Clock
from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.escalation import Level
from derman.profile.schema import Profile
from derman.words.life import State
from derman.words.loop import Trigger

Ahead = tuple[int, datetime, str, Level]  # place in the order, moment, key, level

_stamped: list[tuple[Profile, str]] = []  # the profile asked for last, with its stamp


def stamp(profile: Profile) -> str:
    """What `Clock.next_at` is reckoned with, in short: another one when any of it changes."""
    last = _stamped[0] if _stamped else None
    if last is None or last[0] is not profile:  # `last` is ours: another thread asks of another
        last = (profile, _stamp(profile))
        _stamped[:] = [last]
    return last[1]


def _stamp(profile: Profile) -> str:
    parts = (
        profile.escalation.model_dump_json(),
        profile.calendar.model_dump_json(),
        profile.organisation.timezone,
        str(profile.clocks.ahead),
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def realign(clock: Clock, fired: Collection[str], profile: Profile) -> None:
    """Find the clock's place again where levels were published anew since it was reckoned.

    What fired stays behind it, and what stands above that now: it would have fired before.
    """
    keys = [key for key, _level in profile.escalation.of_clock(clock.kind)]
    behind = [place + 1 for place, key in enumerate(keys) if key in fired]
    # Levels may lie behind it that never fired: of a history that was told elsewhere.
    clock.level = max(behind, default=0) if fired else min(clock.level, len(keys))
    clock.reckoned_with = stamp(profile)


def next_at(clock: Clock, profile: Profile) -> datetime | None:
    """When the next level of this clock that has not fired does so; None when there is none.

    The clock's case must be at hand. A level that stands after another fires no sooner than it.
    """
    ahead = levels_ahead(clock, profile)
    return ahead[0][1] if ahead else None


def levels_ahead(clock: Clock, profile: Profile) -> list[Ahead]:
    """What has not fired yet: place in the order, moment, key, level."""
    zone = ZoneInfo(profile.organisation.timezone)
    found: list[Ahead] = []
    for place, (key, level) in enumerate(profile.escalation.of_clock(clock.kind)):
        if place < clock.level or not concerns(level, clock.case):
            continue
        own = _moment(clock.due_at, level, profile)
        if level.before and own <= clock.started_at:
            continue  # the clock is shorter than the warning: it would be given at once
        moment = profile.escalation.awake(own, zone, level)
        if found:
            moment = max(moment, found[-1][1])
        found.append((place, moment, key, level))
    return found


def watch_from(state: str, at: datetime, profile: Profile) -> datetime | None:
    """When a case that stands still in this state from now on is first looked at; None: never."""
    if state == State.CLOSED:
        return None
    trigger = Trigger.NO_ACTION if state == State.RESOLVED else Trigger.SILENCE
    moments = [
        worktime.due(at, level.after, calendar_of(profile)).at
        for _key, level in profile.escalation.of_trigger(trigger)
        if level.after
    ]
    return min(moments, default=None)


def concerns(level: Level, case: Case) -> bool:
    """Whether a level fires on this case."""
    return level.concerns(topic=case.topic, kind=case.kind, channel=case.channel)


def _moment(due_at: datetime, level: Level, profile: Profile) -> datetime:
    if level.before:
        return worktime.before(due_at, level.before, calendar_of(profile))
    if level.after:
        return worktime.due(due_at, level.after, calendar_of(profile)).at
    return due_at
