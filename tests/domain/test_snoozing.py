"""A case laid aside leaves the lists of work, comes back by itself, and hides no date."""

from datetime import datetime, timedelta

import pytest

from derman.cases import actions, laid_aside
from derman.cases.models import Case, Clock
from derman.desk import worklists
from derman.words.kinds import SnoozeReason
from derman.words.life import State
from tests.factories import MONDAY, days, make_case, make_user, published

pytestmark = pytest.mark.django_db
WORK = ("mine", "unit", "call", "new", "unassigned")


@pytest.fixture
def act():
    profile = published()
    return {"by": make_user("solution", "solution"), "at": MONDAY, "profile": profile}


def lists(case: Case, user, at: datetime) -> set[str]:
    """The views that hold the case."""
    return {
        name
        for name in worklists.VIEWS
        if worklists.cases_of(worklists.Asked(name, {}), user, at).filter(pk=case.pk).exists()
    }


def aside(case, act, hours=20.0, **more):
    until = act["at"] + timedelta(hours=hours)
    return actions.snooze(case, until, SnoozeReason.OTHER_PARTY, **{**act, **more})


def test_it_leaves_the_lists_of_work_until_its_moment(act):
    case = make_case()
    actions.take(case, **act)
    assert lists(case, act["by"], MONDAY) == {"mine", "unit", "open", "all"}
    aside(case, act)
    assert lists(case, act["by"], MONDAY) == {"aside", "open", "all"}
    assert lists(case, act["by"], MONDAY + days(1)) == {"mine", "unit", "open", "all"}


def test_the_worker_wakes_it_and_the_history_says_so(act):
    case = make_case()
    aside(case, act, note="Rückruf des Amtes")
    assert laid_aside.settle(MONDAY + timedelta(hours=19), 10, profile=act["profile"]) == 0
    assert laid_aside.settle(MONDAY + timedelta(hours=20), 10, profile=act["profile"]) == 1
    assert laid_aside.settle(MONDAY + timedelta(hours=21), 10, profile=act["profile"]) == 0
    case.refresh_from_db()
    assert case.snoozed_until is None
    snoozed, woken = case.events.filter(type__in=["snoozed", "woken"]).order_by("id")
    until = (MONDAY + timedelta(hours=20)).isoformat()
    assert snoozed.details == {"reason": "other_party", "until": until}
    assert (woken.by, woken.details) == (None, {})
    assert case.notes.get().text == "Rückruf des Amtes"


def test_no_clock_stands_still_for_it(act):
    case = make_case()
    before = list(Clock.objects.filter(case=case).order_by("id").values())
    aside(case, act)
    assert list(Clock.objects.filter(case=case).order_by("id").values()) == before


def test_it_is_back_when_it_is_due_however_long_it_was_meant(act):
    case = make_case()
    assert aside(case, act, hours=24 * 60) == case.due_at
    moment = case.due_at + timedelta(seconds=1)
    assert {"late", "unit"} <= lists(case, act["by"], moment)


def test_it_is_back_on_the_day_of_a_promise(act):
    case = make_case()
    actions.promise(case, MONDAY + days(2), **act)
    back_at = aside(case, act, hours=24 * 7)
    assert back_at == (MONDAY + days(2)).replace(hour=0)


def test_a_date_that_moves_nearer_wakes_it(act):
    case = make_case()
    aside(case, act, hours=24 * 4)
    actions.promise(case, MONDAY + days(1), **act)
    assert laid_aside.settle(MONDAY + timedelta(hours=1), 10, profile=act["profile"]) == 0
    assert laid_aside.settle(MONDAY + days(1) - timedelta(hours=8), 10, profile=act["profile"]) == 1


def test_what_is_late_or_promised_for_today_is_not_laid_aside(act):
    case = make_case()
    with pytest.raises(actions.CannotDo) as late:
        aside(case, {**act, "at": case.due_at})
    actions.promise(case, MONDAY + timedelta(hours=5), **act)
    with pytest.raises(actions.CannotDo) as promised:
        aside(case, act)
    assert {late.value.code, promised.value.code} == {"due"}
    assert not case.events.filter(type="snoozed").exists()


@pytest.mark.parametrize(("hours", "code"), [(0, "past"), (24 * 91, "too_far")])
def test_the_moment_lies_ahead_and_not_too_far(act, hours, code):
    with pytest.raises(actions.CannotDo) as refused:
        aside(make_case(), act, hours=hours)
    assert (refused.value.code, refused.value.field) == (code, "until")


def test_it_comes_back_when_the_applicant_says_something(act):
    case = make_case()
    aside(case, act)
    actions.hear(case, "Bir şey daha var.", by=None, at=MONDAY, profile=act["profile"])
    case.refresh_from_db()
    assert case.snoozed_until is None


def test_it_comes_back_when_a_unit_answers_though_another_is_still_asked(act):
    case = make_case()
    task = actions.refer(case, "metering", question="Okuma?", **act)
    actions.refer(case, "billing", question="Fatura?", **act)
    aside(case, act)
    task.case = case
    actions.answer_task(task, "Doğru.", **act)
    case.refresh_from_db()
    assert (case.state, case.snoozed_until) == (State.REFERRED, None)


def test_a_note_of_a_colleague_does_not_bring_it_back(act):
    case = make_case()
    until = aside(case, act)
    actions.note(case, "Bekliyoruz.", **act)
    case.refresh_from_db()
    assert case.snoozed_until == until


def test_only_what_is_laid_aside_is_taken_up_again_and_a_closed_case_is_neither(act):
    case = make_case()
    with pytest.raises(actions.CannotDo):
        actions.wake(case, **act)
    aside(case, act)
    actions.wake(case, **act)
    aside(case, act)
    actions.close_early(case, "withdrawn", **act)
    assert case.snoozed_until is None
    with pytest.raises(actions.CannotDo):
        aside(case, act)
