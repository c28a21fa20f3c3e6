"""Process maps: one case to the second, many cases within bounds."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Case
from derman.desk.templatetags.shares import percent
from derman.reports import case_map, paths
from derman.reports.stays import Fact, Lane, Place
from derman.words.kinds import ContactOutcome, Decision
from derman.words.life import State
from tests.desk import Desk
from tests.factories import MONDAY, days, make_case, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    published()
    return Desk("supervisor", name="boss")


def act(boss, day):
    return {"by": boss.user, "at": MONDAY + days(day), "profile": published()}


def walk(boss, *, unit="metering", again=False, at=MONDAY):
    """One case through a unit to its end; `again`: opened again, and still open."""
    case = make_case(at=at)
    begun = (at - MONDAY) / timedelta(days=1)
    actions.take(case, **act(boss, begun + 0.5))
    task = actions.refer(case, unit, **act(boss, begun + 1))
    actions.start_task(task, **act(boss, begun + 1.5))
    actions.answer_task(task, "Doğru okunmuş.", **act(boss, begun + 2))
    call = {"channel": "phone", "outcome": ContactOutcome.REACHED}
    actions.contact(case, **call, **act(boss, begun + 3))
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Doğru okunmuş.", **act(boss, begun + 4))
    if case.state != State.CLOSED:
        actions.close(case, **act(boss, begun + 5))
    if again:
        actions.reopen(case, "Yeni bilgi var.", **act(boss, begun + 6))
    return case


def seconds(page, attribute):
    return [int(one) for one in re.findall(rf'{attribute}="(\d+)"', page)]


def test_the_lanes_of_a_case_add_up_to_its_age_to_the_second(boss):
    case = walk(boss, again=True)
    least = (timezone.now() - MONDAY).total_seconds() - 1
    page = boss.page(f"/desk/cases/{case.number}/map/")

    [age] = seconds(page, "data-age")
    assert sum(seconds(page, "data-total")) == age
    assert age >= least
    assert page.count('<svg class="lane-chart') == 2
    assert 'class="bar wait"' in page
    assert 'fill="url(#wide-wait)"' in page  # hatched: not told by colour alone
    for words in ("Metering", "Waiting for the call to the applicant", "Applicant", "Closed"):
        assert words in page
    assert "style=" not in re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)


def test_the_map_says_who_waited_and_who_worked(boss):
    case = walk(boss)
    case.refresh_from_db()
    shown = case_map.of_case(case, preset(), MONDAY + days(30))
    rows = {row.lane: row for row in shown.rows}
    half = timedelta(hours=12)

    assert rows[Lane.OWNER].total == timedelta(days=1)
    assert rows[Lane.OWNER].waiting == half  # until somebody took it
    assert rows[Lane.UNITS].units == ("metering",)
    assert (rows[Lane.UNITS].total, rows[Lane.UNITS].waiting) == (timedelta(days=1), half)
    assert rows[Lane.CALLER].waiting == rows[Lane.CALLER].total == timedelta(days=2)
    assert shown.waiting == sum((row.waiting for row in shown.rows), timedelta())
    assert shown.waiting < shown.age
    assert shown.working == sum((row.working for row in shown.rows), timedelta())
    assert shown.ends == case.closed_at
    assert shown.stays[-1].place.lane is not Lane.NOBODY


def test_working_time_is_written_in_hours(boss):
    """A working day has no 24 hours, so days of it would be misread."""
    case = walk(boss)
    case.refresh_from_db()
    worked = case_map.of_case(case, preset(), MONDAY + days(30)).working
    page = boss.page(f"/desk/cases/{case.number}/map/")
    assert worked > timedelta(days=1)
    hours, rest = divmod(int(worked.total_seconds()), 3600)
    assert f'data-sum="working">{hours}:{rest // 60:02}:{rest % 60:02}<' in page


def test_the_story_told_by_events_ends_where_the_case_is(boss):
    for again in (False, True):
        case = walk(boss, again=again)
        case.refresh_from_db()
        shown = case_map.of_case(case, preset(), MONDAY + days(30))
        open_state = State(case.state) if again else State.RESOLVED
        assert shown.stays[-1].place.state == open_state


def test_another_unit_has_no_map(boss):
    case = walk(boss)
    assert Desk("unit", "billing").client.get(f"/desk/cases/{case.number}/map/").status_code == 404


def test_one_case_costs_few_queries(boss, django_assert_max_num_queries):
    case = walk(boss, again=True)
    boss.page("/desk/maps/")
    with django_assert_max_num_queries(11):
        boss.page(f"/desk/cases/{case.number}/map/")


def look(boss, **more):
    cases = Case.objects.visible_to(boss.user)
    return paths.of_cases(cases, MONDAY - days(1), MONDAY + days(40), MONDAY + days(50), **more)


def test_many_cases_show_frequent_paths_loops_and_lost_time(boss):
    for turn in range(3):
        walk(boss, at=MONDAY + timedelta(hours=turn))
    looped = walk(boss, unit="billing", again=True)
    found = look(boss)

    assert (found.cases, found.is_sample) == (4, False)
    most = found.paths[0]
    assert (most.count, most.share) == (3, 0.75)
    assert [place.state for place in most.path][:4] == [
        State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.ANSWERED,
    ]  # fmt: skip
    [loop] = found.loops
    assert (loop.key, loop.cases, loop.examples) == ("reopened", 1, (looped.number,))
    lost = {one.place: one for one in found.lost}
    metering = lost[Place(State.REFERRED, ("metering",))]
    assert (metering.count, metering.median, metering.p90) == (3, days(1), days(1))
    assert lost[Place(State.IN_REVIEW)].open == 1
    assert sum(one.share for one in found.lost) == pytest.approx(1)
    assert found.flow.edges[Place(State.RECEIVED), Place(State.IN_REVIEW)] == 4


def test_a_follow_up_that_ends_badly_leads_back():
    """The case goes into its next cycle; one that ends well is no way back."""

    def told(number, result):
        facts = [("resolved", {}), ("followed_up", {"result": result})]
        return paths.Told(
            number, MONDAY, MONDAY + days(3), False,
            tuple(Fact(type_, MONDAY + days(1), details) for type_, details in facts),
        )  # fmt: skip

    found = paths.reckon([told("1", "dissatisfied"), told("2", "satisfied")])
    [loop] = found.loops
    assert (loop.key, loop.cases, loop.times, loop.examples) == ("reopened", 1, 1, ("1",))


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "–"), (0, "0%"), (0.004, "< 1%"), (0.624, "62%"), (0.999, "> 99%"), (1, "100%")],
)
def test_few_are_not_none_and_many_not_all(share, said):
    assert percent(share) == said


def test_a_case_that_ended_as_it_came_has_a_way_too(boss):
    make_case(at=MONDAY)
    said = {"closing_reason": "invalid", "decision": "not_applicable"}
    Case.objects.update(state=State.CLOSED, closed_at=MONDAY, **said)
    assert look(boss).paths[0].path == ()
    page = boss.page(f"/desk/maps/?since={MONDAY.date()}&until={MONDAY.date()}")
    assert "Concluded at once" in page


def test_too_many_cases_are_sampled_over_the_whole_period(boss):
    for day in range(40):
        make_case(at=MONDAY + days(day))
    found = look(boss, most=16)

    assert found.is_sample
    assert found.cases == 16
    numbers = {number for path in found.paths for number in path.examples}
    assert numbers <= set(Case.objects.values_list("number", flat=True))


def test_the_work_is_bounded_however_many_there_are(boss, django_assert_max_num_queries):
    for day in range(20):
        make_case(at=MONDAY + days(day))
    with django_assert_max_num_queries(3 + paths.PARTS):
        look(boss, most=8)
    with django_assert_max_num_queries(3):
        look(boss)


def test_the_page_narrows_and_links_to_the_cases(boss):
    case = walk(boss)
    period = {"since": MONDAY.date(), "until": (MONDAY + days(2)).date()}
    page = boss.client.get("/desk/maps/", {**period, "unit": "metering"}).content.decode()
    assert f"/desk/cases/{case.number}/map/" in page
    assert '<svg class="flow-chart' in page
    assert "Nine in ten at most" in page
    for narrow in ({"unit": "billing"}, {"topic": "billing"}, {"channel": "fax"}):
        answer = boss.client.get("/desk/maps/", {**period, **narrow})
        assert "No case in this period" in answer.content.decode(), narrow


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "x"}, "Enter a valid date"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "Choose a day after the first one."),
        ({"since": "2024-03-02", "until": "2026-03-01"}, "Choose at most a year."),
        ({"unit": "no_such"}, "Select a valid choice"),
    ],
)
def test_a_wrong_filter_is_said_at_its_field(boss, asked, words):
    answer = boss.client.get("/desk/maps/", asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_who_does_not_learn_from_cases_has_no_map_of_many(boss):
    assert Desk("agent").client.get("/desk/maps/").status_code == 403
