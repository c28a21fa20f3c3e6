"""Row C7: what is not justified closes once the applicant knows, where the profile says so."""

import pytest

from derman.cases import actions
from derman.profile.publishing import Published
from derman.words.kinds import ClosingReason, Decision
from derman.words.life import State
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_user, published, with_process

pytestmark = pytest.mark.django_db
REASON = "Kayıtlar anlatılanı doğrulamadı."


@pytest.fixture
def closing() -> Published:
    return published(with_process(closes_not_justified=True))


def decided(decision, profile, *, called=False):
    """A case that somebody looked at and decided, after a call or without one."""
    by = make_user(Role.SOLUTION, "solution")
    case = make_case(profile=profile)
    given = {"by": by, "profile": profile}
    actions.take(case, at=MONDAY, **given)
    if called:
        actions.refer(case, case.unit, at=MONDAY, **given)
        actions.answer_task(case.tasks.get(), "Bakıldı.", at=MONDAY, **given)
        actions.contact(case, channel="phone", outcome="reached", at=MONDAY, **given)
    actions.outcome(case, decision, REASON, at=days(1) + MONDAY, **given)
    return case


def test_informing_by_phone_and_closing_are_one_act(closing):
    case = decided(Decision.NOT_JUSTIFIED, closing, called=True)

    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.RESOLVED)
    assert case.events.order_by("id").last().type == "closed"


def test_it_closes_when_the_message_with_the_reasons_has_left(closing):
    case = decided(Decision.NOT_JUSTIFIED, closing)
    assert case.state == State.RESOLVED

    actions.told(case, channel="sms", at=days(1) + MONDAY, profile=closing)

    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.RESOLVED)
    assert case.silent_at is None


def test_it_closes_when_a_later_call_reaches_the_applicant(closing):
    case = decided(Decision.NOT_JUSTIFIED, closing)
    call = {"channel": "phone", "by": None, "profile": closing}

    actions.contact(case, outcome="not_reached", at=days(2) + MONDAY, **call)
    assert case.state == State.RESOLVED
    actions.contact(case, outcome="reached", at=days(3) + MONDAY, **call)
    assert case.state == State.CLOSED


@pytest.mark.parametrize("decision", [Decision.JUSTIFIED, Decision.PARTLY])
def test_what_is_justified_stays_open_for_the_applicant(closing, decision):
    case = decided(decision, closing)
    actions.told(case, channel="sms", at=days(1) + MONDAY, profile=closing)

    assert case.state == State.RESOLVED
    assert case.silent_at is not None


def test_elsewhere_the_applicant_keeps_the_days_to_refuse():
    profile = published()
    case = decided(Decision.NOT_JUSTIFIED, profile)
    actions.told(case, channel="sms", at=days(1) + MONDAY, profile=profile)

    assert case.state == State.RESOLVED
