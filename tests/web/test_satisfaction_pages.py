"""The desk after the result: answers entered, follow-ups called, figures that lead to cases."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.actions import CannotDo, Plan
from derman.cases.models import Case
from derman.quality import answering, asking
from derman.quality.answering import Given
from derman.quality.models import FollowUp, Survey, SurveyAnswer
from derman.words.kinds import Channel, Decision
from derman.words.life import State
from derman.words.loop import ActionKind, SurveyState
from tests.factories import make_case, make_user, preset, published

pytestmark = pytest.mark.django_db

GOOD, BAD = Given(process=5, action=4), Given(process=4, action=1, text="Yine bozuldu.")


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def profile():
    return published(preset())


@pytest.fixture
def agent(profile):
    return make_user("solution", "solution")


def resolved(agent, at, **more):
    case = make_case(at=at - timedelta(hours=2), **more)
    act = {"by": agent, "at": at - timedelta(hours=1), "profile": published(preset())}
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    return case


@pytest.fixture
def case(agent, at):
    return resolved(agent, at)


def dissatisfied(case, agent, at, profile, given=BAD):
    answering.answer_for(case, given, via=Channel.PHONE, by=agent, at=at, profile=profile)
    case.refresh_from_db()
    return FollowUp.objects.get(case=case)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(user, case, noun, **data):
    data.setdefault("version", Case.objects.get(pk=case.pk).version)
    return signed_in(user).post(f"/desk/cases/{case.number}/{noun}/", data)


def look(user, case):
    return signed_in(user).get(f"/desk/cases/{case.number}/").content.decode()


def test_a_phone_answer_is_entered_on_the_case(case, agent):
    assert f"/desk/cases/{case.number}/survey/" in look(agent, case)
    answer = send(agent, case, "survey", process="5", action="4", text="Sağ olun.", via="phone")
    assert answer.status_code == 302
    given = SurveyAnswer.objects.get()
    assert (given.process, given.action, given.via, given.by) == (5, 4, "phone", agent)
    case.refresh_from_db()
    assert case.state == State.CLOSED
    page = look(agent, case)
    assert "Survey answered: process 5 of 5, action 4 of 5" in page
    assert "Sağ olun." in page
    assert f"/desk/cases/{case.number}/survey/" not in page


def test_a_rating_that_is_missing_is_asked_for(case, agent):
    answer = send(agent, case, "survey", process="5", text="Sağ olun.", via="phone")
    assert answer.status_code == 422
    assert "Sağ olun." in answer.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_who_is_to_be_called_stands_above_the_timeline(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    page = look(agent, case)
    assert "Not satisfied: call the applicant" in page
    assert "Handling 4 of 5, what was done 1 of 5" in page
    assert f"/desk/cases/{case.number}/follow-up/" in page


def test_each_part_of_the_page_costs_one_query(
    case, agent, at, profile, django_assert_max_num_queries
):
    dissatisfied(case, agent, at, profile)
    client = signed_in(agent)
    client.get("/desk/")
    with django_assert_max_num_queries(20):
        client.get(f"/desk/cases/{case.number}/?view=all")


def test_the_caller_sees_what_to_share_beside_what_was_answered(case, agent, at, profile):
    act = {"by": agent, "at": at, "profile": profile}
    actions.plan_action(case, Plan(ActionKind.REMEDY, "Sayaç değişecek."), **act)
    dissatisfied(case, agent, at, profile)
    form = signed_in(agent).get(f"/desk/cases/{case.number}/follow-up/").content.decode()
    for words in ("Handling 4 of 5", "Yine bozuldu.", "Düzeltildi.", "Sayaç değişecek."):
        assert words in form


def test_a_case_is_not_closed_in_place_of_the_call(case, agent, at, profile):
    assert f"/desk/cases/{case.number}/closure/" in look(agent, case)
    dissatisfied(case, agent, at, profile)
    assert f"/desk/cases/{case.number}/closure/" not in look(agent, case)
    with pytest.raises(CannotDo) as refused:
        actions.close(case, by=agent, at=at, profile=profile)
    assert refused.value.code == "follow_up_open"


def test_the_next_cycle_says_that_something_else_is_owed(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    send(
        agent, case, "follow-up", outcome="dissatisfied", note="Hâlâ kötü.",
        channel="phone", owner=agent.pk,
    )  # fmt: skip
    page = look(agent, case)
    card = page.partition("data-unsettled")[2].partition("</section>")[0]
    for verb in ("offers", "actions", "external-referral"):
        assert f'data-verb="{verb}"' in card
    assert f"{agent.name} goes on with it" in page
    case.refresh_from_db()
    plan = Plan(ActionKind.REMEDY, "Sayaç değişecek.")
    actions.plan_action(case, plan, by=agent, at=at, profile=profile)
    assert "data-unsettled" not in look(agent, case)


@pytest.mark.parametrize("satisfied", [True, False])
def test_a_case_that_is_opened_again_says_so_where_the_last_word_was_no(
    case, agent, at, profile, satisfied
):
    act = {"by": agent, "at": at, "profile": profile}
    answering.answer_for(case, GOOD if satisfied else BAD, via=Channel.PHONE, **act)
    case.refresh_from_db()
    actions.reopen(case, "Yeniden bakıyoruz.", **act)
    assert ("data-unsettled" in look(agent, case)) is not satisfied
    if not satisfied:
        offer = actions.offer(case, "Bir ay bedelsiz hizmet.", channel="phone", **act)
        assert "data-unsettled" not in look(agent, case)
        actions.refuse(offer, "Yetmez.", **act)
        assert "data-unsettled" in look(agent, case)


@pytest.mark.parametrize("channel", ["phone", "email"])  # who left no number is written to
def test_a_follow_up_that_ends_well_closes_the_case(channel, case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    answer = send(
        agent, case, "follow-up", outcome="satisfied", note="Anlattım.", channel=channel, owner=""
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == State.CLOSED
    page = look(agent, case)
    assert "Follow-up: Satisfied" in page
    assert "Anlattım." in page
    assert "Not satisfied: call the applicant" not in page


def test_the_next_cycle_is_named_to_somebody(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    said = {"outcome": "dissatisfied", "note": "Kabul etmiyor.", "channel": "phone"}
    answer = send(agent, case, "follow-up", owner="", **said)
    assert answer.status_code == 422
    assert "Choose who goes on with the case." in answer.content.decode()
    assert "Kabul etmiyor." in answer.content.decode()
    assert send(agent, case, "follow-up", owner=str(agent.pk), **said).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.cycle, case.owner_user) == (State.IN_REVIEW, 2, agent)


@pytest.mark.parametrize("times", [1, 200])
def test_a_long_answer_is_folded_above_the_fields(times, case, agent, at, profile):
    dissatisfied(case, agent, at, profile, Given(process=1, action=1, text="Bozuk. " * times))
    page = signed_in(agent).get(f"/desk/cases/{case.number}/follow-up/").content.decode()
    assert ('<details class="long-words">' in page) is (times > 1)


def test_what_was_said_has_to_be_written_down(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    answer = send(
        agent, case, "follow-up", outcome="satisfied", note=" ", channel="phone", owner=""
    )
    assert answer.status_code == 422
    assert "Write what was shared" in answer.content.decode()


def test_an_attempt_that_reached_nobody_leaves_it_open(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    answer = send(
        agent, case, "follow-up", outcome="not_reached", note="", channel="phone", owner=""
    )
    assert answer.status_code == 302
    assert "tried once" in look(agent, case)


def test_a_note_that_is_too_long_is_told_so_and_kept(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    said = {"outcome": "not_reached", "note": "ö" * 100_001, "channel": "phone", "owner": ""}
    answer = send(agent, case, "follow-up", **said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["note"]
    assert said["note"] in answer.content.decode()


def test_somebody_with_an_old_page_is_told(case, agent, at, profile):
    version = case.version
    dissatisfied(case, agent, at, profile)
    said = {"outcome": "satisfied", "note": "Anlattım.", "channel": "phone", "owner": ""}
    answer = send(agent, case, "follow-up", version=version, **said)
    assert answer.status_code == 409
    assert "Anlattım." in answer.content.decode()


def test_the_list_has_what_is_due_what_is_late_and_what_is_done(case, agent, at, profile):
    dissatisfied(case, agent, at, profile)
    client = signed_in(agent)

    def numbers(which):
        page = client.get(f"/desk/follow-ups/?which={which}").content.decode()
        return re.findall(r'data-number="(\d+)"', page)

    assert numbers("open") == numbers("mine") == [case.number]
    assert numbers("late") == numbers("done") == []
    FollowUp.objects.update(due_at=at - timedelta(days=1))
    assert numbers("late") == [case.number]
    send(agent, case, "follow-up", outcome="satisfied", note="Tamam.", channel="phone", owner="")
    assert numbers("done") == [case.number]
    assert numbers("open") == []
    assert AccessRecord.objects.filter(what="follow-ups", by=agent).exists()


def test_an_empty_list_says_what_would_be_there(agent):
    page = signed_in(agent).get("/desk/follow-ups/").content.decode()
    assert "Nobody to call" in page


def test_the_list_goes_by_key_and_by_few_queries(
    agent, at, profile, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("derman.desk.owed.follow_ups.SIZE", 2)
    cases = [resolved(agent, at) for _ in range(5)]
    for number, case in enumerate(cases):
        dissatisfied(case, agent, at, profile)
        FollowUp.objects.filter(case=case).update(due_at=at + timedelta(hours=number // 2))
    client = signed_in(agent)
    seen, address = [], "/desk/follow-ups/"
    with django_assert_max_num_queries(45):
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r'data-number="(\d+)"', page)
            found = re.search(r'href="(\?after=[^"]+)" rel="next"', page)
            address = f"/desk/follow-ups/{found[1].replace('&amp;', '&')}" if found else ""
    assert sorted(seen) == sorted(case.number for case in cases)


@pytest.fixture
def answered(agent, at, profile):
    """Three answers, one of them bad; one who did not answer, and one who was not asked."""
    cases = [resolved(agent, at) for _ in range(5)]
    for case, given in zip(cases, (GOOD, GOOD, BAD), strict=False):
        answering.answer_for(case, given, via=Channel.PHONE, by=agent, at=at, profile=profile)
    kept = asking.as_resolved(cases[3], at, profile.profile)
    Survey.objects.create(case=cases[3], state=SurveyState.ASKED, asked_at=at, **kept)
    Survey.objects.create(
        case=cases[4], state=SurveyState.SKIPPED, reason="too_often",
        **asking.as_resolved(cases[4], at, profile.profile),
    )  # fmt: skip
    return cases


@pytest.fixture
def manager(profile):
    return make_user("quality")


def figures(client, query=""):
    page = client.get(f"/desk/satisfaction/{query}")
    assert page.status_code == 200
    return page


def test_every_share_has_its_n_and_its_response(answered, manager):
    page = figures(signed_in(manager))
    tally = page.context["tally"]
    assert (tally.asked, tally.answered, tally.skipped) == (4, 3, 1)
    assert (tally.csat_process, tally.csat_action) == (1.0, 2 / 3)
    assert tally.response == 3 / 4
    text = page.content.decode()
    assert re.search(r'data-figure="csat_action"><strong>67%', text)
    assert "2 of 3 answers" in text
    assert "3 of 4 asked" in text
    assert "shares of fewer than 30 answers say little" in text


@pytest.mark.parametrize("by", ["month", "topic", "unit", "channel"])
def test_it_is_cut_four_ways(by, answered, manager):
    page = figures(signed_in(manager), f"?by={by}")
    lines = page.context["lines"]
    assert sum(line.answered.count for line in lines) == 3


def test_numbers_lead_to_the_cases_behind_them(answered, manager):
    client = signed_in(manager)
    page = figures(client, "?by=topic")
    [line] = page.context["lines"]
    wanted = {
        line.asked: answered[:4],
        line.answered: answered[:3],
        line.skipped: answered[4:],
        line.action: answered[:2],
        line.dissatisfied: answered[2:3],
    }
    for cell, cases in wanted.items():
        listed = client.get(cell.url).content.decode()
        found = set(re.findall(r'data-number="(\d+)"', listed))
        assert found == {case.number for case in cases}, cell
        assert cell.count == len(cases)


def test_months_can_be_chosen_and_nonsense_is_left_out(answered, manager):
    client = signed_in(manager)
    page = figures(client, "?from=2020-01&to=2020-12")
    assert page.context["tally"].asked == 0
    assert "Nobody was asked in these months" in page.content.decode()
    for nonsense in ("?from=x&to=2020-99", "?by=password", "?from=2030-01&to=2020-01"):
        figures(client, nonsense)
    for value in ("asked", "asked~2020-13~2020-12", "password~2020-01~2020-02", "asked~x~y~z"):
        assert client.get("/desk/", {"view": "all", "survey": value}).status_code == 200
    for value in ("gross", "all.nonsense", "x.complaint"):
        assert client.get("/desk/", {"view": "all", "first_contact": value}).status_code == 200


def test_nps_and_ces_are_shown_where_somebody_answered_them(at, profile, manager):
    given = [Given(5, 5, nps=n, ces=c) for n, c in ((10, 7), (9, 5), (7, 4), (0, 1))]
    for one in given:
        case = make_case(at=at)
        Survey.objects.create(case=case, **asking.as_resolved(case, at, profile.profile))
        Survey.objects.update(asked_at=at, state=SurveyState.ANSWERED)
        survey = Survey.objects.get(case=case)
        SurveyAnswer.objects.create(
            survey=survey, process=one.process, action=one.action, nps=one.nps, ces=one.ces,
            satisfied=True, at=at, via="web",
        )  # fmt: skip
    page = figures(signed_in(manager))
    tally = page.context["tally"]
    assert (tally.nps, tally.ces) == (0.25, 0.5)
    assert re.search(r'data-figure="nps"><strong>\+25', page.content.decode())


def test_first_contact_is_shown_gross_and_net(answered, manager, at):
    page = figures(signed_in(manager))
    whole = page.context["contact"]["whole"]
    assert whole.n == 5
    listed = signed_in(manager).get(page.context["contact"]["all_url"]).content.decode()
    assert len(re.findall(r'<li>.*?data-number="(\d+)"', listed)) == 5


def test_the_figures_take_the_same_queries_however_much_there_is(
    agent, at, profile, manager, django_assert_num_queries
):
    client = signed_in(manager)
    figures(client)
    with CaptureQueriesContext(connection) as few:
        figures(client)
    for _ in range(3):
        case = resolved(agent, at)
        answering.answer_for(case, GOOD, via=Channel.PHONE, by=agent, at=at, profile=profile)
    with django_assert_num_queries(len(few)):
        figures(client, "?by=unit")


def test_the_month_is_that_of_the_organisation(profile, at):
    case = make_case(at=at)
    late = at.replace(2026, 3, 31, 22, 30)  # UTC; in Istanbul it is April
    assert asking.as_resolved(case, late, profile.profile)["month"] == date(2026, 4, 1)
