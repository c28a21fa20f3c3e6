"""When the applicant says nothing."""

import pytest

from derman.cases import actions, silence
from derman.words.kinds import ContactOutcome, Decision
from derman.words.life import State
from tests.factories import MONDAY, days, make_case, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    return {"by": make_user("solution"), "at": MONDAY, "profile": published()}


def test_a_question_without_answer_goes_on_after_the_days_of_the_profile(act):
    case = make_case()
    actions.ask(case, "Hangi daire?", **act)

    assert silence.settle(MONDAY + days(9), 10, profile=act["profile"]) == 0
    assert silence.settle(MONDAY + days(10), 10, profile=act["profile"]) == 1
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert silence.settle(MONDAY + days(11), 10, profile=act["profile"]) == 0


def test_a_resolved_case_is_closed_silently_after_its_window(act):
    case = make_case()
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **act)

    assert silence.settle(MONDAY + days(7), 10, profile=act["profile"]) == 1
    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, "resolved")


def test_a_case_whose_applicant_was_not_told_stays_open(act):
    case = make_case()
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)

    assert silence.settle(MONDAY + days(7), 10, profile=act["profile"]) == 0
    case.refresh_from_db()
    assert case.state == State.RESOLVED
