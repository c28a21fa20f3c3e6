"""`derman import cases`: histories of another system, silently, each number once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from derman.cases import search
from derman.cases.models import Case, Contact, Dispatch
from derman.cases.proof import has_been_told
from derman.cli import derman
from derman.people.models import Customer
from derman.profile import publishing
from derman.reports.models import DayCount
from derman.words.events import EventType
from derman.words.life import State
from tests import factories

HEADER = (
    "reference;received_at;topic;description;channel;name;phone;customer_reference;account_number;"
    "resolved_at;decision;answer;closed_at;closing_reason"
)
OPEN = (
    "E-1;2026-03-02 09:00;metering.reading_disputed;Sayaç yanlış;phone;Ali Kaya;05331112233;;;;;;;"
)
CLOSED = (
    "E-2;01.02.2026 10:00;metering.reading_disputed;Fatura yüksek;web;Ali Kaya;05331112233;;;"
    "03.02.2026 11:00;justified;Düzeltildi.;04.02.2026 12:00;resolved"
)


@pytest.fixture(autouse=True)
def organisation(db: None) -> None:
    factories.published()


def give(folder: Path, *lines: str) -> Result:
    path = folder / "cases.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return CliRunner().invoke(derman, ["import", "cases", str(path)])


def test_an_open_case_waits_with_its_clock(tmp_path):
    result = give(tmp_path, OPEN)

    assert result.exit_code == 0, result.output
    case = Case.objects.get(reference="E-1")
    assert case.state == State.RECEIVED
    assert case.received_at == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert case.due_at == case.clocks.get().due_at
    clock = case.clocks.get()
    assert clock.derivation
    assert clock.next_at is None or clock.next_at > timezone.now()
    assert case.applicant.name == "Ali Kaya"
    assert search.find(Case.objects.all(), "sayaç").get() == case
    assert not Dispatch.objects.exists()


def test_a_concluded_case_brings_decision_and_proof(tmp_path):
    give(tmp_path, CLOSED)

    case = Case.objects.get()
    assert (case.state, case.decision, case.closing_reason) == ("closed", "justified", "resolved")
    assert case.outcomes.get().text == "Düzeltildi."
    assert has_been_told(case, publishing.current().profile)
    assert [event.type for event in case.events.order_by("id")] == [
        EventType.OPENED,
        EventType.RESOLVED,
        EventType.CLOSED,
    ]
    assert (case.clocks.get().state, case.clocks.get().next_at) == ("met", None)


def test_the_reports_count_what_was_imported_on_its_own_days(tmp_path):
    give(tmp_path, CLOSED)

    days = {(str(row.day), row.event): row.count for row in DayCount.objects.all()}
    assert days == {
        ("2026-02-01", "opened"): 1,
        ("2026-02-03", "resolved"): 1,
        ("2026-02-04", "closed"): 1,
    }


def test_giving_the_file_again_changes_nothing(tmp_path):
    give(tmp_path, OPEN, CLOSED)

    result = give(tmp_path, OPEN, CLOSED)

    assert "0 cases added, 2 known already" in result.output
    assert Case.objects.count() == 2
    assert Customer.objects.count() == 1
    assert DayCount.objects.get(event="closed").count == 1


def test_a_case_closed_early_has_no_outcome(tmp_path):
    line = OPEN.removesuffix(";;;;;") + ";;;;2026-03-05;withdrawn"

    assert give(tmp_path, line).exit_code == 0

    case = Case.objects.get()
    assert (case.state, case.decision, case.closing_reason) == (
        "closed",
        "not_applicable",
        "withdrawn",
    )
    assert not case.outcomes.exists()
    assert not Contact.objects.exists()


def test_the_customer_of_the_other_system_has_the_case(tmp_path):
    customer = factories.make_customer("Ayşe Yılmaz")
    Customer.objects.filter(pk=customer.pk).update(reference="M-1")
    mine = OPEN.replace("Ali Kaya;05331112233;;", "Ayşe Yılmaz;;M-1;")
    others = mine.replace("E-1", "E-3").replace("Ayşe Yılmaz", "Ali Kaya")

    assert give(tmp_path, mine, others).exit_code == 0

    first, second = Case.objects.get(reference="E-1"), Case.objects.get(reference="E-3")
    assert first.applicant == first.customer == customer
    assert second.customer == customer
    assert second.applicant.name == "Ali Kaya"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("E-1;", ";", "reference"),
        ("2026-03-02 09:00", "", "received_at"),
        ("2026-03-02 09:00", "2999-01-01", "received_at"),
        ("2026-03-02 09:00", "morgens", "received_at"),
        ("metering.reading_disputed", "metering", "topic"),
        ("Sayaç yanlış", " ", "description"),
        (";phone;", ";pigeon;", "channel"),
        ("05331112233;;", "05331112233;M-404;", "customer_reference"),
    ],
)
def test_a_line_is_refused_as_a_whole(tmp_path, old, new, column):
    assert old in OPEN

    result = give(tmp_path, OPEN.replace(old, new, 1), CLOSED)

    assert result.exit_code == 1
    assert f"line 2, {column}: " in result.output
    assert [case.reference for case in Case.objects.all()] == ["E-2"]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (";justified;", ";;", "decision"),
        ("03.02.2026 11:00", "03.01.2026 11:00", "resolved_at"),
        ("04.02.2026 12:00", "02.02.2026 12:00", "resolved_at"),
    ],
)
def test_an_end_that_cannot_be_is_refused(tmp_path, old, new, column):
    result = give(tmp_path, CLOSED.replace(old, new, 1))

    assert f"line 2, {column}: " in result.output
    assert not Case.objects.exists()


def test_a_number_stands_in_a_file_once(tmp_path):
    assert "line 3, reference: " in give(tmp_path, OPEN, OPEN).output
    assert Case.objects.count() == 1


def test_many_lines_take_few_questions(tmp_path, django_assert_max_num_queries):
    lines = [OPEN.replace("E-1", f"E-{n}") for n in range(1_200)]

    with django_assert_max_num_queries(40):
        result = give(tmp_path, *lines)

    assert result.exit_code == 0, result.output
    assert Case.objects.count() == 1_200
    assert DayCount.objects.get().count == 1_200
