"""What the worker does on clocks that run: receipts, interim information, and when it looks."""

from datetime import datetime, timedelta

import pytest

from derman.cases import actions, due
from derman.cases.actions import _core
from derman.cases.models import Case, Clock
from derman.lib.worktime import Budget
from derman.people.models import ContactKind, ContactPoint
from derman.profile.escalation import Escalation, Level
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import ClockState, ContactOutcome, ContactState, Decision
from derman.worker import reconcilers
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def with_clocks(**changes: object) -> Profile:
    """The gas preset without levels, with other clocks."""
    profile = preset()
    clocks = profile.clocks.model_copy(update=changes)
    quiet = profile.escalation.model_copy(update={"levels": {}})
    return profile.model_copy(update={"clocks": clocks, "escalation": quiet})


@pytest.fixture
def profile() -> Published:
    return published(
        with_clocks(interim=Budget.parse("3 working days"), ahead=Budget.parse("2 hours"))
    )


@pytest.fixture
def act(profile):
    return {"by": make_user("solution"), "at": MONDAY, "profile": profile}


def opened(profile, **more) -> Case:
    return make_case(profile=profile, **more)


def clock_of(case: Case, kind: str) -> Clock:
    return Clock.objects.filter(case=case, kind=kind).latest("started_at")


def settle_until(at, profile) -> int:
    """As a worker that looks all the time: every clock at its own moment."""
    done = 0
    while first := Clock.objects.filter(next_at__lte=at).order_by("next_at").first():
        done += due.settle(first.next_at, 100, profile=profile)
    return done


def told(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("type", flat=True))


# When it looks


def test_a_clock_says_when_the_worker_looks_at_it(profile):
    case = opened(profile)
    assert clock_of(case, "acknowledge").next_at == MONDAY + 22 * HOUR
    interim = clock_of(case, "interim")
    assert interim.next_at == interim.due_at - 2 * HOUR
    assert clock_of(case, "resolve").next_at is None


def test_a_clock_shorter_than_that_is_looked_at_when_half_of_it_is_over():
    profile = published(with_clocks(acknowledge=Budget(1, "hours"), ahead=Budget(2, "hours")))
    assert clock_of(opened(profile), "acknowledge").next_at == MONDAY + HOUR / 2


def test_no_clock_that_stopped_or_stands_still_is_looked_at(act):
    case = opened(act["profile"])
    actions.ask(case, "Hangi daire?", **act)
    assert clock_of(case, "interim").state == ClockState.PAUSED
    actions.close_early(case, "withdrawn", **act)
    ended = Clock.objects.exclude(state=ClockState.RUNNING)
    assert ended.count() == 3
    assert not ended.exclude(next_at=None).exists()


def test_nothing_due_costs_one_read(profile, django_assert_num_queries):
    opened(profile)
    with django_assert_num_queries(1):
        assert due.settle(MONDAY + HOUR, 100, profile=profile) == 0


def test_the_worker_looks_in_every_round():
    (found,) = [one for one in reconcilers() if one.name == "clocks that are due"]
    assert found.every == 0


# Receipts (rows T7, P8)


def test_a_receipt_that_nobody_confirmed_is_confirmed_before_its_time(profile):
    case = opened(profile)
    assert due.settle(MONDAY + 22 * HOUR, 100, profile=profile) == 1
    assert told(case) == ["opened", "acknowledge_due"]
    assert due.settle(MONDAY + 23 * HOUR, 100, profile=profile) == 0

    actions.acknowledge(case, at=MONDAY + 23 * HOUR, profile=profile)
    clock = clock_of(case, "acknowledge")
    assert (clock.state, clock.next_at) == (ClockState.MET, None)
    assert settle_until(MONDAY + days(2), profile) == 0


def test_a_receipt_that_no_provider_took_in_time_is_said_once(profile):
    case = opened(profile)
    settle_until(MONDAY + days(2), profile)
    assert told(case) == ["opened", "acknowledge_due", "not_acknowledged"]
    assert case.events.last().details == {"reason": "not_accepted"}
    clock = clock_of(case, "acknowledge")
    assert (clock.state, clock.next_at) == (ClockState.RUNNING, None)

    actions.acknowledge(case, at=MONDAY + days(2), profile=profile)
    assert clock_of(case, "acknowledge").state == ClockState.MISSED


def test_a_worker_that_slept_confirms_at_once_and_then_waits_for_the_provider(profile):
    case = opened(profile)
    at = MONDAY + days(2)
    assert due.settle(at, 100, profile=profile) == 1
    assert clock_of(case, "acknowledge").next_at == at + due.PATIENCE
    assert due.settle(at + due.PATIENCE, 100, profile=profile) == 1
    assert told(case) == ["opened", "acknowledge_due", "not_acknowledged"]


def test_without_a_contact_it_is_said_at_once_and_no_clock_runs(profile):
    case = opened(profile, customer=make_customer(phone=""))
    assert told(case) == ["opened", "not_acknowledged"]
    assert case.events.last().details == {"reason": "no_contact"}
    assert {clock.kind for clock in case.clocks.all()} == {"resolve"}


@pytest.mark.parametrize(
    ("change", "reason", "state"),
    [
        ({"value": "+902121234567"}, "no_writing", ClockState.RUNNING),
        ({"state": ContactState.DISPUTED}, "no_contact", ClockState.CANCELLED),
        ({"ended_at": MONDAY}, "no_contact", ClockState.CANCELLED),
    ],
)
def test_a_contact_that_takes_no_messages_is_named_as_the_reason(profile, change, reason, state):
    customer = make_customer()
    case = opened(profile, customer=customer)
    point = ContactPoint.objects.get(customer=customer, kind=ContactKind.PHONE)
    for name, value in change.items():
        setattr(point, name, value)
    point.save()

    settle_until(MONDAY + days(1), profile)
    assert case.events.last().type == "not_acknowledged"
    assert case.events.last().details == {"reason": reason}
    assert clock_of(case, "acknowledge").state == state


def test_whom_only_a_call_can_reach_is_owed_one_until_somebody_has_called(act):
    level = {
        "clock": "acknowledge",
        "role": "supervisor",
        "label": preset().organisation.short_name,
    }
    levels = Escalation(levels={"late": Level.model_validate(level)})
    profile = published(act["profile"].profile.model_copy(update={"escalation": levels}))
    act = {**act, "profile": profile}
    case = opened(profile, customer=make_customer(phone="+902121234567"))
    settle_until(MONDAY + days(2), profile)
    assert told(case) == ["opened", "not_acknowledged", "escalated"]

    called = {**act, "at": MONDAY + days(2)}
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **called)
    assert clock_of(case, "acknowledge").state == ClockState.MISSED


def test_what_was_answered_at_once_owes_no_receipt_and_no_interim(act):
    case = opened(act["profile"])
    actions.answer_at_once(case, Decision.JUSTIFIED, "Oldu.", channel="phone", **act)
    assert settle_until(MONDAY + days(30), act["profile"]) == 0
    assert not case.clocks.filter(state__in=["running", "paused"]).exists()


# Interim information (row P9)


def test_a_long_case_is_told_of_again_and_again(profile):
    case = opened(profile)
    actions.acknowledge(case, at=MONDAY, profile=profile)
    settle_until(MONDAY + days(14), profile)

    events = list(case.events.filter(type="interim").order_by("id"))
    assert [event.at.date().isoformat() for event in events] == [
        "2026-03-05", "2026-03-10", "2026-03-13",
    ]  # fmt: skip
    clocks = Clock.objects.filter(case=case, kind="interim").order_by("started_at")
    assert [clock.state for clock in clocks] == ["met", "met", "met", "running"]
    assert events[0].details["next_at"] == clocks[1].due_at.isoformat()


def test_the_next_date_is_the_first_that_lies_ahead(act):
    case = opened(act["profile"])
    promised = MONDAY + days(4)
    actions.promise(case, promised, **act)
    settle_until(MONDAY + days(3.5), act["profile"])
    said = case.events.get(type="interim").details["next_at"]
    assert datetime.fromisoformat(said) == promised


def test_nobody_is_told_while_we_wait_for_them_and_the_time_counts_from_then(act):
    case = opened(act["profile"])
    actions.ask(case, "Hangi daire?", **act)
    settle_until(MONDAY + days(9), act["profile"])
    assert "interim" not in told(case)

    later = {**act, "at": MONDAY + days(9)}
    actions.hear(case, "On iki.", **later)
    clock = clock_of(case, "interim")
    assert clock.state == ClockState.RUNNING
    assert clock.next_at > later["at"]


def test_it_ends_with_the_result_and_begins_again_when_reopened(act):
    case = opened(act["profile"])
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    assert clock_of(case, "interim").state == ClockState.CANCELLED
    actions.reopen(case, "Olmadı.", **{**act, "at": MONDAY + days(1)})
    assert (clock_of(case, "interim").state, clock_of(case, "interim").cycle) == ("running", 2)


def test_who_cannot_be_written_to_is_told_once_there_is_a_contact(profile):
    customer = make_customer()
    silent = opened(profile, customer=customer)
    ContactPoint.objects.filter(customer=customer).update(ended_at=MONDAY)
    settle_until(MONDAY + days(4), profile)
    assert "interim" not in told(silent)
    clocks = Clock.objects.filter(case=silent, kind="interim").order_by("started_at")
    assert [clock.state for clock in clocks] == ["cancelled", "running"]

    ContactPoint.objects.filter(customer=customer).update(ended_at=None)
    settle_until(MONDAY + days(9), profile)
    assert told(silent).count("interim") == 1


def test_it_ends_where_the_profile_wants_it_no_more(profile):
    case = opened(profile)
    without = published(with_clocks(interim=None))
    settle_until(MONDAY + days(14), without)
    assert clock_of(case, "interim").state == ClockState.CANCELLED
    assert "interim" not in told(case)


def test_a_case_that_ended_meanwhile_is_left_alone(profile):
    case = opened(profile)
    Case.objects.filter(pk=case.pk).update(
        state="closed", closed_at=MONDAY, closing_reason="invalid", decision="not_applicable"
    )
    settle_until(MONDAY + days(4), profile)
    assert told(case) == ["opened"]
    assert not Clock.objects.exclude(next_at=None).exists()


# One for all, and each by itself


def test_many_are_settled_in_few_statements(profile, django_assert_max_num_queries):
    for _ in range(30):
        opened(profile)
    with django_assert_max_num_queries(20):
        assert due.settle(MONDAY + 22 * HOUR, 100, profile=profile) == 30


def test_one_that_fails_waits_and_keeps_no_other_from_its_turn(profile, monkeypatch, caplog):
    broken, sound = opened(profile), opened(profile)
    real = _core.record

    def record(case, *args, **more):
        if case.pk == broken.pk:
            raise ValueError("why")
        return real(case, *args, **more)

    monkeypatch.setattr(due, "record", record)
    at = MONDAY + 22 * HOUR
    assert due.settle(at, 100, profile=profile) == 1
    assert told(sound) == ["opened", "acknowledge_due"]
    assert clock_of(broken, "acknowledge").next_at == at + due.LATER
    assert due.settle(at, 100, profile=profile) == 0
    assert "could not be settled" in caplog.text


def test_it_settles_no_more_than_its_share(profile):
    for _ in range(3):
        opened(profile)
    assert due.settle(MONDAY + 22 * HOUR, 2, profile=profile) == 2
    assert due.settle(MONDAY + 22 * HOUR, 2, profile=profile) == 1


def test_a_history_is_settled_as_time_passed(profile):
    case = opened(profile)
    due.settle_of(case, until=MONDAY + days(4), profile=profile)
    moments = dict(case.events.exclude(type="opened").values_list("type", "at"))
    assert moments["acknowledge_due"] == MONDAY + 22 * HOUR
    assert moments["interim"] == clock_of(case, "interim").started_at
