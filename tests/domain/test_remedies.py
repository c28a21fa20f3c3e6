"""Actions on a justified case: planned, carried out, checked; and what closing makes of them."""

from datetime import timedelta

import pytest

from derman.cases import acting, actions, reminding, silence
from derman.cases.models import Action, Offer
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.words.life import State
from derman.words.loop import ActionState, Effect
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
TEXT = "Fatura düzeltilecek ve fark iade edilecek."
WHY = {"reason_code": "waited_too_long"}


@pytest.fixture
def given():
    """A department of the contact centre, which asks for an action (row C7)."""
    profile = published(preset("contact-centre"))
    return {"by": make_user(Role.SUPERVISOR), "at": MONDAY, "profile": profile}


@pytest.fixture
def case(given):
    customer = make_customer(phone="", email="ayse@ornek.example")
    opened = make_case(topic="reaching.queue", customer=customer, profile=given["profile"])
    actions.take_back(opened, **given)
    return opened


def plan(case, given, text=TEXT, **more):
    return actions.plan_action(case, actions.Plan("remedy", text, **more), **given)


def resolve(case, given, **more):
    actions.outcome(case, "justified", "Haklısınız.", **WHY, **more, **given)


def later(given, **more):
    return {**given, "at": MONDAY + timedelta(**more)}


def types(case):
    return [event.type for event in case.events.order_by("id")]


def test_a_plan_has_an_owner_a_date_and_a_reminder(case, given):
    action = plan(case, given)
    due = action.due_at
    assert due > MONDAY + days(4)  # five working days, which the preset gives
    assert action.owner_unit == case.unit
    assert action.next_at == due - days(1)
    event = case.events.latest("id")
    assert event.type == "action_planned"
    assert event.details == {
        "action": str(action.pk),
        "action_kind": "remedy",
        "unit": case.unit,
        "cycle": 1,
    }


def test_carrying_out_asks_for_proof_and_leads_to_a_check(case, given):
    action = plan(case, given)
    with pytest.raises(actions.CannotDo) as refusal:
        actions.do_action(action, "  ", **given)
    assert refusal.value.field == "proof"
    actions.do_action(action, "Düzeltme faturası 12.", **later(given, days=2))
    action.refresh_from_db()
    assert action.state == ActionState.DONE
    assert action.check_at == action.next_at == MONDAY + days(32)
    with pytest.raises(actions.CannotDo, match="already"):
        actions.do_action(action, "Yine.", **later(given, days=3))


def test_the_second_of_two_people_changes_nothing(case, given):
    action = plan(case, given)
    other = Action.objects.select_related("case").get()
    actions.do_action(action, "Yapıldı.", **given)
    with pytest.raises(actions.OldVersion):
        actions.cancel_action(other, "Vazgeçildi.", **given)
    other.refresh_from_db()
    assert other.state == ActionState.DONE


def test_the_applicant_is_told_of_a_remedy_and_of_nothing_internal(case, given):
    """Row C8: what was done, in its own words; the proof stays inside."""
    preventive = actions.plan_action(case, actions.Plan("preventive", "Eğitim planı."), **given)
    remedy = plan(case, given)
    actions.do_action(preventive, "Eğitim yapıldı.", **given)
    actions.do_action(remedy, "Fiş no 77.", **given)
    expansion.expand(MONDAY + days(1), 100)
    (told,) = Message.objects.filter(event__type="action_done")
    assert told.recipient == "applicant"
    assert TEXT in told.body
    assert "Fiş no 77" not in told.body
    assert "Eğitim" not in told.body


def test_nobody_is_told_of_a_remedy_after_an_end_without_result(case, given):
    remedy = plan(case, given)
    actions.close_early(case, "withdrawn", **given)
    actions.do_action(remedy, "Yine de yapıldı.", **given)
    expansion.expand(MONDAY + days(1), 100)
    assert not Message.objects.filter(event__type="action_done").exists()


def test_whoever_owes_it_hears_before_and_after_the_date(case, given):
    colleague = make_user(Role.UNIT, "quality", name="deniz")
    action = plan(case, given, owner_unit="quality", owner_user=colleague)
    assert (
        reminding.settle(action.next_at - timedelta(seconds=1), 10, profile=given["profile"]) == 0
    )
    first = action.next_at
    assert reminding.settle(first, 10, profile=given["profile"]) == 1
    action.refresh_from_db()
    assert action.next_at == action.due_at
    assert reminding.settle(first, 10, profile=given["profile"]) == 0
    late = action.due_at + timedelta(hours=1)
    assert reminding.settle(late, 10, profile=given["profile"]) == 1
    action.refresh_from_db()
    assert action.next_at == late + days(3)
    version = case.version
    case.refresh_from_db()
    assert case.version == version  # nobody who types loses their place
    expansion.expand(late + days(1), 100)
    told = Message.objects.filter(event__type="action_due")
    assert {message.recipient for message in told} == {f"user:{colleague.pk}"}
    assert all(TEXT in message.body for message in told)


def test_a_check_without_effect_asks_for_another(case, given):
    resolve(case, given, plan=actions.Plan("remedy", TEXT))
    action = case.actions.get()
    with pytest.raises(actions.CannotDo):
        actions.check_action(action, Effect.EFFECTIVE, "?", **given)
    actions.do_action(action, "Yapıldı.", **given)
    actions.check_action(action, Effect.NOT_EFFECTIVE, "Yine aynı hata.", **later(given, days=30))
    assert acting.is_missing(case, given["profile"].profile)
    with pytest.raises(actions.CannotDo) as refusal:
        plan(case, later(given, days=30), f" {TEXT.upper()} ")
    assert (refusal.value.code, refusal.value.field) == ("same_as_before", "text")
    plan(case, later(given, days=30), "Sistem değişecek.")
    assert not acting.is_missing(case, given["profile"].profile)


def test_a_check_may_plan_what_is_done_instead(case, given):
    action = plan(case, given)
    actions.do_action(action, "Yapıldı.", **given)
    again = actions.Plan("corrective", TEXT)
    with pytest.raises(actions.CannotDo) as refusal:
        actions.check_action(action, Effect.NOT_EFFECTIVE, "Olmadı.", instead=again, **given)
    assert refusal.value.field == "action_text"
    case.refresh_from_db()
    action = Action.objects.select_related("case").get()
    assert action.effect == ""  # all or nothing
    other = actions.Plan("corrective", "Akış değişecek.")
    actions.check_action(action, Effect.NOT_EFFECTIVE, "Olmadı.", instead=other, **given)
    assert [one.text for one in Action.objects.order_by("planned_at", "kind")] == [
        "Akış değişecek.",
        TEXT,
    ]


def test_the_next_cycle_takes_no_action_or_offer_of_the_one_before(case, given):
    plan(case, given)
    Offer.objects.create(case=case, text="Bir ay ücretsiz", made_at=MONDAY, state="refused")
    plan(case, given, TEXT)  # in the same cycle it may stand twice
    resolve(case, given)
    actions.reopen(case, "Memnun değil.", **given)
    for said in (TEXT, "bir ay  ÜCRETSİZ."):
        with pytest.raises(actions.CannotDo, match="tried before"):
            plan(case, given, said)
    plan(case, given, "İki ay ücretsiz")


def test_a_justified_complaint_needs_an_action_to_be_closed(case, given):
    resolve(case, given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    with pytest.raises(actions.CannotDo) as refusal:
        actions.close(case, **given)
    assert refusal.value.code == "no_action"
    action = plan(case, given)
    actions.cancel_action(action, "Yanlış kayıt.", **given)
    with pytest.raises(actions.CannotDo):
        actions.close(case, **given)
    last = plan(case, given)
    actions.close(case, **given)
    assert case.state == State.CLOSED
    with pytest.raises(actions.CannotDo) as refusal:  # nothing would ask for another
        actions.cancel_action(last, "Yanlış kayıt.", **given)
    assert refusal.value.code == "no_action"


@pytest.mark.parametrize("kind", ["request", "complaint"])
def test_only_complaints_need_one_and_only_where_the_profile_says_so(given, kind):
    profile = given["profile"]
    if kind == "complaint":
        said = preset("contact-centre")
        decisions = said.decisions.model_copy(update={"needs_action": False})
        profile = published(said.model_copy(update={"decisions": decisions}))
    opened = make_case(topic="reaching.queue", kind=kind, profile=profile)
    said = {**given, "profile": profile}
    actions.take_back(opened, **said)
    actions.answer_at_once(opened, "justified", "Oldu.", channel="phone", **WHY, **said)
    assert opened.state == State.CLOSED


def test_silence_asks_for_the_action_once_and_closes_when_it_stands(case, given):
    resolve(case, given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    over = case.silent_at + timedelta(minutes=1)
    assert silence.settle(over, 10, profile=given["profile"]) == 1
    assert silence.settle(over + days(1), 10, profile=given["profile"]) == 0
    case.refresh_from_db()
    assert (case.state, case.silent_at) == (State.RESOLVED, None)
    event = case.events.latest("id")
    assert (event.type, event.details["missing"]) == ("action_due", True)
    expansion.expand(over, 100)
    assert any("eylem" in one.body or "action" in one.body for one in Message.objects.all())

    plan(case, {**given, "at": over + days(2)})
    assert silence.settle(over + days(2), 10, profile=given["profile"]) == 1
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_answered_at_once_stays_resolved_until_an_action_is_planned(given):
    opened = make_case(topic="reaching.queue", profile=given["profile"])
    actions.take_back(opened, **given)
    said = {"channel": "phone", **given}
    actions.answer_at_once(opened, "justified", "Özür dileriz.", **WHY, **said)
    assert opened.state == State.RESOLVED

    other = make_case(topic="reaching.queue", profile=given["profile"])
    actions.take_back(other, **given)
    planned = actions.Plan("corrective", "Sıra düzeni değişecek.")
    actions.answer_at_once(other, "justified", "Özür dileriz.", plan=planned, **WHY, **said)
    assert other.state == State.CLOSED
    assert types(other)[-4:] == ["action_planned", "resolved", "contacted", "closed"]


@pytest.mark.parametrize("verb", [actions.outcome, actions.answer_at_once])
@pytest.mark.parametrize(
    ("why", "field", "code"),
    [
        ({}, "reason_code", "no_reason"),
        ({"reason_code": "done_by_rule", "evidence": "Kural 4."}, "reason_code", "unknown_reason"),
        ({"reason_code": "agent_error"}, "evidence", "no_evidence"),
        ({"reason_code": "agent_error", "evidence": " \n "}, "evidence", "blank"),
    ],
)
def test_what_the_profile_asks_beside_a_decision_is_asked_of_staff(
    case, given, verb, why, field, code
):
    more = {"channel": "phone"} if verb is actions.answer_at_once else {}
    with pytest.raises(actions.CannotDo) as refusal:
        verb(case, "justified", "Haklısınız.", **why, **more, **given)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW


def test_other_matters_and_other_systems_owe_no_reason(case, given):
    question = make_case(topic="reaching.queue", kind="request", profile=given["profile"])
    actions.take_back(question, **given)
    actions.outcome(question, "not_applicable", "Anlattık.", **given)
    system = make_user(Role.ADMIN, name="crm")
    system.is_service = True
    actions.outcome(case, "justified", "Haklısınız.", **{**given, "by": system})
    assert case.state == question.state == State.RESOLVED


def test_a_wrong_plan_keeps_the_decision_from_being_written(case, given):
    with pytest.raises(actions.CannotDo) as refusal:
        resolve(case, given, plan=actions.Plan("remedy", TEXT, "nowhere"))
    assert refusal.value.field == "action_owner_unit"
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
