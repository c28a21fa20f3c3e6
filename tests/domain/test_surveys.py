"""Who is asked whether they are satisfied, when, and what an answer sets off."""

from datetime import timedelta

import pytest

from derman.cases import actions, silence
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.people import merging
from derman.profile.survey import Survey as Rules
from derman.quality import answering, asking
from derman.quality.answering import Given
from derman.quality.models import FollowUp, Survey
from derman.words.kinds import Channel, Decision
from derman.words.life import State
from derman.words.loop import SkipReason, SurveyState
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db

HAPPY = Given(process=4, action=5)
UNHAPPY = Given(process=4, action=2, text="Aynı hata yine oldu.")


def profile_with(**changes):
    """The gas preset with other rules for its survey."""
    profile = preset()
    rules = Rules(**{"asks": True, "wait_hours": 24, "window_days": 10, **changes})
    return published(profile.model_copy(update={"survey": rules}))


@pytest.fixture
def profile():
    return profile_with()


@pytest.fixture
def agent():
    return make_user("solution", "solution")


def concluded(profile, agent, *, at=MONDAY, told=True, **more):
    """A case that was resolved, its events dealt with by the worker."""
    case = make_case(profile=profile, at=at, **more)
    act = {"by": agent, "at": at, "profile": profile}
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    if told:
        actions.contact(case, channel="phone", outcome="reached", **act)
    dispatch(at, profile)
    return case


def dispatch(at, profile):
    expansion.expand(at, 100, after=lambda events: asking.plan(events, profile=profile))


def settle(profile, at):
    return asking.settle(at, 100, profile=profile)


def types(case):
    return list(case.events.order_by("id").values_list("type", flat=True))


def test_the_applicant_is_asked_once_the_wait_is_over(profile, agent):
    case = concluded(profile, agent)
    survey = Survey.objects.get(case=case)
    assert (survey.state, survey.next_at) == (SurveyState.WAITING, MONDAY + days(1))
    assert (survey.main_topic, survey.channel) == (case.main_topic, "phone")
    assert settle(profile, MONDAY + days(0.9)) == 0

    asked = MONDAY + days(1)
    assert settle(profile, asked) == 1
    survey.refresh_from_db()
    assert (survey.state, survey.asked_by, survey.asked_at) == ("asked", "sms", asked)
    assert survey.expires_at == asked + days(10)
    dispatch(asked, profile)
    message = Message.objects.get(case=case, event__type="survey_asked")
    assert "/survey/" in message.body
    assert settle(profile, asked) == 0


def test_looking_when_nothing_is_due_asks_one_query(profile, agent, django_assert_num_queries):
    concluded(profile, agent)
    with django_assert_num_queries(1):
        assert settle(profile, MONDAY) == 0


def test_silence_closes_the_case_only_when_the_window_is_over(profile, agent):
    case = concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    case.refresh_from_db()
    assert case.silent_at == MONDAY + days(11)
    silence.settle(MONDAY + days(10), 10, profile=profile)
    case.refresh_from_db()
    assert case.state == State.RESOLVED

    over = MONDAY + days(11)
    settle(profile, over)
    silence.settle(over, 10, profile=profile)
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert types(case)[-2:] == ["survey_expired", "closed"]
    assert Survey.objects.get(case=case).state == SurveyState.EXPIRED


def test_a_longer_window_to_refuse_is_not_shortened(agent):
    profile = profile_with(window_days=1)
    case = concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    case.refresh_from_db()
    assert case.silent_at == MONDAY + days(7)


def test_who_was_not_told_the_result_is_not_asked_about_it_yet(profile, agent):
    case = concluded(profile, agent, told=False)
    assert settle(profile, MONDAY + days(1)) == 1
    survey = Survey.objects.get(case=case)
    assert (survey.state, survey.next_at) == ("waiting", MONDAY + days(2))
    actions.contact(
        case, channel="phone", outcome="reached", by=agent, at=MONDAY + days(1), profile=profile
    )
    settle(profile, MONDAY + days(2))
    survey.refresh_from_db()
    assert survey.state == SurveyState.ASKED


def test_only_the_cases_that_the_profile_names_are_asked_about(agent):
    profile = profile_with(kinds=["request"])
    concluded(profile, agent)
    assert not Survey.objects.exists()
    for changes in ({"decisions": ["not_justified"]}, {"channels": ["web"]}, {"asks": False}):
        profile = profile_with(**changes)
        concluded(profile, agent)
        assert not Survey.objects.exists()


def test_nobody_is_asked_more_often_than_the_profile_says(agent):
    profile = profile_with(pause_days=30)
    customer = make_customer()
    first = concluded(profile, agent, customer=customer)
    settle(profile, MONDAY + days(1))
    second = concluded(profile, agent, customer=customer, at=MONDAY + days(10))
    settle(profile, MONDAY + days(11))
    skipped = Survey.objects.get(case=second)
    assert (skipped.state, skipped.reason) == (SurveyState.SKIPPED, SkipReason.TOO_OFTEN)
    event = second.events.get(type="survey_skipped")
    assert event.details["reason"] == "too_often"

    third = concluded(profile, agent, customer=customer, at=MONDAY + days(31))
    settle(profile, MONDAY + days(32))
    assert Survey.objects.get(case=third).state == SurveyState.ASKED
    assert Survey.objects.get(case=first).state == SurveyState.EXPIRED


def test_two_rows_of_one_person_are_one_person(agent):
    profile = profile_with(pause_days=30)
    one, other = make_customer(), make_customer("Ayşe Yılmaz", phone="+905321234568")
    concluded(profile, agent, customer=one)
    settle(profile, MONDAY + days(1))
    case = concluded(profile, agent, customer=other, at=MONDAY + days(2))
    boss = make_user("supervisor")
    actions.merge_people(
        one, other, reason="Aynı kişi.", by=boss, at=MONDAY + days(2), profile=profile
    )
    assert other.pk in merging.family(one)
    settle(profile, MONDAY + days(3))
    assert Survey.objects.get(case=case).reason == SkipReason.TOO_OFTEN


def test_who_asked_for_secrecy_is_not_asked(profile, agent):
    case = concluded(profile, agent)
    Case.objects.filter(pk=case.pk).update(secret_reporter=True)
    settle(profile, MONDAY + days(1))
    survey = Survey.objects.get(case=case)
    assert (survey.state, survey.reason) == (SurveyState.SKIPPED, SkipReason.SECRET)


def test_whom_no_message_reaches_is_not_asked(profile, agent):
    case = concluded(profile, agent, customer=make_customer(phone="+902223334455"))
    settle(profile, MONDAY + days(1))
    assert Survey.objects.get(case=case).reason == SkipReason.NO_CONTACT


def test_a_case_that_went_on_is_not_asked_about(profile, agent):
    case = concluded(profile, agent)
    actions.reopen(case, "Olmadı.", by=agent, at=MONDAY + days(0.5), profile=profile)
    settle(profile, MONDAY + days(1))
    assert Survey.objects.get(case=case).reason == SkipReason.MOVED_ON


def test_a_switch_that_was_turned_off_meanwhile_holds(profile, agent):
    case = concluded(profile, agent)
    off = published(preset().model_copy(update={"survey": Rules()}))
    settle(off, MONDAY + days(1))
    assert Survey.objects.get(case=case).reason == SkipReason.OFF


def test_who_is_satisfied_closes_the_case(profile, agent):
    case = concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    survey = Survey.objects.select_related("case").get(case=case)
    answering.answer(survey, HAPPY, via=Channel.WEB, at=MONDAY + days(2), profile=profile)
    case.refresh_from_db()
    assert case.state == State.CLOSED
    event = case.events.get(type="survey_answered")
    assert (event.details["process"], event.details["action"]) == (4, 5)
    assert not FollowUp.objects.exists()


def test_what_may_not_close_waits_for_its_silence(profile, agent):
    """The rules of closing hold: nobody proved that the applicant was told."""
    case = concluded(profile, agent, told=False)
    answering.answer_for(
        case, HAPPY, via=Channel.LETTER, by=agent, at=MONDAY + days(1), profile=profile
    )
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert case.silent_at == MONDAY + days(7)


def test_a_survey_is_answered_once(profile, agent):
    case = concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    survey = Survey.objects.select_related("case").get(case=case)
    at = MONDAY + days(2)
    answering.answer(survey, HAPPY, via=Channel.WEB, at=at, profile=profile)
    with pytest.raises(CannotDo):
        answering.answer_for(case, UNHAPPY, via=Channel.PHONE, by=agent, at=at, profile=profile)
    survey.refresh_from_db()
    assert survey.answer.process == 4


def test_staff_enter_what_was_said_whether_a_survey_went_out_or_not(agent):
    profile = profile_with(asks=False)
    case = concluded(profile, agent)
    at = MONDAY + days(1)
    answering.answer_for(case, HAPPY, via=Channel.PHONE, by=agent, at=at, profile=profile)
    survey = Survey.objects.get(case=case)
    assert (survey.state, survey.asked_by, survey.asked_at) == ("answered", "phone", at)
    assert survey.answer.by == agent


def test_an_answer_to_a_case_that_went_on_is_refused(profile, agent):
    case = concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    case.refresh_from_db()
    actions.reopen(case, "Olmadı.", by=agent, at=MONDAY + days(2), profile=profile)
    survey = Survey.objects.select_related("case").get(case=case)
    with pytest.raises(CannotDo):
        answering.answer(survey, HAPPY, via=Channel.WEB, at=MONDAY + days(2), profile=profile)


def test_a_merged_case_is_neither_asked_about_nor_answered(profile, agent):
    case, asked = concluded(profile, agent), concluded(profile, agent)
    settle(profile, MONDAY + days(1))
    waits, target = concluded(profile, agent), make_case(profile=profile)
    act = {"by": agent, "at": MONDAY + days(2), "profile": profile}
    for one in (waits, Case.objects.get(pk=case.pk), Case.objects.get(pk=asked.pk)):
        actions.merge(one, target, **act)
        target.refresh_from_db()
    settle(profile, MONDAY + days(3))

    assert Survey.objects.get(case=waits).reason == SkipReason.MOVED_ON
    for survey in Survey.objects.select_related("case").filter(case__in=[case, asked]):
        with pytest.raises(CannotDo) as refusal:
            answering.answer(survey, UNHAPPY, via=Channel.WEB, at=MONDAY + days(3), profile=profile)
        assert refusal.value.code == "moved_on"


def test_who_was_not_asked_while_merged_is_asked_once_that_is_undone(profile, agent):
    case, target = concluded(profile, agent), make_case(profile=profile)
    actions.merge(
        Case.objects.get(pk=case.pk), target, by=agent, at=MONDAY + timedelta(hours=2),
        profile=profile,
    )  # fmt: skip
    settle(profile, MONDAY + days(1))
    assert Survey.objects.get(case=case).reason == SkipReason.MOVED_ON

    actions.unmerge(Case.objects.get(pk=case.pk), by=agent, at=MONDAY + days(2), profile=profile)
    dispatch(MONDAY + days(2), profile)
    survey = Survey.objects.get(case=case)
    assert (survey.state, survey.reason) == (SurveyState.WAITING, "")
    settle(profile, MONDAY + days(3))
    assert Survey.objects.get(case=case).state == SurveyState.ASKED


def test_a_survey_of_a_cycle_that_is_past_stays_skipped_when_a_merge_is_undone(profile, agent):
    case, target = concluded(profile, agent), make_case(profile=profile)
    act = {"by": agent, "at": MONDAY + timedelta(hours=2), "profile": profile}
    actions.reopen(Case.objects.get(pk=case.pk), "Olmadı.", **act)
    settle(profile, MONDAY + days(1))
    actions.merge(Case.objects.get(pk=case.pk), target, **act)
    actions.unmerge(Case.objects.get(pk=case.pk), **act)
    dispatch(MONDAY + days(2), profile)
    assert Survey.objects.get(case=case).state == SurveyState.SKIPPED


@pytest.mark.parametrize(("rating", "satisfied"), [(1, False), (2, False), (3, True), (5, True)])
def test_one_bad_rating_of_the_two_is_enough(rating, satisfied, profile):
    assert Given(process=5, action=rating).is_satisfied(profile.profile) is satisfied
    assert Given(process=rating, action=5).is_satisfied(profile.profile) is satisfied


def test_two_workers_ask_once(profile, agent):
    case = concluded(profile, agent)
    at = MONDAY + timedelta(days=1)
    stale = Survey.objects.select_related("case__applicant").get(case=case)
    settle(profile, at)
    assert not asking._settle(stale, at, profile)
    assert types(case).count("survey_asked") == 1
