"""What the applicant is told by the worker's own messages: the receipt, and what was done since."""

from datetime import datetime, timedelta

import pytest

from derman.cases import actions, due
from derman.cases.models import Case, Clock
from derman.lib.worktime import Budget
from derman.outbox import expansion, results
from derman.outbox.models import Message
from derman.profile.publishing import Published
from derman.words.kinds import ContactOutcome, MessageState
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def profile() -> Published:
    """The gas preset with interim information every three working days, and no levels."""
    gas = preset()
    clocks = gas.clocks.model_copy(update={"interim": Budget.parse("3 working days")})
    quiet = gas.escalation.model_copy(update={"levels": {}})
    return published(gas.model_copy(update={"clocks": clocks, "escalation": quiet}))


@pytest.fixture
def act(profile):
    return {"by": make_user("solution"), "at": MONDAY, "profile": profile}


def opened(profile, **more) -> Case:
    return make_case(profile=profile, customer=make_customer(email="ayse@ornek.example"), **more)


def settle_until(at: datetime, profile: Published) -> None:
    while first := Clock.objects.filter(next_at__lte=at).order_by("next_at").first():
        due.settle(first.next_at, 100, profile=profile)
    expansion.expand(at, 100)


def message(case: Case, event: str, **more) -> Message:
    return Message.objects.get(case=case, event__type=event, recipient="applicant", **more)


def accept(sent: Message, at: datetime) -> None:
    Message.objects.filter(pk=sent.pk).update(state=MessageState.ACCEPTED)
    results.prove_acceptance(sent, at)


# Interim information


def story(act) -> Case:
    """A case on which a unit works, with something called back and an attempt that failed."""
    case = opened(act["profile"], reply_channel="email")
    actions.take(case, **act)
    task = actions.refer(case, "metering", **{**act, "at": MONDAY + HOUR})
    unit = make_user("unit", "metering")
    actions.start_task(task, **{**act, "by": unit, "at": MONDAY + days(1)})
    actions.contact(
        task.case, channel="phone", outcome=ContactOutcome.NOT_REACHED, **{**act, "by": unit}
    )
    called_back = actions.reply(task.case, "Yanlış kişi.", **{**act, "at": MONDAY + days(1)})
    actions.withdraw(called_back, **{**act, "at": MONDAY + days(1) + timedelta(seconds=2)})
    return task.case


def test_the_email_names_what_was_done_and_the_next_date(act):
    case = story(act)
    settle_until(MONDAY + days(3.5), act["profile"])

    body = message(case, "interim").body
    assert "- 2 Mart: " in body
    assert "- 3 Mart: " in body
    lines = [line for line in body.splitlines() if line.startswith("- ")]
    assert len(lines) == 3
    unit = act["profile"].profile.units["metering"].label["tr"]
    assert [unit in line for line in lines] == [False, True, True]
    assert "Mart 2026" in body.split("son gün")[1]


def test_the_next_one_names_only_what_came_after(act):
    case = story(act)
    settle_until(MONDAY + days(3.5), act["profile"])
    unit = {**act, "at": MONDAY + days(4)}
    actions.answer_task(case.tasks.get(), "Okundu.", **unit)
    settle_until(MONDAY + days(8.5), act["profile"])

    second = Message.objects.filter(case=case, event__type="interim").order_by("event_id")[1]
    lines = [line for line in second.body.splitlines() if line.startswith("- ")]
    assert len(lines) == 1
    assert lines[0].startswith("- 6 Mart: ")


def test_where_nothing_happened_it_says_so(act):
    case = opened(act["profile"], reply_channel="email")
    settle_until(MONDAY + days(3.5), act["profile"])
    body = message(case, "interim").body
    assert not [line for line in body.splitlines() if line.startswith("- ")]


def test_the_text_message_says_number_state_date_and_link_only(act):
    case = story(act)
    Case.objects.filter(pk=case.pk).update(reply_channel="sms")
    settle_until(MONDAY + days(3.5), act["profile"])

    body = message(case, "interim", channel="sms").body
    assert "/track/" in body
    assert "Mart 2026" in body
    for kept_away in ("Ayşe", "Sayaç", "metering", "Yanlış"):
        assert kept_away not in body


def test_an_interim_information_that_comes_too_late_is_not_sent(act):
    case = opened(act["profile"])
    actions.take(case, **act)
    at = Clock.objects.get(case=case, kind="interim").next_at
    due.settle(at, 100, profile=act["profile"])
    actions.close_early(case, "invalid", **{**act, "at": at})
    expansion.expand(at, 100)
    assert not Message.objects.filter(event__type="interim").exists()


# Receipts


def test_the_message_says_that_it_is_under_review_and_meets_the_clock(profile):
    case = opened(profile)
    Message.objects.all().delete()
    settle_until(MONDAY, profile)
    Message.objects.filter(case=case).update(state=MessageState.FAILED)
    settle_until(MONDAY + 22 * HOUR, profile)

    sent = message(case, "acknowledge_due")
    assert "değerlendiriliyor" in sent.body
    assert case.follow_key in sent.body
    assert sent.acknowledges
    accept(sent, MONDAY + 23 * HOUR)
    assert Clock.objects.get(case=case, kind="acknowledge").state == "met"
    assert case.events.last().type == "acknowledged"


def test_no_second_message_goes_out_while_the_first_is_on_its_way(profile):
    case = opened(profile)
    settle_until(MONDAY + 22 * HOUR, profile)
    assert case.events.filter(type="acknowledge_due").exists()
    assert [sent.event.type for sent in Message.objects.filter(case=case)] == ["opened"]


# Promises


def test_a_moved_promise_says_the_new_date(act):
    case = opened(act["profile"])
    actions.promise(case, MONDAY + days(2), **act)
    actions.promise(case, MONDAY + days(9), **act, reason="Parça bekleniyor.")
    expansion.expand(MONDAY + HOUR, 100)

    first, second = Message.objects.filter(event__type="promised").order_by("event_id")
    assert "4 Mart 2026" in first.body
    assert "11 Mart 2026" in second.body
    assert "Parça" not in second.body
