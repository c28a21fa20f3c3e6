"""Levels that are published while clocks run: what fired stays fired, what is new fires, too."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from derman import worker
from derman.cases import clocks, due, levels, neglected, relevelled
from derman.cases.models import Case, Clock, Escalation
from derman.profile.escalation import Escalation as Levels
from derman.profile.escalation import Level
from derman.profile.publishing import Published
from derman.words.kinds import ClockKind, ClockState
from tests.factories import MONDAY, days, make_case, preset, published

pytestmark = pytest.mark.django_db

LABEL = {"tr": "Seviye", "en": "Level", "de": "Stufe"}
SOON = {"clock": "resolve", "before": "1 working day", "role": "supervisor"}
LATE = {"clock": "resolve", "role": "supervisor"}
LONG = {"clock": "resolve", "after": "2 working days", "role": "manager"}
SILENCE = {"trigger": "silence", "after": "3 working days", "role": "supervisor"}


def with_levels(**said: dict) -> Published:
    """The gas preset, published with these levels alone."""
    made = {key: Level.model_validate({"label": LABEL, **one}) for key, one in said.items()}
    return published(preset().model_copy(update={"escalation": Levels(levels=made)}))


def resolve_clock(case: Case) -> Clock:
    return Clock.objects.get(case=case, kind=ClockKind.RESOLVE)


def raised(case: Case) -> list[str]:
    rows = Escalation.objects.filter(case=case).order_by("at", "level")
    return list(rows.values_list("level", flat=True))


def settle_until(at: datetime, profile: Published) -> None:
    """As a worker that looks all the time."""
    while first := Clock.objects.filter(next_at__lte=at).order_by("next_at").first():
        due.settle(first.next_at, 100, profile=profile)


def publish_anew(at: datetime, **said: dict) -> Published:
    profile = with_levels(**said)
    assert relevelled.settle(at, 100, profile=profile)
    assert relevelled.settle(at, 100, profile=profile) == 0
    return profile


def test_a_level_published_later_fires_on_a_clock_that_ran_already():
    case = make_case(profile=with_levels())
    assert resolve_clock(case).next_at is None
    profile = publish_anew(MONDAY + days(1), late=LATE)
    clock = resolve_clock(case)
    assert clock.next_at == clock.due_at
    settle_until(clock.due_at, profile)
    assert raised(case) == ["late"]


def test_one_whose_moment_has_passed_fires_with_the_next_look():
    case = make_case(profile=with_levels())
    at = resolve_clock(case).due_at + days(1)
    profile = publish_anew(at, soon=SOON, late=LATE, long=LONG)
    due.settle(at, 100, profile=profile)
    assert raised(case) == ["late", "soon"]


def test_what_fired_fires_no_second_time_and_keeps_no_other_from_it():
    profile = with_levels(soon=SOON, late=LATE, long=LONG)
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    settle_until(clock.due_at, profile)
    assert raised(case) == ["soon", "late"]
    # One that fired is gone: the others move up, and the last is still ahead.
    profile = publish_anew(clock.due_at, late=LATE, long=LONG)
    settle_until(clock.due_at + days(9), profile)
    assert raised(case) == ["soon", "late", "long"]


def test_one_that_is_put_before_what_fired_does_not_fire_any_more():
    profile = with_levels(late=LATE)
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    settle_until(clock.due_at, profile)
    profile = publish_anew(clock.due_at, soon=SOON, late=LATE)
    settle_until(clock.due_at + days(9), profile)
    assert raised(case) == ["late"]


def test_a_level_that_is_gone_is_looked_for_no_more():
    case = make_case(profile=with_levels(late=LATE))
    assert resolve_clock(case).next_at
    publish_anew(MONDAY + days(1))
    assert resolve_clock(case).next_at is None


def test_a_history_told_elsewhere_stays_behind():
    case = make_case(profile=with_levels(late=LATE))
    clock = resolve_clock(case)
    clocks.leave_behind(clock, at=clock.due_at + days(1), profile=with_levels(late=LATE).profile)
    clock.save()
    at = clock.due_at + days(1)
    profile = publish_anew(at, late=LATE, long=LONG)
    settle_until(at + days(9), profile)
    assert raised(case) == ["long"]


def test_a_clock_looked_at_before_its_turn_finds_its_place_by_itself():
    profile = with_levels(soon=SOON, late=LATE, long=LONG)
    case = make_case(profile=profile)
    at = resolve_clock(case).due_at
    settle_until(at, profile)
    profile = with_levels(late=LATE, long=LONG)
    settle_until(at + days(9), profile)
    assert raised(case) == ["soon", "late", "long"]
    assert resolve_clock(case).reckoned_with == levels.stamp(profile.profile)


def test_a_change_of_texts_touches_no_clock(django_assert_num_queries):
    make_case(profile=with_levels(late=LATE))
    gas = with_levels(late=LATE).profile
    other = published(gas.model_copy(update={"notices": gas.notices[:-1]}))
    with django_assert_num_queries(2):
        assert relevelled.settle(MONDAY, 100, profile=other) == 0


@pytest.mark.parametrize("side", ["lt", "gt"])
def test_nothing_stale_is_found_without_a_scan(side):
    published()
    running = Clock.objects.filter(state=ClockState.RUNNING, **{f"reckoned_with__{side}": "5"})
    plan = running.values("pk")[:100].explain()
    assert "clock_by_levels" in plan or connection.vendor == "postgresql"
    assert "SCAN" not in plan


def test_it_goes_on_in_batches_and_leaves_what_stands_still_or_ended():
    old = with_levels()
    cases = [make_case(profile=old) for _ in range(3)]
    Clock.objects.filter(case=cases[0]).update(state=ClockState.PAUSED)
    Clock.objects.filter(case=cases[1]).update(state=ClockState.MET, stopped_at=MONDAY)
    running = Clock.objects.filter(case=cases[2]).count()
    profile = with_levels(late=LATE)
    found = [relevelled.settle(MONDAY, 1, profile=profile) for _ in range(running + 1)]
    assert found == [1] * running + [0]


def test_many_are_reckoned_in_few_statements(django_assert_max_num_queries):
    old = with_levels()
    for _ in range(20):
        make_case(profile=old)
    profile = with_levels(late=LATE)
    with django_assert_max_num_queries(12):
        assert relevelled.settle(MONDAY, 100, profile=profile) >= 20


def test_a_silence_published_later_is_counted_from_then_on():
    case = make_case(profile=with_levels(late=LATE))
    at = MONDAY + days(7)
    profile = publish_anew(at, late=LATE, silence=SILENCE)
    assert neglected.settle(at + days(2), 100, profile=profile) == 0
    neglected.settle(at + days(4), 100, profile=profile)
    assert raised(case) == ["silence"]


def test_a_shorter_silence_is_counted_from_when_somebody_last_did_anything():
    case = make_case(profile=with_levels(silence={**SILENCE, "after": "9 working days"}))
    at = MONDAY + days(4)
    profile = publish_anew(at, silence=SILENCE)
    neglected.settle(at + timedelta(hours=1), 100, profile=profile)
    assert raised(case) == ["silence"]


def test_the_worker_does_it():
    names = [one.name for one in worker.reconcilers()]
    assert names.index("clocks of other levels") < names.index("clocks that are due")
