"""The survey behind its link: asked once, kept once, and a kind word for every other case."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Case
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.portal import survey
from derman.profile import publishing
from derman.quality import answering, asking
from derman.quality.models import FollowUp, Survey, SurveyAnswer
from derman.words.kinds import Channel, Decision, Language
from derman.words.life import State
from tests.applicants import Applicant
from tests.factories import make_case, make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def agent():
    return make_user("solution", "solution")


@pytest.fixture
def link(at, agent):
    return asked(at, agent, "gas")


def asked(at, agent, name):
    """The address in the message that asks about a case of this preset."""
    profile = published(preset(name))
    topic = next(key for key, t in profile.profile.leaves().items() if t.kind == "complaint")
    case = make_case(profile=profile, at=at - timedelta(days=3), topic=topic)
    resolved = at - timedelta(days=2.5)
    act = {"by": agent, "at": resolved, "profile": profile}
    actions.reclassify(case, topic, **act) if case.topic != topic else None
    if case.state == State.REFERRED:
        actions.take_back(case, **act)
    elif case.state == State.RECEIVED:
        actions.take(case, **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    asks = profile.profile.decisions.asks_reason
    reasons = profile.profile.decisions.fitting(Decision.JUSTIFIED, topic) if asks else {}
    code = next((key for key, one in reasons.items() if not one.needs_evidence), "")
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", reason_code=code, **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    expansion.expand(at, 100, after=lambda events: asking.plan(events, profile=profile))
    asking.settle(at, 100, profile=profile)
    expansion.expand(at, 100)
    message = Message.objects.get(case=case, event__type="survey_asked")
    return re.search(r"/survey/[^/]+/", message.body)[0]


def test_two_ratings_and_a_word_are_kept(link):
    applicant = Applicant()
    applicant.get(link)
    assert "How satisfied are you with how we handled it?" in applicant.text
    assert 'name="nps"' not in applicant.text
    applicant.send(process="4", action="5", text="Teşekkürler.")
    assert applicant.path == "/survey/thanks/"
    answer = SurveyAnswer.objects.select_related("survey__case").get()
    assert (answer.process, answer.action, answer.text) == (4, 5, "Teşekkürler.")
    assert (answer.via, answer.by) == ("web", None)
    assert answer.survey.case.state == State.CLOSED


def test_who_is_not_satisfied_reads_that_we_call(link):
    applicant = Applicant()
    applicant.get(link)
    applicant.send(process="4", action="1", text="")
    assert "We will get in touch" in applicant.text
    case = FollowUp.objects.select_related("case").get().case
    assert case.state == State.RESOLVED

    applicant.track(case.number, case.follow_key)
    assert "We call you about the result." in applicant.text


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(link):
    applicant = Applicant()
    applicant.get(link)
    applicant.send(process="4", text="Kısa bir söz.")
    assert applicant.page.status_code == 422
    assert "Choose one of the five answers." in applicant.alerts
    assert "Kısa bir söz." in applicant.text
    assert re.search(r'value="4"[^>]*checked', applicant.text)
    applicant.send(process="4", action="4", text="Kısa bir söz.")
    assert SurveyAnswer.objects.get().text == "Kısa bir söz."


@pytest.mark.parametrize("wrong", [{"process": "9"}, {"process": "0"}, {"action": "çok"}])
def test_no_other_number_is_taken(wrong, link):
    applicant = Applicant()
    applicant.get(link)
    applicant.send(**{"process": "4", "action": "4", "text": "", **wrong})
    assert applicant.page.status_code == 422
    assert not SurveyAnswer.objects.exists()


def test_a_link_answers_once_and_says_so(link):
    applicant = Applicant()
    applicant.get(link)
    applicant.send(process="5", action="5", text="")
    again = Applicant()
    again.get(link)
    assert again.page.status_code == 410
    assert "This survey has ended" in again.text


def test_opening_the_page_uses_nothing_up(link):
    for _ in range(3):
        assert Applicant().get(link).status_code == 200
    assert Survey.objects.get().state == "asked"


@pytest.mark.parametrize("token", ["x", "…", "a" * 200])
def test_a_wrong_link_is_told_kindly(token):
    published()
    assert Applicant().get(f"/survey/{token}/").status_code == 410


def test_a_link_of_another_kind_opens_no_survey(link):
    applicant = Applicant()
    applicant.get(link.replace("/survey/", "/track/"))
    applicant.send()
    assert applicant.page.status_code == 410


def test_a_link_that_is_too_old_is_told_kindly(link, at):
    Survey.objects.get().case.access_codes.update(expires_at=at - timedelta(minutes=1))
    assert Applicant().get(link).status_code == 410


def test_a_case_that_went_on_needs_no_answer(link, agent, at):
    case = Case.objects.get()
    actions.reopen(case, "Olmadı.", by=agent, at=at, profile=published(preset("gas")))
    applicant = Applicant()
    applicant.get(link)
    assert applicant.page.status_code == 410
    assert "We are looking at it again" in applicant.text
    assert "We will ask you when there is a new result." in applicant.text


def told_on_the_phone(agent, at):
    given = answering.Given(process=2, action=3)
    profile = publishing.current()
    case = Case.objects.get()
    answering.answer_for(case, given, via=Channel.PHONE, by=agent, at=at, profile=profile)


def test_who_told_it_on_the_phone_meanwhile_reads_that_it_was_answered(link, agent, at):
    applicant = Applicant()
    applicant.get(link)
    told_on_the_phone(agent, at)
    applicant.send(process="5", action="5", text="Ben de yazdım.")
    assert applicant.page.status_code == 410
    assert "This survey has ended" in applicant.text
    assert SurveyAnswer.objects.get().process == 2


def test_who_told_it_on_the_phone_at_this_moment_reads_the_same(link, agent, at, monkeypatch):
    applicant = Applicant()
    applicant.get(link)
    find = survey._find

    def told_after(*given):
        found = find(*given)
        told_on_the_phone(agent, at)
        return found

    monkeypatch.setattr(survey, "_find", told_after)
    applicant.send(process="5", action="5", text="Ben de yazdım.")
    assert applicant.page.status_code == 409
    assert "This survey has ended" in applicant.text
    assert SurveyAnswer.objects.get().process == 2


def test_a_merged_case_promises_no_other_survey(link, agent, at):
    case = Case.objects.get()
    profile = publishing.current()
    other = make_case(profile=profile, at=at - timedelta(days=1), topic=case.topic)
    actions.merge(case, other, by=agent, at=at, profile=profile)
    applicant = Applicant()
    applicant.get(link)
    assert "We are looking at it again" in applicant.text
    assert "We will ask you" not in applicant.text


def test_sensitive_words_are_asked_about_once(link):
    applicant = Applicant()
    applicant.get(link)
    applicant.send(process="3", action="3", text="Kanser hastasıyım, diyabetim var.")
    assert applicant.page.status_code == 422
    applicant.send(process="3", action="3", text="Kanser hastasıyım, diyabetim var.")
    assert applicant.path == "/survey/thanks/"


def test_what_the_profile_switches_on_is_asked(at, agent):
    link = asked(at, agent, "telecom")
    applicant = Applicant()
    applicant.get(link)
    applicant.send(process="4", action="4", nps="0", ces="7", text="")
    answer = SurveyAnswer.objects.get()
    assert (answer.nps, answer.ces) == (0, 7)


@pytest.mark.parametrize("language", list(Language))
def test_it_speaks_the_readers_language_in_the_organisations_words(language, at, agent):
    link = asked(at, agent, "contact-centre")
    applicant = Applicant(language)
    applicant.get(link)
    assert f'<html lang="{language}"' in applicant.text
    questions = preset("contact-centre").survey.questions
    assert questions.process[language] in applicant.text
    assert questions.action[language] in applicant.text
