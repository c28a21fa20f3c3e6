"""When the applicant says nothing."""

import pytest

from derman.cases import actions, silence
from derman.cases.models import Case
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


def resolved_case(act):
    case = make_case()
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    return case


def test_a_case_whose_applicant_was_not_told_is_to_be_called_instead(act):
    case = resolved_case(act)

    assert silence.settle(MONDAY + days(7), 10, profile=act["profile"]) == 1
    assert silence.settle(MONDAY + days(8), 10, profile=act["profile"]) == 0
    case.refresh_from_db()
    assert (case.state, case.inform_unit) == (State.RESOLVED, case.owner_unit)
    assert list(Case.objects.to_call()) == [case]
    assert case.events.last().type == "not_told"


def test_the_days_to_object_begin_with_the_late_call(act):
    case = resolved_case(act)
    silence.settle(MONDAY + days(7), 10, profile=act["profile"])
    case.refresh_from_db()
    on_friday = {**act, "at": MONDAY + days(11)}

    actions.contact(case, channel="phone", outcome=ContactOutcome.NOT_REACHED, **on_friday)
    assert Case.objects.to_call().exists()
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **on_friday)
    assert not Case.objects.to_call().exists()
    assert silence.settle(MONDAY + days(17), 10, profile=act["profile"]) == 0
    assert silence.settle(MONDAY + days(18), 10, profile=act["profile"]) == 1
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_cases_that_cannot_be_closed_keep_no_other_from_its_turn(act):
    resolved_case(act)
    told = resolved_case(act)
    actions.contact(told, channel="phone", outcome=ContactOutcome.REACHED, **act)

    for _ in range(2):
        silence.settle(MONDAY + days(7), 1, profile=act["profile"])
    told.refresh_from_db()
    assert told.state == State.CLOSED
