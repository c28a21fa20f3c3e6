"""Units and the way back: tasks, calls, questions, outcomes, closing, reopening."""

from datetime import timedelta

import pytest

from derman.cases import actions
from derman.cases.models import Case, Clock, Event, Task
from derman.words.kinds import EARLY_CLOSING, ClosingReason, ContactOutcome, Decision, TaskState
from derman.words.life import State
from tests.factories import MONDAY, days, make_case, make_user, published, with_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    """Who, when, and under which profile: the solution group on Monday at nine."""
    return {"by": make_user("solution"), "at": MONDAY, "profile": published()}


def later(act, number):
    return {**act, "at": MONDAY + days(number)}


def answered_case(act) -> Case:
    case = make_case()
    task = actions.refer(case, "metering", question="3 Mart okuması?", **act)
    actions.answer_task(task, "Yanlış okunmuş, düzeltildi.", **later(act, 1))
    return case


def test_refer_asks_a_unit_and_promises_a_date(act):
    case = make_case()
    task = actions.refer(case, "metering", question="Okuma?", **act)

    case.refresh_from_db()
    assert case.state == State.REFERRED
    assert task.due_at > MONDAY
    assert case.promised_at == case.due_at
    assert case.clocks.get(kind="task").task == task
    assert case.events.last().details == {"unit": "metering", "task": str(task.pk)}


def test_refer_refuses_an_unknown_unit_and_a_time_gone_by(act):
    case = make_case()
    with pytest.raises(actions.CannotDo, match="unit"):
        actions.refer(case, "nobody", **act)
    with pytest.raises(actions.CannotDo, match="ahead"):
        actions.refer(case, "metering", due_at=MONDAY, **act)


def test_the_last_answer_makes_the_case_answered_and_names_who_calls(act):
    case = make_case()
    first = actions.refer(case, "metering", **act)
    second = actions.refer(case, "billing", **act)
    actions.start_task(first, **act)
    actions.answer_task(first, "Sayaç doğru.", **act)
    case.refresh_from_db()
    assert case.state == State.REFERRED

    second.case = case
    actions.answer_task(second, "Fatura düzeltildi.", **act)
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert case.inform_unit == "billing"  # gas: the unit's own representative informs (G17)
    assert list(Case.objects.to_call(frozenset({"billing"}))) == [case]


def test_where_the_owner_informs_the_owner_calls(act):
    act["profile"] = published(with_process(informs="owner"))
    case = answered_case(act)
    assert case.inform_unit == case.owner_unit


def test_sending_back_the_only_task_returns_the_case(act):
    case = make_case()
    task = actions.refer(case, "metering", **act)
    actions.send_back(task, "Bizim işimiz değil.", **act)
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert task.state == TaskState.SENT_BACK


def test_a_task_is_answered_once(act):
    case = make_case()
    task = actions.refer(case, "metering", **act)
    actions.answer_task(task, "Bir.", **act)
    with pytest.raises(actions.CannotDo, match="already"):
        actions.answer_task(task, "İki.", **act)


def test_taking_back_cancels_open_tasks_and_their_clocks(act):
    case = make_case()
    task = actions.refer(case, "metering", **act)
    actions.take_back(case, **act)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert not Clock.objects.filter(task=task, state="running").exists()


def test_asking_pauses_the_resolve_clock_and_the_answer_moves_its_date(act):
    case = make_case()
    due = case.due_at
    actions.ask(case, "Sayacın fotoğrafını gönderir misiniz?", **act)
    assert case.state == State.AWAITING_APPLICANT
    assert case.clocks.get(kind="resolve").state == "paused"

    actions.hear(case, "Ekte.", **later(act, 3))
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert case.due_at > due
    clock = case.clocks.get(kind="resolve")
    assert clock.state == "running"
    assert any(step["step"] == "paused" for step in clock.derivation)


def test_asking_while_a_task_is_open_goes_back_to_the_unit(act):
    case = make_case()
    actions.refer(case, "metering", **act)
    actions.ask(case, "Hangi daire?", **act)
    actions.hear(case, "12/4.", **act)
    assert case.state == State.REFERRED


def test_asking_puts_off_the_call_that_is_owed(act):
    case = answered_case(act)
    actions.ask(case, "Hangi daire?", **later(act, 1))
    assert not Case.objects.to_call().exists()


def test_silence_counts_only_after_the_days_of_the_profile(act):
    case = make_case()
    actions.ask(case, "Hangi daire?", **act)
    with pytest.raises(actions.CannotDo):
        actions.hear_silence(case, at=MONDAY + days(9), profile=act["profile"])
    actions.hear_silence(case, at=MONDAY + days(10), profile=act["profile"])
    assert case.state == State.IN_REVIEW
    assert case.events.last().type == "applicant_silent"


def test_a_case_is_not_closed_before_the_applicant_was_told(act):
    case = answered_case(act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **later(act, 2))
    with pytest.raises(actions.CannotDo, match="Inform the applicant"):
        actions.close(case, **later(act, 2))

    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **later(act, 2))
    actions.close(case, **later(act, 2))
    assert case.state == State.CLOSED
    assert case.closing_reason == ClosingReason.RESOLVED


def test_three_calls_in_vain_prove_that_we_tried(act):
    case = answered_case(act)
    for day in (1, 2, 3):
        actions.contact(
            case, channel="phone", outcome=ContactOutcome.NOT_REACHED, **later(act, day)
        )
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **later(act, 3))
    actions.close(case, **later(act, 3))
    assert case.state == State.CLOSED


def test_a_provider_that_took_the_notice_is_proof(act):
    case = answered_case(act)
    actions.outcome(case, Decision.PARTLY, "Düzeltildi.", **act)
    actions.told(case, channel="sms", at=MONDAY, profile=act["profile"])
    actions.close(case, **act)
    assert case.state == State.CLOSED


def test_an_outcome_from_a_unit_that_informs_is_its_answer(act):
    case = make_case()
    task = actions.refer(case, "metering", **act)
    actions.outcome(case, Decision.JUSTIFIED, "Yerinde düzeltildi.", **act)
    task.refresh_from_db()
    assert case.state == State.RESOLVED
    assert (task.state, task.answer) == (TaskState.ANSWERED, "Yerinde düzeltildi.")


def test_an_outcome_waits_for_the_answer_where_the_owner_informs(act):
    act["profile"] = published(with_process(informs="owner"))
    case = make_case()
    actions.refer(case, "metering", **act)
    with pytest.raises(actions.CannotDo, match="answer"):
        actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)


def test_closing_early_needs_its_own_reasons_and_ends_everything(act):
    case = make_case()
    actions.refer(case, "metering", **act)
    with pytest.raises(actions.CannotDo):
        actions.close_early(case, ClosingReason.RESOLVED, **act)
    actions.close_early(case, ClosingReason.NOT_OURS, text="Su idaresi.", **act)
    assert case.state == State.CLOSED
    assert case.decision == Decision.NOT_APPLICABLE
    assert not case.clocks.filter(state__in=["running", "paused"]).exists()
    assert not Task.objects.filter(state="open").exists()


def test_other_channels_are_named_only_after_a_refusal(act):
    case = answered_case(act)
    elsewhere = ClosingReason.REFERRED_EXTERNALLY
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Okuma doğru.", **act)
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **act)
    with pytest.raises(actions.CannotDo, match="refused"):
        actions.close(case, reason=elsewhere, **act)

    actions.reopen(case, "Kabul etmiyor.", **act)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Okuma yine doğru.", **act)
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **act)
    actions.close(case, reason=elsewhere, **act)
    assert case.closing_reason == elsewhere


@pytest.mark.parametrize("reason", EARLY_CLOSING)
def test_a_resolved_case_is_not_closed_for_a_reason_of_open_ones(act, reason):
    case = answered_case(act)
    actions.contact(case, channel="phone", outcome=ContactOutcome.REACHED, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    with pytest.raises(actions.CannotDo) as refusal:
        actions.close(case, reason=reason, **act)
    assert refusal.value.code == "reason"


def test_reopening_begins_the_next_cycle_with_a_clock_of_its_own(act):
    case = answered_case(act)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Okuma doğru.", **act)
    actions.reopen(case, "Kabul etmiyor.", **later(act, 4))
    assert (case.state, case.cycle, case.decision) == (State.IN_REVIEW, 2, "")
    assert case.clocks.get(kind="resolve", cycle=2).state == "running"
    assert case.outcomes.get().cycle == 1


def test_the_second_of_two_people_is_told(act):
    case = make_case()
    other_tab = Case.objects.get(pk=case.pk)
    actions.refer(case, "metering", **act)
    events = Event.objects.count()

    with pytest.raises(actions.OldVersion, match="Somebody else"):
        actions.note(other_tab, "Bakıyorum.", **act)
    assert Event.objects.count() == events
    assert not other_tab.notes.exists()


def test_a_promise_is_moved_only_with_a_reason(act):
    case = make_case()
    actions.promise(case, MONDAY + days(2), **act)
    with pytest.raises(actions.CannotDo) as refusal:
        actions.promise(case, MONDAY + days(4), **act)
    assert refusal.value.field == "reason"
    actions.promise(case, MONDAY + days(4), reason="Parça bekleniyor.", **act)
    assert case.promised_at == MONDAY + days(4)
    states = case.clocks.filter(kind="promise").order_by("due_at").values_list("state", flat=True)
    assert list(states) == ["cancelled", "running"]  # a moved promise was not kept


def test_an_acknowledgement_meets_its_clock_once(act):
    case = make_case()
    for _ in range(2):
        actions.acknowledge(case, at=MONDAY + timedelta(hours=1), profile=act["profile"])
    assert case.clocks.get(kind="acknowledge").state == "met"
    assert case.events.filter(type="acknowledged").count() == 1


def test_changing_the_topic_reckons_the_resolve_clock_again(act):
    case = make_case()
    leaves = act["profile"].profile.leaves()
    other = next(
        key
        for key, topic in leaves.items()
        if topic.resolve and topic.unit and str(topic.resolve) == "24 hours" and not topic.emergency
    )
    actions.reclassify(case, other, **act)
    assert case.topic == other
    assert case.due_at == MONDAY + timedelta(hours=24)
    assert case.unit == leaves[other].unit


def test_late_and_due_soon_are_one_indexed_question(act, django_assert_num_queries):
    case = make_case()
    with django_assert_num_queries(1):
        assert list(Case.objects.late(case.due_at + timedelta(seconds=1))) == [case]
    assert not Case.objects.late(case.due_at)
    assert list(Case.objects.due_between(case.due_at, case.due_at + days(1))) == [case]
