"""No list and no search reads all cases: none of PostgreSQL's plans scans their table."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from derman.accounts.models import User
from derman.bench import loading, stage
from derman.bench.texts import COMMON_WORD, RARE_WORD
from derman.cases import promised, search
from derman.cases.models import Case, Clock
from derman.cases.promised import Whose
from derman.desk import views_menu, worklists
from derman.words.kinds import Channel
from tests.factories import MONDAY, published

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

SCAN = "Seq Scan on cases_case"
SCANS = (SCAN, "Seq Scan on cases_task")
END = datetime(2026, 11, 2, 9, 0)


@pytest.fixture
def user():
    """Someone of the solution group, with enough cases that a scan would be the dearest way."""
    published()
    staff = stage.add_staff()
    loading.load_share(loading.Job(5_000, END, staff))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # and the rows are well formed
        cursor.execute("ANALYZE")
    return User.objects.get(pk=staff.solution)


def questions(user):
    """Every list and search, as the workbench asks for its pages."""
    for view in worklists.VIEWS:
        yield view, worklists.Asked(view, {})
    case = Case.objects.order_by("-received_at")[4_000]
    yield "deep page", worklists.Asked("all", {}, after=(case.received_at, case.pk))
    yield "topic", worklists.Asked("all", {"topic": "metering"})
    yield "channel", worklists.Asked("all", {"channel": Channel.WEB})
    for query in (RARE_WORD, COMMON_WORD, f"{COMMON_WORD} fatura", case.number, "40000001"):
        yield query, worklists.Asked("all", {}, query=query)


def page_plan(asked, user):
    """How the page is made; what `worklists.page` would run."""
    with connection.execute_wrapper(explaining := Explaining()):
        worklists.page(asked, user, MONDAY + timedelta(days=245))
    return explaining.plans


class Explaining:
    """Explains every query on cases beside running it."""

    def __init__(self):
        self.plans = []

    def __call__(self, execute, sql, params, many, context):
        if "cases_case" in sql and sql.lstrip("(").startswith("SELECT"):
            with context["connection"].connection.cursor() as cursor:
                self.plans += [row[0] for row in cursor.execute(f"EXPLAIN {sql}", params)]
        return execute(sql, params, many, context)


def test_no_list_and_no_search_reads_all_cases(user):
    plans = {name: page_plan(asked, user) for name, asked in questions(user)}

    assert all(plans.values())
    assert [name for name, plan in plans.items() if SCAN in "\n".join(plan)] == []


@pytest.mark.parametrize("role", ["solution", "unit", "agent"])
def test_no_count_of_the_menu_reads_all_cases_or_tasks(user, role):
    at = MONDAY + timedelta(days=245)
    someone = User.objects.get(username=f"bench-{role}")
    visible = Case.objects.visible_to(someone)
    counted = {name: view for name, view in worklists.VIEWS.items() if name != "all"}
    counts = {name: view.narrow(visible, someone, at) for name, view in counted.items()}
    counts["tasks"] = views_menu.owed_tasks(someone)

    plans = {name: rows.order_by().values("pk")[:501].explain() for name, rows in counts.items()}

    assert not [name for name, plan in plans.items() if any(scan in plan for scan in SCANS)]


def test_the_menu_takes_one_statement_that_scans_nothing(user):
    explaining = Explaining()
    with connection.execute_wrapper(explaining):
        views_menu.menu(user, MONDAY + timedelta(days=245))

    plan = "\n".join(explaining.plans)
    assert plan
    assert not [scan for scan in SCANS if scan in plan]
    counted = [view for view in worklists.VIEWS.values() if view.is_counted and view.fits(user)]
    assert plan.count("Aggregate") > len(counted)  # what was promised, and the places below


def test_clocks_that_are_due_are_found_by_their_index_alone(user):
    at = MONDAY + timedelta(days=245)
    due = Clock.objects.filter(next_at__lte=at).order_by("next_at", "id").values_list("pk")

    plan = due[:100].explain()
    assert "clock_to_look_at" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("which", ["late", "today", "ahead"])
def test_promises_are_found_by_their_date(user, which):
    at = MONDAY + timedelta(days=245)
    found = promised.open_promises(Whose(user), which, at, worklists.end_of_day(at))

    assert SCAN not in found.order_by("promised_at", "id")[:51].explain()


def test_promises_that_ended_are_counted_without_a_scan(user):
    at = MONDAY + timedelta(days=245)
    for which in promised.ENDED:
        found = promised.ended_promises(Whose(user), which, at)
        plans = [found.order_by("-stopped_at", "-id")[:51].explain(), found.explain()]
        assert not [plan for plan in plans if "Seq Scan on cases_clock" in plan]


def test_no_statement_is_compiled_before_it_runs(user):
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_search_of_a_common_word_takes_the_cases_from_the_newest(user):
    found = search.find(Case.objects.all(), COMMON_WORD).order_by("-received_at", "-id")[:50]

    dates = [case.received_at for case in found]
    assert len(dates) == 50
    assert dates == sorted(dates, reverse=True)
