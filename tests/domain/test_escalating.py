"""Levels fire once, in order, outside quiet hours; triggers that are not time raise a case."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from derman.cases import actions, escalated, escalating, neglected
from derman.cases.actions._core import Act
from derman.cases.models import Case, Clock, Dispatch, Escalation
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.profile.escalation import Escalation as Levels
from derman.profile.escalation import Level, Quiet
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import ClockKind, ClosingReason, Decision
from derman.words.loop import Trigger
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db

LABEL = {"tr": "Seviye", "en": "Level", "de": "Stufe"}
ISTANBUL = ZoneInfo("Europe/Istanbul")


def with_levels(quiet: tuple[str, str] | None = None, **levels: dict) -> Published:
    """The gas preset, published with these levels alone."""
    hours = Quiet(starts=quiet[0], ends=quiet[1]) if quiet else None
    made = {key: Level.model_validate({"label": LABEL, **said}) for key, said in levels.items()}
    said = Levels(quiet=hours, levels=made)
    return published(preset().model_copy(update={"escalation": said}))


def resolve_clock(case: Case) -> Clock:
    return Clock.objects.select_related("case").get(case=case, kind=ClockKind.RESOLVE)


def moments(clock: Clock, profile: Published) -> datetime | None:
    return escalating.next_at(clock, profile.profile)


def raised(case: Case) -> list[str]:
    """The levels that fired, in the order of their events; of one look all are of one moment."""
    events = case.events.filter(type=EventType.ESCALATED).order_by("id")
    return [event.details["level"] for event in events]


THREE = {
    "soon": {"clock": "resolve", "before": "1 working day", "head": "owner"},
    "late": {"clock": "resolve", "role": "supervisor"},
    "long": {"clock": "resolve", "after": "2 working days", "role": "manager"},
}


def test_levels_fire_one_after_the_other_and_each_once():
    profile = with_levels(**THREE)
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    seen = []
    while (at := moments(clock, profile)) is not None:
        assert escalating.fire(case, clock, at=at - timedelta(seconds=1), profile=profile) == 0
        assert escalating.fire(case, clock, at=at, profile=profile) == 1
        assert escalating.fire(case, clock, at=at, profile=profile) == 0
        seen.append(at)
    assert raised(case) == ["soon", "late", "long"]
    assert seen == sorted(seen)
    assert seen[1] == clock.due_at
    events = case.events.filter(type=EventType.ESCALATED).order_by("id")
    assert [event.details["level"] for event in events] == ["soon", "late", "long"]
    assert events[0].details["clock"] == "resolve"
    assert (events[0].details["role"], events[0].details["unit"]) == ("supervisor", "solution")
    assert (events[1].details["role"], events[1].details["unit"]) == ("supervisor", "")


def test_what_came_up_while_no_worker_ran_fires_together():
    profile = with_levels(**THREE)
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    assert escalating.fire(case, clock, at=clock.due_at + days(30), profile=profile) == 3
    assert moments(clock, profile) is None


def test_a_second_worker_fires_nothing():
    profile = with_levels(**THREE)
    case = make_case(profile=profile)
    one, other = resolve_clock(case), resolve_clock(case)
    assert escalating.fire(case, one, at=one.due_at, profile=profile) == 2
    assert escalating.fire(case, other, at=one.due_at, profile=profile) == 0
    assert raised(case) == ["soon", "late"]


def test_escalating_keeps_the_version_for_whoever_is_typing():
    profile = with_levels(**THREE)
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    version = case.version
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    case.refresh_from_db()
    assert case.version == version


def test_a_level_in_quiet_hours_fires_when_they_end():
    profile = with_levels(("16:00", "08:00"), late={"clock": "resolve", "role": "supervisor"})
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    due = clock.due_at.astimezone(ISTANBUL)
    assert due.hour >= 16
    at = moments(clock, profile)
    assert at
    assert at.astimezone(ISTANBUL) == due.replace(hour=8, minute=0) + days(1)


def test_a_level_for_any_hour_does_not_wait_for_the_morning():
    late = {"clock": "resolve", "role": "supervisor", "at_any_hour": True}
    profile = with_levels(("16:00", "08:00"), late=late)
    clock = resolve_clock(make_case(profile=profile))
    assert moments(clock, profile) == clock.due_at


def test_a_warning_longer_than_its_clock_is_not_given():
    profile = with_levels(
        soon={"clock": "resolve", "before": "90 working days", "head": "owner"},
        late={"clock": "resolve", "role": "supervisor"},
    )
    clock = resolve_clock(make_case(profile=profile))
    assert moments(clock, profile) == clock.due_at


def test_a_level_of_another_topic_passes_by_and_does_not_hold_up_the_next():
    profile = with_levels(
        urgent={"clock": "resolve", "role": "manager", "topics": ["urgent"]},
        late={"clock": "resolve", "role": "supervisor", "topics": ["metering"]},
    )
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    assert escalating.fire(case, clock, at=clock.due_at, profile=profile) == 1
    assert raised(case) == ["late"]
    assert moments(clock, profile) is None


def test_the_head_of_the_unit_that_was_asked_is_told_of_its_task():
    profile = with_levels(late={"clock": "task", "head": "asked"})
    case = make_case(profile=profile)
    solver = make_user(Role.SOLUTION, "solution")
    actions.refer(case, "billing", by=solver, at=MONDAY, profile=profile)
    clock = Clock.objects.select_related("case", "task").get(case=case, kind=ClockKind.TASK)
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    row = Escalation.objects.get(case=case)
    assert (row.role, row.unit) == ("supervisor", "billing")


def told(case: Case, at: datetime) -> set[str]:
    """Whom the event of the escalation is sent to."""
    expansion.expand(at, 100)
    found = Message.objects.filter(case=case, event__type=EventType.ESCALATED)
    return {message.address for message in found}


def test_the_unit_s_head_is_told_and_where_it_has_none_its_mailbox():
    profile = with_levels(late={"clock": "resolve", "head": "owner"})
    first = make_case(profile=profile)
    clock = resolve_clock(first)
    escalating.fire(first, clock, at=clock.due_at, profile=profile)
    assert told(first, clock.due_at) == {profile.profile.units["solution"].email}
    head = make_user(Role.SUPERVISOR, "solution")
    make_user(Role.SUPERVISOR, "call_centre", name="other")
    second = make_case(profile=profile)
    clock = resolve_clock(second)
    escalating.fire(second, clock, at=clock.due_at, profile=profile)
    assert told(second, clock.due_at) == {head.email}


def without_mailbox(profile: Published, unit: str) -> Published:
    bare = profile.profile.units[unit].model_copy(update={"email": None})
    units = {**profile.profile.units, unit: bare}
    return published(profile.profile.model_copy(update={"units": units}))


def test_a_unit_without_head_and_mailbox_leaves_it_to_the_supervisors_and_says_so():
    profile = without_mailbox(with_levels(late={"clock": "resolve", "head": "owner"}), "solution")
    case = make_case(profile=profile)
    elsewhere = make_user(Role.SUPERVISOR, "call_centre")
    make_user(Role.MANAGER)
    clock = resolve_clock(case)
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    assert told(case, clock.due_at) == {elsewhere.email}
    row = Escalation.objects.get(case=case)
    assert (row.role, row.unit) == ("supervisor", "")
    assert (row.details["meant_role"], row.details["meant_unit"]) == ("supervisor", "solution")


@pytest.mark.parametrize(
    "said",
    [{"role": "quality"}, {"unit": "solution"}, {"head": "asked"}],
)
def test_whomever_a_level_names_somebody_is_told(said: dict):
    profile = with_levels(late={"clock": "resolve", **said})
    for unit in ("solution", "network"):
        profile = without_mailbox(profile, unit)
    case = make_case(profile=profile)
    Case.objects.filter(pk=case.pk).update(unit="network")
    case.refresh_from_db()
    boss = make_user(Role.MANAGER)
    clock = resolve_clock(case)
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    assert told(case, clock.due_at) == {boss.email}


def test_where_nobody_works_yet_it_stays_with_whom_the_level_names():
    profile = without_mailbox(with_levels(late={"clock": "resolve", "head": "owner"}), "solution")
    case = make_case(profile=profile)
    clock = resolve_clock(case)
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    row = Escalation.objects.get(case=case)
    assert (row.role, row.unit, row.details["meant_unit"]) == ("supervisor", "solution", "solution")


def test_everybody_with_a_role_is_told_and_never_the_applicant():
    profile = with_levels(late={"clock": "resolve", "role": "manager"})
    managers = [make_user(Role.MANAGER, name=name) for name in ("mona", "memo")]
    case = make_case(profile=profile, customer=make_customer(email="ayse@example.org"))
    clock = resolve_clock(case)
    escalating.fire(case, clock, at=clock.due_at, profile=profile)
    assert told(case, clock.due_at) == {user.email for user in managers}
    message = Message.objects.filter(case=case, event__type=EventType.ESCALATED).first()
    assert message
    assert "Level" in message.subject
    assert "{{" not in message.body


def trigger_profile(what: Trigger, **more: object) -> Published:
    return with_levels(up={"trigger": what, "head": "owner", **more})


def test_the_third_contact_raises_once():
    profile = trigger_profile(Trigger.THIRD_CONTACT)
    case = make_case(profile=profile)
    agent = make_user(Role.AGENT)
    for hour in range(1, 5):
        at = MONDAY + timedelta(hours=hour)
        actions.hear(case, "Hâlâ bekliyorum.", by=agent, at=at, profile=profile)
        assert len(raised(case)) == (1 if hour >= 2 else 0)
    assert Escalation.objects.get(case=case).details == {"count": 3}


def concluded_again(case: Case, times: int, profile: Published) -> None:
    solver = make_user(Role.SOLUTION, "solution")
    actions.take(case, by=solver, at=MONDAY, profile=profile)
    for turn in range(times):
        at = MONDAY + days(turn + 1)
        actions.outcome(
            case, Decision.NOT_JUSTIFIED, f"Sonuç {turn}", by=solver, at=at, profile=profile
        )
        actions.reopen(case, "Kabul etmiyor.", by=solver, at=at, profile=profile)


def test_reopening_twice_raises_and_a_further_cycle_raises_again():
    profile = trigger_profile(Trigger.REOPENED_TWICE)
    case = make_case(profile=profile)
    concluded_again(case, 3, profile)
    rows = Escalation.objects.filter(case=case).order_by("at")
    assert [(row.cycle, row.details["count"]) for row in rows] == [(3, 2), (4, 3)]


def test_cycles_raise_from_the_one_that_the_level_names():
    profile = trigger_profile(Trigger.CYCLES, times=4)
    case = make_case(profile=profile)
    concluded_again(case, 3, profile)
    assert [row.cycle for row in Escalation.objects.filter(case=case)] == [4]


def test_a_trigger_the_profile_does_not_name_raises_nothing():
    profile = with_levels(**THREE)
    case = make_case(profile=profile)
    assert escalating.trigger(case, Trigger.REPEAT, Act(None, MONDAY, profile)) == 0
    assert not case.events.filter(type=EventType.ESCALATED).exists()


def test_a_trigger_at_night_is_written_at_once_and_told_in_the_morning():
    profile = with_levels(("20:00", "08:00"), up={"trigger": "repeat", "role": "supervisor"})
    case = make_case(profile=profile)
    night = MONDAY.replace(hour=23)
    escalating.trigger(case, Trigger.REPEAT, Act(None, night, profile), other="264839172")
    assert Escalation.objects.get(case=case).at == night
    waiting = Dispatch.objects.get(event__type=EventType.ESCALATED)
    assert waiting.not_before.astimezone(ISTANBUL) == MONDAY.replace(hour=8) + days(1)


def test_a_case_on_which_nothing_happens_is_raised_once():
    profile = trigger_profile(Trigger.SILENCE, after="3 working days")
    case = make_case(profile=profile)
    assert neglected.settle(MONDAY + days(2), 100, profile=profile) == 0
    assert neglected.settle(MONDAY + days(4), 100, profile=profile) == 1
    assert neglected.settle(MONDAY + days(20), 100, profile=profile) == 0
    since = Escalation.objects.get(case=case).details["since"]
    assert datetime.fromisoformat(since) == MONDAY


def test_a_note_breaks_the_silence_but_an_escalation_does_not():
    first = {"trigger": "silence", "after": "3 working days", "head": "owner"}
    second = {"trigger": "silence", "after": "6 working days", "role": "manager"}
    profile = with_levels(first=first, second=second)
    quiet = make_case(profile=profile)
    busy = make_case(profile=profile)
    agent = make_user(Role.AGENT)
    actions.note(busy, "Aradım.", by=agent, at=MONDAY + days(3), profile=profile)
    neglected.settle(MONDAY + days(4), 100, profile=profile)
    assert (raised(quiet), raised(busy)) == (["first"], [])
    neglected.settle(MONDAY + days(9), 100, profile=profile)
    assert raised(quiet) == ["first", "second"]
    assert raised(busy) == ["first"]


@pytest.mark.parametrize("laid_by", ["applicant", "snooze"])
def test_a_case_that_waits_for_good_reason_is_not_silent(laid_by: str):
    profile = trigger_profile(Trigger.SILENCE, after="3 working days")
    case = make_case(profile=profile)
    agent = make_user(Role.AGENT)
    given = {"by": agent, "at": MONDAY, "profile": profile}
    if laid_by == "applicant":
        actions.ask(case, "Endeksi yazar mısınız?", **given)
    else:
        actions.snooze(case, MONDAY + days(30), "information", **given)
    neglected.settle(MONDAY + days(9), 100, profile=profile)
    assert raised(case) == []


def test_a_justified_case_without_an_action_is_raised():
    profile = trigger_profile(Trigger.NO_ACTION, after="2 working days")
    solver = make_user(Role.SOLUTION, "solution")
    given = {"by": solver, "at": MONDAY, "profile": profile}
    bare, acted = make_case(profile=profile), make_case(profile=profile)
    for case in (bare, acted):
        actions.take(case, **given)
    actions.outcome(bare, Decision.JUSTIFIED, "Haklısınız.", **given)
    plan = actions.Plan("remedy", "Fatura düzeltilecek.")
    actions.outcome(acted, Decision.JUSTIFIED, "Haklısınız.", plan=plan, **given)
    assert neglected.settle(MONDAY + days(1), 100, profile=profile) == 0
    neglected.settle(MONDAY + days(3), 100, profile=profile)
    assert raised(bare) == ["up"]
    assert raised(acted) == []


def test_seeing_an_escalation_is_written_once():
    profile = trigger_profile(Trigger.REPEAT)
    case = make_case(profile=profile)
    escalating.trigger(case, Trigger.REPEAT, Act(None, MONDAY, profile))
    row = Escalation.objects.get(case=case)
    boss = make_user(Role.SUPERVISOR, "solution")
    for hour in (1, 2):
        at = MONDAY + timedelta(hours=hour)
        escalating.see(row, by=boss, at=at, profile=profile)
    row.refresh_from_db()
    assert (row.seen_by, row.seen_at) == (boss, MONDAY + timedelta(hours=1))
    assert case.events.filter(type=EventType.ESCALATION_SEEN).count() == 1


@pytest.mark.parametrize("early", [True, False])
def test_nobody_has_to_look_once_the_case_is_closed(early: bool):
    profile = trigger_profile(Trigger.REPEAT)
    case = make_case(profile=profile)
    escalating.trigger(case, Trigger.REPEAT, Act(None, MONDAY, profile))
    boss = make_user(Role.SUPERVISOR, "solution")
    assert escalated.unseen(boss).count() == 1
    end_at = MONDAY + days(1)
    given = {"by": make_user(Role.SOLUTION, "solution"), "at": end_at, "profile": profile}
    if early:
        actions.close_early(case, ClosingReason.WITHDRAWN, **given)
    else:
        actions.answer_at_once(case, Decision.NOT_JUSTIFIED, "Oldu.", channel="phone", **given)
    assert escalated.unseen(boss).count() == 0
    row = Escalation.objects.get(case=case)
    assert (row.seen_at, row.seen_by) == (end_at, None)


def test_nobody_is_told_in_the_morning_of_a_case_that_was_closed_in_the_night():
    profile = with_levels(("20:00", "08:00"), up={"trigger": "repeat", "role": "supervisor"})
    boss = make_user(Role.SUPERVISOR, "solution")
    case = make_case(profile=profile)
    night = MONDAY.replace(hour=23)
    escalating.trigger(case, Trigger.REPEAT, Act(None, night, profile))
    actions.close_early(case, ClosingReason.WITHDRAWN, by=boss, at=night, profile=profile)
    assert told(case, night + days(1)) == set()
