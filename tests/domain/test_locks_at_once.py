"""A person and the worker, or two people, at the rows of one case: nobody waits in a circle."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from derman.cases import due
from derman.cases.models import Case
from derman.visits import planning, reporting, slots
from derman.visits.models import FieldVisit
from derman.visits.reporting import Report
from tests.factories import MONDAY, days, make_case, make_user, preset, published

# SQLite knows one writer at a time, and no rows.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def beside():
    """Runs a function on a connection of its own."""

    def run(work: Callable[[], object]) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(run, work)


def test_the_worker_leaves_a_case_that_somebody_is_changing(beside):
    profile = published()
    case = make_case(profile=profile)
    later = MONDAY + days(2)

    def settle() -> int:
        return due.settle(later, 100, profile=profile)

    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        assert beside(settle).result(30) == 0
    assert beside(settle).result(30) > 0


def test_a_report_waits_for_the_case_before_it_holds_the_visit(beside):
    act = {"by": make_user("solution"), "at": MONDAY, "profile": published()}
    case = make_case()
    slot = slots.offered(preset(), MONDAY)[0]
    visit = planning.plan(case, slot.key, address="Gül Sokak 1", purpose="Mühür?", **act)
    said = Report(mark=uuid4(), found=True, finding="Mühür sağlam.")

    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        report: Future = beside(lambda: reporting.report(visit, said, **act))
        _until_it_waits()
        FieldVisit.objects.select_for_update(nowait=True).get(pk=visit.pk)
    assert report.result(30) is True


def _until_it_waits() -> None:
    """Until another connection waits for a lock."""
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
