"""The bulk loader writes what the actions would have left; both databases check it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from derman.bench import bare, clocks, loading, stage
from derman.bench.crowd import FIRST_ACCOUNT
from derman.bench.texts import RARE_WORD
from derman.cases import search
from derman.cases.models import Case, Clock, Dispatch, Event, Outcome, Task
from derman.lib.identifiers import is_tckn, read_number
from derman.people.matching import speaker
from derman.people.models import ContactPoint, Customer
from derman.people.on_file import look_up
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import State
from tests.factories import make_account, published

pytestmark = pytest.mark.django_db

END = datetime(2026, 11, 2, 9, 0)
SIZE = 600


@pytest.fixture
def counts():
    published()
    return loading.load_share(loading.Job(SIZE, END, stage.add_staff()))


def test_all_rows_are_there_and_belong_together(counts):
    connection.check_constraints()

    assert Case.objects.count() == SIZE
    assert Customer.objects.count() == SIZE * loading.PEOPLE
    assert Case.objects.filter(search_entry=None).count() == 0
    assert set(Case.objects.values_list("state", flat=True)) >= {
        State.CLOSED, State.REFERRED, State.RECEIVED,
    }  # fmt: skip
    assert all(read_number(case.number) == case.number for case in Case.objects.all())


def test_history_is_silent_and_counted_by_day(counts):
    assert not Dispatch.objects.exists()
    assert sum(counts.values()) == Event.objects.count()


def test_closed_cases_have_an_outcome_and_no_running_clock(counts):
    closed = Case.objects.filter(state=State.CLOSED)
    assert Outcome.objects.filter(case__in=closed).count() == closed.count()
    assert not Clock.objects.filter(case__in=closed, kind="resolve", state="running").exists()
    assert not Task.objects.filter(case__in=closed, state__in=OPEN_TASK_STATES).exists()


def test_nothing_happens_after_the_end(counts):
    assert not Event.objects.filter(at__gt=END.replace(tzinfo=UTC) + timedelta(seconds=1)).exists()


def test_no_clock_is_to_be_looked_at_before_the_end_and_those_that_run_are_afterwards(counts):
    end = END.replace(tzinfo=UTC)
    assert not Clock.objects.filter(next_at__lte=end).exists()
    assert not Clock.objects.exclude(state="running").exclude(next_at=None).exists()
    ahead = Clock.objects.filter(
        state="running", kind="resolve", due_at__gt=end + timedelta(days=7)
    )
    assert ahead.exists()
    assert not ahead.filter(next_at=None).exists()


def test_the_clocks_that_are_laid_are_all_settled(counts, monkeypatch):
    monkeypatch.setattr(clocks, "OF_EACH", 5)
    result = clocks.settle(60.0)

    assert len(result.seconds) == 15
    assert Event.objects.filter(type="interim").count() == 5
    receipts = Event.objects.filter(type__in=["acknowledge_due", "not_acknowledged"])
    assert receipts.count() == 5
    assert Event.objects.filter(type="escalated").exists()


def test_people_are_found_by_their_phone_and_their_values_open(counts):
    customer = Customer.objects.exclude(tckn_index="").first()
    phone = ContactPoint.objects.get(customer=customer, kind="phone").value

    assert is_tckn(customer.tckn)
    assert look_up("", speaker(customer.name, phone, "", "")).speaker == customer


def test_cases_are_found_by_their_words(counts):
    case = search.find(Case.objects.all(), RARE_WORD).get()
    assert RARE_WORD in case.description
    assert case in search.find(Case.objects.all(), case.applicant.name)


@pytest.mark.postgresql
def test_the_rows_of_the_limit_fit_the_tables(db):
    """The statements that pgbench repeats: a new column must not stop them."""
    profile = published().version_id
    make_account(number=str(FIRST_ACCOUNT))
    _, _, rest = bare.SCRIPT.partition("BEGIN;")
    script = rest.replace("PROFILE", str(profile)).replace("COMMIT;", "")
    script = re.sub(r":account\b", "0", re.sub(r"(?<!:):n\b", "7", script))
    with connection.cursor() as cursor:
        for statement in filter(str.strip, script.split(";\n")):
            cursor.execute(statement)

    case = Case.objects.get()
    assert case.events.count() == 1
    assert case.clocks.count() == 2
