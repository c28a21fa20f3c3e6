"""A promise is kept by coming back on its day: by a call that reaches, or by words."""

from datetime import datetime, timedelta

import pytest

from derman.cases import actions
from derman.cases.models import Case, Clock
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.words.kinds import ClockKind, ClockState, ClosingReason, ContactOutcome
from tests.factories import MONDAY, days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + days(4)
HOUR = timedelta(hours=1)


@pytest.fixture
def act():
    return {"by": make_user("solution", "solution"), "at": MONDAY, "profile": published()}


@pytest.fixture
def case(act) -> Case:
    made = make_case(profile=act["profile"], customer=make_customer(email="ayse@ornek.example"))
    actions.promise(made, FRIDAY, **act)
    return made


def clock(case: Case) -> Clock:
    return Clock.objects.filter(case=case, kind=ClockKind.PROMISE).latest("started_at")


def call(case: Case, act, at: datetime, outcome: str = ContactOutcome.REACHED) -> None:
    actions.contact(case, channel="phone", outcome=outcome, **{**act, "at": at})
    case.refresh_from_db()


@pytest.mark.parametrize(
    ("due_at", "code"), [(MONDAY, "past"), (FRIDAY, "same"), (MONDAY + days(400), "far")]
)
def test_a_date_that_tells_the_applicant_nothing_is_not_promised(case, act, due_at, code):
    with pytest.raises(actions.CannotDo) as refused:
        actions.promise(case, due_at, reason="Parça bekleniyor.", **act)
    assert (refused.value.code, refused.value.field) == (code, "due_at")
    assert case.promised_at == FRIDAY
    assert case.events.filter(type="promised").count() == 1


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (FRIDAY - HOUR, ClockState.MET),
        (FRIDAY + HOUR, ClockState.MISSED),
        (FRIDAY + days(3), ClockState.MISSED),
    ],
)
def test_a_call_that_reaches_them_on_the_day_or_later_ends_the_promise(case, act, at, state):
    call(case, act, at)
    assert (clock(case).state, clock(case).stopped_at) == (state, at)
    assert case.promised_at is None
    assert case.events.last().details["promise"] == FRIDAY.isoformat()


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (FRIDAY - days(1), ContactOutcome.REACHED),
        (FRIDAY, ContactOutcome.NOT_REACHED),
        (FRIDAY, ContactOutcome.MESSAGE_LEFT),
    ],
)
def test_a_call_before_the_day_or_one_that_reaches_nobody_leaves_it(case, act, at, outcome):
    call(case, act, at, outcome)
    assert clock(case).state == ClockState.RUNNING
    assert case.promised_at == FRIDAY
    assert "promise" not in case.events.last().details


def test_the_next_date_is_promised_without_a_reason(case, act):
    call(case, act, FRIDAY)
    actions.promise(case, FRIDAY + days(4), **{**act, "at": FRIDAY + HOUR})
    assert "before_at" not in case.events.last().details
    assert case.promised_at == FRIDAY + days(4)


def test_words_on_the_day_end_it_and_calling_them_back_owes_it_again(case, act):
    given = {**act, "at": FRIDAY - HOUR}
    written = actions.reply(case, "Sayaç söküldü, laboratuvarda.", **given)
    case.refresh_from_db()
    assert (case.promised_at, clock(case).state) == (None, ClockState.MET)

    written.case = case
    actions.withdraw(written, **{**given, "at": given["at"] + timedelta(seconds=5)})
    case.refresh_from_db()
    assert (case.promised_at, clock(case).state) == (FRIDAY, ClockState.RUNNING)
    assert clock(case).stopped_at is None


def test_calling_words_back_owes_nothing_on_a_case_that_has_ended_meanwhile(case, act):
    given = {**act, "at": FRIDAY - HOUR}
    written = actions.reply(case, "Sayaç söküldü, laboratuvarda.", **given)
    actions.close_early(case, ClosingReason.WITHDRAWN, **given)
    actions.withdraw(written, **given)
    case.refresh_from_db()
    assert (case.promised_at, clock(case).state) == (None, ClockState.MET)


def test_a_promise_that_was_broken_is_no_next_date_in_a_message(case, act):
    late = FRIDAY + days(1)
    actions.refer(case, "metering", **{**act, "at": late})
    expansion.expand(late, 100)
    sent = Message.objects.filter(case=case, event__type="referred", recipient="applicant").get()
    assert " 6 Mart 2026" not in sent.body
    assert "16 Mart 2026" in sent.body
