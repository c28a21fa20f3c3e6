"""Statements that are kept: each answer is that of its own keys, moment and reader."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman import statements
from derman.accounts.models import User
from derman.cases.models import Case, Event, Task
from derman.desk import worklists
from derman.desk.worklists import Asked
from derman.statements import kept
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, preset, published, with_offices

pytestmark = pytest.mark.django_db


@kept
def of_case(case: UUID, *, state: str = ""):
    found = Event.objects.filter(case=case).select_related("by", "case").order_by("id")
    return found.filter(type=state) if state else found


def test_the_second_time_asks_for_its_own_key():
    published()
    one, other = make_case(), make_case()
    for case in (one, other, one):
        with CaptureQueriesContext(connection) as asked:
            found = of_case(case.pk)
            assert [(event.case, event.by) for event in found] == [(case, None)]
        assert len(asked) == 1
    assert len(of_case.made) == 1
    assert of_case(one.pk, state="no%'such\\") == []
    assert len(of_case(one.pk, state="opened")) == 1
    assert len(of_case.made) == 3


def test_rows_come_as_the_query_wants_them():
    published()
    case = make_case()

    @kept
    def listed(key: UUID):
        return Case.objects.filter(pk=key).values_list("number", "received_at")

    @kept
    def named(number: str):
        marked = Case.objects.filter(number=number).annotate(mark=Value("m"))
        return marked.values("mark", "id", "state")

    @kept
    def numbers(key: UUID):
        return Case.objects.filter(pk=key).values_list("number", flat=True)

    for _ in range(2):
        assert listed(case.pk) == [(case.number, case.received_at)]
        assert named(case.number) == [{"mark": "m", "id": case.pk, "state": case.state}]
        assert named("0") == []
        assert numbers(case.pk) == [case.number]


def test_a_moment_that_is_reckoned_in_an_unknown_way_is_never_kept():
    published()
    make_case()

    @kept
    def due(at):
        return Case.objects.filter(due_at__lt=at + timedelta(days=60))

    for _ in range(2):
        assert len(due(MONDAY)) == 1
        assert due(MONDAY - timedelta(days=90)) == []
    assert list(due.made.values()) == [None]


@pytest.mark.parametrize("zone", ["Etc/GMT-12", "Europe/Istanbul"])
def test_what_is_late_counts_from_this_moment_in_every_zone(zone):
    published()
    case = make_case()
    user = make_user("solution", "solution")
    with timezone.override(zone):
        for hours in range(1, 24, 4):
            at = case.due_at + timedelta(hours=hours)
            assert worklists.page(Asked("late", {}), user, at).cases == [case]


def test_a_key_that_the_query_does_not_ask_for_is_never_kept():
    published()
    case = make_case()

    @kept
    def chosen(key: UUID):
        return Case.objects.filter(number=Case.objects.get(pk=key).number if key.int > 9 else "")

    for _ in range(2):
        assert chosen(case.pk) == [case]
    assert list(chosen.made.values()) == [None]


def test_what_cannot_have_rows_asks_nothing():
    @kept
    def nobody(key: UUID):
        return Task.objects.filter(case=key, unit__in=[])

    with CaptureQueriesContext(connection) as asked:
        assert nobody(UUID(int=77)) == []
    assert not asked


@pytest.mark.parametrize("view", worklists.VIEWS)
def test_a_list_holds_the_same_with_and_without(view):
    published()
    for days in range(0, 12, 3):
        make_case(at=MONDAY + timedelta(days=days))
    readers = [make_user(role, unit, name=f"{role}-{unit}") for role, unit in POSTS]
    for days in (0, 5, 20):
        at = MONDAY + timedelta(days=days, hours=3)
        for user in readers:
            if worklists.VIEWS[view].fits(user):
                check(Asked(view, {}), user, at)


POSTS = [(Role.SOLUTION, "solution"), (Role.UNIT, "billing"), (Role.UNIT, "metering")]


def check(asked, user, at):
    """The page is that of the query as it is made anew, from its middle on, too."""
    plain = list(worklists.lines(worklists.cases_of(asked, user, at), asked, user, at))
    assert worklists.page(asked, user, at).cases == plain
    column = worklists.VIEWS[asked.view].order.lstrip("-")
    for one in plain[:2]:
        at_one = (getattr(one, column), one.pk)
        after = Asked(asked.view, {}, query=asked.query, after=at_one)
        rest = plain[plain.index(one) + 1 :]
        assert worklists.page(after, user, at).cases == rest


def test_readers_of_one_kind_share_a_statement_and_see_their_own():
    published()
    one, other = (make_user("solution", "solution", name=name) for name in ("one", "two"))
    Case.objects.filter(pk=make_case().pk).update(owner_user=one)
    at = MONDAY + timedelta(hours=1)
    seen = {user.pk: worklists.page(Asked("mine", {}), user, at).cases for user in (one, other)}
    assert [len(cases) for cases in seen.values()] == [1, 0]
    assert len(worklists._lines.made) == 1
    covering = User.objects.get(pk=other.pk)
    covering.stands_in_for = (one.pk,)
    assert len(worklists.page(Asked("mine", {}), covering, at).cases) == 1
    assert len(worklists._lines.made) == 2


def test_what_narrows_a_reader_later_narrows_their_lists():
    """A unit that becomes an office by a new profile, a role that is lost, an account shut."""
    published()
    case = make_case()
    user = make_user("agent", "kadikoy")
    at = MONDAY + timedelta(hours=1)

    def seen():
        again = User.objects.get(pk=user.pk)
        asked = Asked("all", {})
        return worklists.page(asked, again, at).cases, worklists.count_of(asked, again, at)

    assert seen() == ([case], 1)
    published(with_offices("kadikoy"))
    assert seen() == ([], 0)
    published(preset())
    assert seen() == ([case], 1)
    user.memberships.update(role="unit")
    assert seen() == ([], 0)
    user.memberships.update(role="agent")
    assert seen() == ([case], 1)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert seen() == ([], 0)


@pytest.mark.parametrize("after", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2026~"])
def test_a_page_that_begins_at_no_date_of_ours_is_the_first(after):
    published()
    case = make_case()
    asked = worklists.read({"after": f"{after}~{UUID(int=1)}"}, default="all")
    at = MONDAY + timedelta(hours=1)
    assert worklists.page(asked, make_user("solution", "solution"), at).cases == [case]


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(statements, "MOST", 2)
    for state in ("a", "b", "c"):
        of_case(UUID(int=3), state=state)
    assert len(of_case.made) == 1


@pytest.mark.parametrize(
    "query", ["sayaç", "40000001", "Ayşe", "nothing at all", "--", "' OR 1 %s"]
)
def test_a_search_finds_the_same_with_and_without(query):
    published()
    cases = [make_case(at=MONDAY + timedelta(days=days)) for days in range(4)]
    at = MONDAY + timedelta(days=5)
    user, other = make_user("solution", "solution"), make_user("unit", "billing", name="other")
    for number in (query, cases[2].number):
        for who in (user, other, user):
            asked = Asked("all", {}, query=number)
            check(asked, who, at)
            expected = worklists.count(worklists.cases_of(asked, who, at))
            assert worklists.count_of(asked, who, at) == expected
    assert worklists.count_of(Asked("all", {}, query=cases[2].number), user, at) == 1


def test_who_may_not_know_a_name_sees_the_case_in_lists_and_finds_it_by_its_number_alone():
    published()
    case = make_case()
    Case.objects.filter(pk=case.pk).update(secret_reporter=True)
    at = MONDAY + timedelta(hours=1)
    agent = make_user("agent", "call_centre")
    assert worklists.page(Asked("all", {}), agent, at).cases == [case]
    assert worklists.page(Asked("all", {}, query=case.number), agent, at).cases == [case]
    name = case.applicant.name.split()[0]
    assert worklists.page(Asked("all", {}, query=name), agent, at).cases == []
