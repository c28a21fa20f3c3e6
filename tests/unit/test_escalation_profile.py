"""Levels and limits of a profile: what is refused, and how long before a date a warning comes."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from derman.lib.worktime import Budget, before, calendar_from, due
from derman.profile import presets
from derman.profile.authority import Authority, Limit
from derman.profile.checks import findings
from derman.profile.escalation import Escalation, Level, Quiet
from derman.words.kinds import ClockKind
from tests.factories import preset

LABEL = {"tr": "Seviye", "en": "Level", "de": "Stufe"}
ISTANBUL = ZoneInfo("Europe/Istanbul")
WEEK = calendar_from("Europe/Istanbul", [[(time(8, 30), time(17, 30))]] * 5 + [[], []])


def wrong(part: str, value: object) -> list[str]:
    profile = preset().model_copy(update={part: value})
    return [".".join(map(str, found.path)) for found in findings(profile)]


def levels(**said: dict[str, Any]) -> Escalation:
    made = {key: Level.model_validate({"label": LABEL, **level}) for key, level in said.items()}
    return Escalation(levels=made)


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_warns_before_and_raises_after_and_limits_what_is_paid(name):
    profile = preset(name)
    of_cases = profile.escalation.of_clock(ClockKind.RESOLVE)
    assert any(level.before for _key, level in of_cases)
    assert any(not level.before for _key, level in of_cases)
    assert {"reopened_twice", "bounced", "silence"} <= {
        str(level.trigger) for level in profile.escalation.levels.values() if level.trigger
    }
    assert profile.authority.limits


@pytest.mark.parametrize(
    ("level", "path"),
    [
        ({"role": "manager"}, ""),
        ({"clock": "task", "trigger": "repeat", "role": "manager"}, ""),
        ({"clock": "task"}, ""),
        ({"clock": "task", "role": "manager", "head": "owner"}, ""),
        ({"clock": "task", "unit": "nobody"}, ".unit"),
        ({"clock": "task", "role": "manager", "topics": ["nothing"]}, ".topics.0"),
        ({"trigger": "silence", "role": "manager"}, ".after"),
        ({"trigger": "repeat", "after": "1 hour", "role": "manager"}, ".after"),
        ({"trigger": "repeat", "before": "1 hour", "role": "manager"}, ".before"),
        ({"clock": "task", "times": 4, "role": "manager"}, ".times"),
        ({"clock": "task", "role": "reception"}, ".role"),
    ],
)
def test_a_level_that_makes_no_sense_is_named(level, path):
    assert f"escalation.levels.x{path}" in wrong("escalation", levels(x=level))


def test_levels_stand_in_the_order_in_which_they_fire():
    late = {"clock": "task", "role": "supervisor"}
    soon = {"clock": "task", "before": "2 hours", "role": "supervisor"}
    assert wrong("escalation", levels(soon=soon, late=late)) == []
    assert wrong("escalation", levels(late=late, soon=soon)) == ["escalation.levels.soon"]


def test_quiet_hours_that_never_end_are_refused():
    quiet = Escalation(quiet=Quiet(starts=time(7), ends=time(7)))
    assert wrong("escalation", quiet) == ["escalation.quiet.ends"]


def test_what_is_raised_is_never_told_to_an_applicant():
    profile = preset()
    told = [
        notice.model_copy(update={"to": "applicant"}) if notice.on == "escalated" else notice
        for notice in profile.notices
    ]
    index = next(at for at, notice in enumerate(told) if notice.on == "escalated")
    assert f"notices.{index}.to" in wrong("notices", tuple(told))


def test_a_limit_that_limits_nothing_is_refused():
    limit = Limit.model_validate({"label": LABEL, "roles": ["agent"], "units": ["nobody"]})
    found = wrong("authority", Authority(limits={"x": limit}))
    assert set(found) == {"authority.limits.x", "authority.limits.x.units.0"}


@pytest.mark.parametrize(
    ("approvers", "path"),
    [
        ((), "authority.approvers"),
        (("manager", "agent"), "authority.approvers.1"),
        (("manager",), None),
    ],
)
def test_a_limit_needs_somebody_who_is_told_and_may_approve(approvers, path):
    limit = Limit.model_validate({"label": LABEL, "roles": ["unit"], "compensation": 0})
    found = wrong("authority", Authority(approvers=approvers, limits={"x": limit}))
    assert found == ([path] if path else [])


@pytest.mark.parametrize(
    ("starts", "ends", "at", "awake"),
    [
        (time(21), time(7), (1, 20, 59), (1, 20, 59)),
        (time(21), time(7), (1, 21, 0), (2, 7, 0)),
        (time(21), time(7), (2, 6, 59), (2, 7, 0)),
        (time(21), time(7), (2, 7, 0), (2, 7, 0)),
        (time(12), time(14), (1, 13, 0), (1, 14, 0)),
        (time(12), time(14), (1, 14, 0), (1, 14, 0)),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(starts, ends, at, awake):
    levels = Escalation(quiet=Quiet(starts=starts, ends=ends))
    moment = datetime(2026, 3, *at, tzinfo=ISTANBUL).astimezone(UTC)
    assert levels.awake(moment, ISTANBUL) == datetime(2026, 3, *awake, tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ("3 hours", (4, 14, 30)),
        ("8 working hours", (4, 9, 30)),
        ("10 working hours", (3, 16, 30)),
        ("1 working day", (3, 17, 30)),
        ("3 working days", (27, 17, 30)),
        ("same day", (4, 8, 30)),
    ],
)
def test_how_long_before_a_date_is_counted_in_working_time(budget, expected):
    end = datetime(2026, 3, 4, 17, 30, tzinfo=ISTANBUL)  # a Wednesday, at closing
    day, hour, minute = expected
    month = 2 if day > 4 else 3
    found = before(end, Budget.parse(budget), WEEK)
    assert found == datetime(2026, month, day, hour, minute, tzinfo=ISTANBUL)
    assert due(found, Budget.parse(budget), WEEK).at == end
