"""The check of a case is written with its closing, once a cycle, and costs little (row E12)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from derman.cases import actions, checked
from derman.cases.models import Case, Check
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_user, published

pytestmark = pytest.mark.django_db
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture
def given():
    return {"by": make_user(Role.SUPERVISOR), "at": MONDAY, "profile": published()}


@pytest.fixture
def case(given):
    opened = make_case(profile=given["profile"])
    actions.take(opened, **given)
    return opened


def conclude(case, given, text="Düzeltildi."):
    actions.outcome(case, "justified", text, **given)
    actions.contact(case, channel="phone", outcome="reached", **given)


def later(given, **more):
    return {**given, "at": MONDAY + timedelta(**more)}


def test_closing_writes_what_the_cycle_kept_to(case, given):
    conclude(case, given)
    assert not Check.objects.exists()
    actions.close(case, **later(given, days=1))
    check = Check.objects.get()
    assert (check.case_id, check.cycle, check.at) == (case.pk, 1, MONDAY + days(1))
    assert check.passed
    assert check.findings["resolved_in_time"] == check.findings["informed"] == ""
    assert case.events.latest("id").details["passed"] is True


def test_what_was_late_stays_late_after_the_next_cycle_kept_to_its_date(case, given):
    late = later(given, days=60)
    conclude(case, late)
    actions.close(case, **late)
    assert Check.objects.get().findings["resolved_in_time"] == "late"
    actions.reopen(case, "Yine oldu.", **late)
    again = later(given, days=61)
    conclude(case, again)
    actions.close(case, **again)
    assert list(Check.objects.order_by("cycle").values_list("cycle", "passed")) == [
        (1, False),
        (2, True),
    ]
    assert not Case.objects.filter(checked.result("failed")).exists()
    assert Case.objects.filter(checked.result("passed")).exists()


def test_an_end_without_decision_is_checked_too(case, given):
    actions.close_early(case, "withdrawn", **later(given, days=60))
    assert Check.objects.get().findings["resolved_in_time"] == "late"
    assert case.events.latest("id").details["passed"] is False


def test_a_merged_case_is_checked_for_what_was_owed_until_then(case, given):
    later_on = later(given, days=60)
    actions.merge(case, make_case(profile=given["profile"]), **later_on)
    check = Check.objects.get()
    assert check.findings == {"acknowledged": "late", "resolved_in_time": "late"}
    assert Case.objects.filter(checked.result("failed")).get() == case

    actions.unmerge(Case.objects.get(pk=case.pk), **later_on)
    assert not Check.objects.exists()


def test_a_merged_result_is_not_judged_a_second_time(case, given):
    actions.outcome(case, "justified", "Düzeltildi.", **given)
    actions.merge(case, make_case(profile=given["profile"]), **given)
    assert set(Check.objects.get().findings) == {"acknowledged", "resolved_in_time"}


def test_a_merge_of_what_was_closed_leaves_its_check(case, given):
    conclude(case, given)
    actions.close(case, **given)
    before = Check.objects.values().get()
    actions.merge(case, make_case(profile=given["profile"]), **later(given, days=1))
    actions.unmerge(Case.objects.get(pk=case.pk), **later(given, days=2))
    assert Check.objects.values().get() == before


def test_what_another_system_had_closed_is_found_as_unchecked(case, given):
    conclude(case, given)
    actions.close(case, **given)
    ended = {"closed_at": MONDAY, "closing_reason": "resolved", "decision": "justified"}
    imported = make_case(profile=given["profile"])
    Case.objects.filter(pk=imported.pk).update(state="closed", **ended)
    make_case(profile=given["profile"])

    assert Case.objects.get(checked.result("unchecked")) == imported


def test_the_tally_counts_who_was_asked_and_who_fell_short(given):
    for at in (0, 60):
        said = later(given, days=at)
        opened = make_case(profile=given["profile"], at=MONDAY)
        actions.take(opened, **said)
        conclude(opened, said)
        actions.close(opened, **said)
    found = checked.tally(MONDAY)
    assert (found.checked, found.passed) == (2, 1)
    assert found.asked_by_rule["resolved_in_time"] == 2
    assert found.failed_by_rule["resolved_in_time"] == 1
    assert found.asked_by_rule["consent_given"] == 0
    assert checked.tally(MONDAY + days(1)).checked == 1


def test_the_check_costs_few_statements(case, given):
    conclude(case, given)
    with CaptureQueriesContext(connection) as captured:
        actions.close(case, **given)
    done = [q["sql"] for q in captured if not q["sql"].startswith(CONTROL)]
    # The check adds four: clocks, outcome, proof, and its own row; nobody has to look at
    # escalations any more by another one.
    assert len(done) <= 12, done
