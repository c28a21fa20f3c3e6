"""A dissatisfied applicant: who calls, what is logged, and how the case goes on."""

from decimal import Decimal as Amount

import pytest

from derman.accounts.models import Absence, User
from derman.cases import actions, silence
from derman.cases.actions import CannotDo, FollowUpResult, Plan
from derman.cases.models import Case
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.profile.authority import Authority, Limit
from derman.quality import answering, asking, following, owed
from derman.quality.answering import Given
from derman.quality.models import FollowUp
from derman.words.kinds import Channel, Decision
from derman.words.life import State
from derman.words.loop import ActionKind, FollowUpState, Trigger
from tests.factories import MONDAY, days, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db

UNHAPPY = Given(process=4, action=2, text="Aynı hata yine oldu.")
ASKED, ANSWERED, CALLED = (MONDAY + days(n) for n in (1, 2, 3))


@pytest.fixture
def profile():
    return published(preset())


@pytest.fixture
def agent():
    return make_user("solution", "solution")


@pytest.fixture
def case(profile, agent):
    """Resolved, told and asked about."""
    case = make_case(profile=profile)
    act = {"by": agent, "at": MONDAY, "profile": profile}
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    expansion.expand(MONDAY, 100, after=lambda events: asking.plan(events, profile=profile))
    asking.settle(ASKED, 100, profile=profile)
    case.refresh_from_db()
    return case


@pytest.fixture
def follow_up(case, profile):
    survey = case.surveys.select_related("case__owner_user").get()
    opened = answering.answer(survey, UNHAPPY, via=Channel.WEB, at=ANSWERED, profile=profile)
    case.refresh_from_db()
    return opened


def ended(state, **more):
    return FollowUpResult(state, "phone", "Konuştuk.", **more)


def test_it_has_an_owner_and_a_time_and_the_owner_is_told(follow_up, case, agent, profile):
    assert (follow_up.owner_user, follow_up.owner_unit) == (agent, "solution")
    assert follow_up.due_at > ANSWERED
    expansion.expand(ANSWERED, 100)
    message = Message.objects.get(case=case, event__type="follow_up_opened")
    assert message.recipient == f"user:{agent.pk}"


def test_silence_does_not_close_a_case_while_somebody_is_to_call(follow_up, case, profile):
    assert (case.state, case.silent_at) == (State.RESOLVED, None)
    silence.settle(ANSWERED + days(90), 10, profile=profile)
    case.refresh_from_db()
    assert case.state == State.RESOLVED


def test_what_sets_the_silence_again_does_not_close_it_either(follow_up, case, profile):
    """As an action that is planned meanwhile does."""
    type(case).objects.filter(pk=case.pk).update(silent_at=ANSWERED)
    assert silence.settle(ANSWERED + days(1), 10, profile=profile) == 0
    case.refresh_from_db()
    assert case.state == State.RESOLVED


def test_an_earlier_follow_up_holds_no_later_result_open(follow_up, case, agent, profile):
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.reopen(case, "Yeniden bakıyoruz.", **act)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Yeniden baktık.", **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    silence.settle(CALLED + days(30), 10, profile=profile)
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_whoever_concluded_it_calls_where_nobody_owns_it(case, agent, profile):
    type(case).objects.filter(pk=case.pk).update(owner_user=None)
    survey = case.surveys.select_related("case__owner_user").get()
    opened = answering.answer(survey, UNHAPPY, via=Channel.WEB, at=ANSWERED, profile=profile)
    assert opened.owner_user == agent
    case.refresh_from_db()
    assert case.owner_user == agent


def test_who_is_satisfied_after_the_call_closes_the_case(follow_up, case, agent, profile):
    result = ended(FollowUpState.SATISFIED)
    following.finish(follow_up, result, by=agent, at=CALLED, profile=profile)
    case.refresh_from_db()
    follow_up.refresh_from_db()
    assert case.state == State.CLOSED
    assert (follow_up.state, follow_up.done_by, follow_up.result) == (
        "satisfied", agent, "Konuştuk.",
    )  # fmt: skip
    contact = case.contacts.latest("at")
    assert (contact.outcome, contact.note) == ("reached", "Konuştuk.")
    assert list(case.events.order_by("-id").values_list("type", flat=True)[:2]) == [
        "closed",
        "followed_up",
    ]


@pytest.mark.parametrize(
    ("state", "owes"), [(FollowUpState.SATISFIED, ""), (FollowUpState.NOT_REACHED, "solution")]
)
def test_who_was_reached_by_it_needs_no_other_call_about_the_result(agent, state, owes):
    """The message with the result failed, and an action is missing: the call does not close it."""
    decisions = preset().decisions.model_copy(update={"needs_action": True})
    profile = published(preset().model_copy(update={"decisions": decisions}))
    case = make_case(kind="complaint", profile=profile)
    act = {"by": agent, "at": MONDAY, "profile": profile}
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.fail_to_tell(case, at=MONDAY, profile=profile)
    answering.answer_for(case, UNHAPPY, via=Channel.PHONE, **act)
    opened = FollowUp.objects.select_related("case").get()

    following.finish(opened, ended(state), by=agent, at=CALLED, profile=profile)

    case.refresh_from_db()
    assert (case.state, case.inform_unit) == (State.RESOLVED, owes)
    assert case.silent_at > CALLED


def test_who_is_not_begins_the_next_cycle_with_a_named_owner(follow_up, case, agent, profile):
    expert = make_user("solution", "solution", name="expert")
    result = ended(FollowUpState.DISSATISFIED, owner=expert)
    following.finish(follow_up, result, by=agent, at=CALLED, profile=profile)
    case.refresh_from_db()
    assert (case.state, case.cycle, case.owner_user) == (State.IN_REVIEW, 2, expert)
    assert case.clocks.filter(kind="resolve", cycle=2, state="running").exists()
    assert case.events.latest("id").details["result"] == "dissatisfied"


def test_the_next_cycle_needs_somebody_who_goes_on(follow_up, case, agent, profile):
    with pytest.raises(CannotDo) as refused:
        following.finish(
            follow_up, ended(FollowUpState.DISSATISFIED), by=agent, at=CALLED, profile=profile
        )
    assert refused.value.field == "owner"
    follow_up.refresh_from_db()
    case.refresh_from_db()
    assert (follow_up.state, case.cycle) == (FollowUpState.OPEN, 1)


def test_after_the_attempts_of_the_profile_silence_closes_it_again(follow_up, case, agent, profile):
    for number in (1, 2):
        following.miss(follow_up, channel="phone", by=agent, at=CALLED, profile=profile)
        follow_up.refresh_from_db()
        assert (follow_up.state, follow_up.attempts) == (FollowUpState.OPEN, number)
    following.miss(follow_up, channel="phone", by=agent, at=CALLED, profile=profile)
    follow_up.refresh_from_db()
    case.refresh_from_db()
    assert (follow_up.state, follow_up.attempts) == (FollowUpState.NOT_REACHED, 3)
    assert case.silent_at == CALLED + days(7)
    silence.settle(CALLED + days(7), 10, profile=profile)
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_two_people_cannot_end_it_twice(follow_up, agent, profile):
    stale = FollowUp.objects.select_related("case").get(pk=follow_up.pk)
    result = ended(FollowUpState.SATISFIED)
    following.finish(follow_up, result, by=agent, at=CALLED, profile=profile)
    with pytest.raises(CannotDo):
        following.finish(stale, result, by=agent, at=CALLED, profile=profile)


def test_a_closed_case_is_followed_up_and_goes_on_if_need_be(case, agent, profile):
    actions.close(case, by=agent, at=ANSWERED, profile=profile)
    survey = case.surveys.select_related("case__owner_user").get()
    opened = answering.answer(survey, UNHAPPY, via=Channel.WEB, at=ANSWERED, profile=profile)
    result = ended(FollowUpState.DISSATISFIED, owner=agent)
    following.finish(opened, result, by=agent, at=CALLED, profile=profile)
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)


def test_a_follow_up_of_an_earlier_cycle_ends_by_itself(follow_up, case, agent, profile):
    act = {"by": agent, "profile": profile}
    actions.reopen(case, "Yeniden bakıyoruz.", at=CALLED, **act)
    with pytest.raises(CannotDo):
        following.finish(follow_up, ended(FollowUpState.SATISFIED), at=CALLED, **act)
    asking.end_left_behind([case.pk], at=CALLED)
    follow_up.refresh_from_db()
    assert follow_up.state == FollowUpState.MOVED_ON


def still_dissatisfied(follow_up, agent, profile):
    result = ended(FollowUpState.DISSATISFIED, owner=agent)
    following.finish(follow_up, result, by=agent, at=CALLED, profile=profile)
    follow_up.case.refresh_from_db()
    return follow_up.case


def test_the_next_cycle_is_not_found_justified_with_nothing_new(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    act = {"by": agent, "at": CALLED, "profile": profile}
    for conclude in (actions.outcome, actions.answer_at_once):
        more = {"channel": "phone"} if conclude is actions.answer_at_once else {}
        with pytest.raises(CannotDo) as refused:
            conclude(case, Decision.JUSTIFIED, "Aynı yanıt.", **more, **act)
        assert refused.value.code == "nothing_new"
    plan = Plan(ActionKind.CORRECTIVE, "Sayaç değiştirilecek.")
    actions.plan_action(case, plan, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Sayacı değiştiriyoruz.", **act)
    assert case.state == State.RESOLVED


def test_an_action_that_comes_with_the_decision_is_something_new(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    plan = Plan(ActionKind.REMEDY, "Tutar iade edilecek.")
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.outcome(case, Decision.PARTLY, "İade ediyoruz.", plan=plan, **act)
    assert case.state == State.RESOLVED


@pytest.mark.parametrize("way", ["action", "offer"])
def test_what_was_new_is_not_taken_away_once_it_was_told(way, follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    act = {"by": agent, "at": CALLED, "profile": profile}
    if way == "action":
        new = actions.plan_action(case, Plan(ActionKind.REMEDY, "Sayaç değiştirilecek."), **act)
        take_away = actions.cancel_action
    else:
        new = actions.offer(case, "Bir ay bedelsiz hizmet.", channel="phone", **act)
        take_away = actions.withdraw_offer
    actions.outcome(case, Decision.JUSTIFIED, "Böyle çözüyoruz.", **act)
    with pytest.raises(CannotDo) as refused:
        take_away(new, "Vazgeçildi.", **act)
    assert refused.value.code == "nothing_new"


def test_what_is_new_still_stands_when_the_decision_is_approved(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    label = {"tr": "Sınır", "en": "Limit", "de": "Grenze"}
    limit = {"label": label, "roles": ["solution"], "compensation": 1000}
    authority = Authority(limits={"experts": Limit.model_validate(limit)})
    limited = published(profile.profile.model_copy(update={"authority": authority}))
    act = {"by": agent, "at": CALLED, "profile": limited}
    new = actions.plan_action(case, Plan(ActionKind.REMEDY, "Sayaç değiştirilecek."), **act)
    asked = actions.outcome(
        case, Decision.JUSTIFIED, "Ödüyoruz.", compensation=Amount(2000),
        evidence="Tutanak", **act,
    )  # fmt: skip
    actions.cancel_action(new, "Vazgeçildi.", **act)
    boss = {**act, "by": make_user("supervisor", "solution")}
    with pytest.raises(CannotDo) as refused:
        actions.approve(asked, **boss)
    assert refused.value.code == "nothing_new"


def test_after_a_refused_offer_it_still_needs_something_new(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    act = {"by": agent, "at": CALLED, "profile": profile}
    offer = actions.offer(case, "Bir ay bedelsiz hizmet.", channel="phone", **act)
    actions.refuse(offer, "Yetmez.", **act)
    assert case.cycle == 3
    with pytest.raises(CannotDo) as refused:
        actions.outcome(case, Decision.JUSTIFIED, "Aynı yanıt.", **act)
    assert refused.value.code == "nothing_new"


def test_to_open_it_again_instead_of_calling_is_no_way_around(follow_up, case, agent, profile):
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.reopen(case, "Yeniden bakıyoruz.", **act)
    with pytest.raises(CannotDo) as refused:
        actions.answer_at_once(case, Decision.PARTLY, "Aynı yanıt.", channel="phone", **act)
    assert refused.value.code == "nothing_new"


def test_who_was_satisfied_at_last_is_owed_nothing_new(follow_up, case, agent, profile):
    following.finish(
        follow_up, ended(FollowUpState.SATISFIED), by=agent, at=CALLED, profile=profile
    )
    case.refresh_from_db()
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.reopen(case, "Eksik yazılmış.", **act)
    actions.outcome(case, Decision.JUSTIFIED, "Tutarı düzelttik.", **act)
    assert case.state == State.RESOLVED


def test_the_person_who_goes_on_is_not_taken_off_it(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    act = {"by": agent, "at": CALLED, "profile": profile}
    with pytest.raises(CannotDo) as refused:
        actions.assign(case, None, **act)
    assert refused.value.field == "owner_user"
    expert = make_user("solution", "solution", name="expert")
    actions.assign(case, expert, **act)
    assert case.owner_user == expert


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_service": True}])
def test_nobody_goes_on_who_does_not_work_here(change, follow_up, agent, profile):
    gone = make_user("solution", "solution", name="gone")
    User.objects.filter(pk=gone.pk).update(**change)
    gone.refresh_from_db()
    with pytest.raises(CannotDo) as refused:
        following.finish(
            follow_up, ended(FollowUpState.DISSATISFIED, owner=gone),
            by=agent, at=CALLED, profile=profile,
        )  # fmt: skip
    assert refused.value.field == "owner"


def test_who_is_away_is_covered(follow_up, case, agent, profile):
    away, cover = (make_user("solution", "solution", name=name) for name in ("away", "cover"))
    Absence.objects.create(user=away, cover=cover, starts_on=CALLED.date(), ends_on=CALLED.date())
    result = ended(FollowUpState.DISSATISFIED, owner=away)
    following.finish(follow_up, result, by=agent, at=CALLED, profile=profile)
    case.refresh_from_db()
    assert case.owner_user == cover
    assert case.events.latest("id").details["to"] == cover.pk


def test_where_a_unit_calls_the_case_has_an_owner_all_the_same(case, agent, profile):
    Case.objects.filter(pk=case.pk).update(owner_user=None)
    rules = profile.profile.survey.model_copy(update={"called_by": "metering"})
    calling = published(profile.profile.model_copy(update={"survey": rules}))
    survey = case.surveys.select_related("case__owner_user").get()
    opened = answering.answer(survey, UNHAPPY, via=Channel.WEB, at=ANSWERED, profile=calling)
    case.refresh_from_db()
    assert (opened.owner_unit, opened.owner_user) == ("metering", None)
    assert case.owner_user == agent


def test_it_may_turn_out_not_to_be_justified(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Yeniden baktık.", **act)
    assert case.decision == Decision.NOT_JUSTIFIED


def test_cycles_are_counted_and_raised(follow_up, agent, profile):
    case = still_dissatisfied(follow_up, agent, profile)
    levels = profile.profile.escalation.of_trigger(Trigger.CYCLES)
    due = [key for key, level in levels if case.cycle >= level.times]
    raised = list(case.escalations.filter(trigger=Trigger.CYCLES).values_list("level", flat=True))
    assert raised == due


def test_while_a_case_is_merged_nobody_calls_and_afterwards_somebody_does(
    follow_up, case, agent, profile
):
    act = {"by": agent, "at": CALLED, "profile": profile}
    actions.merge(case, make_case(profile=profile), **act)
    assert not owed.follow_ups(agent, "open", CALLED).exists()
    follow_up.case = case
    with pytest.raises(CannotDo):
        following.miss(follow_up, channel="phone", **act)

    actions.unmerge(case, **act)

    assert owed.follow_ups(agent, "open", CALLED).get() == follow_up
    following.finish(follow_up, ended(FollowUpState.SATISFIED), **act)
    assert case.state == State.CLOSED
