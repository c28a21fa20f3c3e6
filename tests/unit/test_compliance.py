"""The rules of the check, each on rows that nobody saved (row E12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from derman.cases.compliance import Facts, examine, is_late
from derman.cases.models import Case, Clock, Outcome
from derman.profile.decisions import Compliance, Reason
from derman.words.compliance import Rule
from tests.factories import MONDAY, preset

LABEL = {"tr": "Neden", "en": "Reason", "de": "Grund"}
DAY = timedelta(days=1)


def profile(**changes):
    decisions = preset().decisions.model_copy(
        update={
            "asks_reason": False,
            "needs_action": True,
            "reasons": {
                "seen": Reason(label=LABEL, needs_evidence=True),
                "plain": Reason(label=LABEL),
            },
            "compliance": Compliance(
                notice_channels=("web",),
                notice_tag="notice",
                consent_topics=("metering",),
                consent_tag="consent",
            ),
            **changes,
        }
    )
    return preset().model_copy(update={"decisions": decisions})


def case(**more):
    said = {"kind": "complaint", "decision": "justified", "closing_reason": "resolved"}
    return Case(**{**said, "channel": "phone", "topic": "billing.tariff", **more})


def clock(kind, state, days=1, stopped=None):
    stopped_at = MONDAY + DAY * stopped if stopped is not None else None
    return Clock(kind=kind, state=state, due_at=MONDAY + DAY * days, stopped_at=stopped_at)


def facts(*clocks, outcome=None, tags=(), **more):
    told = {"was_told": True, "has_action": True}
    given = {name: more.pop(name, value) for name, value in told.items()}
    return Facts(
        case=case(**more),
        at=MONDAY + DAY * 3,
        profile=profile(),
        clocks=clocks,
        outcome=outcome or Outcome(decision="justified", text="Haklısınız."),
        tags=frozenset(tags),
        **given,
    )


def test_a_case_that_kept_to_everything_has_only_ticks():
    found = examine(
        facts(
            clock("acknowledge", "met"),
            clock("interim", "met"),
            clock("resolve", "met"),
            clock("promise", "met"),
            clock("task", "met"),
            tags=("notice", "consent"),
            channel="web",
            topic="metering.meter_fault",
            outcome=Outcome(decision="justified", text="…", reason_code="seen", evidence="Foto"),
        )
    )
    assert found == dict.fromkeys(map(str, Rule), "")


def test_rules_that_do_not_concern_the_case_are_not_asked():
    found = examine(facts(kind="request", decision="not_applicable"))
    assert found == {"informed": ""}


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("acknowledge", "acknowledged"),
        ("interim", "informed_meanwhile"),
        ("resolve", "resolved_in_time"),
        ("promise", "promises_kept"),
        ("task", "tasks_in_time"),
    ],
)
def test_one_late_clock_of_a_kind_is_enough(kind, rule):
    assert examine(facts(clock(kind, "met"), clock(kind, "missed")))[rule] == "late"
    assert examine(facts(clock(kind, "running")))[rule] == "late"  # past its time when closed
    assert examine(facts(clock(kind, "running", days=5)))[rule] == ""


@pytest.mark.parametrize(
    ("state", "stopped", "late"),
    [("cancelled", 2, True), ("cancelled", 0.5, False), ("paused", None, False), ("met", 9, False)],
)
def test_a_promise_that_was_moved_too_late_was_broken(state, stopped, late):
    assert is_late(clock("promise", state, stopped=stopped), MONDAY + DAY * 3) is late


def test_a_receipt_that_could_not_be_confirmed_is_no_fault():
    assert "acknowledged" not in examine(facts(clock("acknowledge", "cancelled", stopped=2)))


@pytest.mark.parametrize(
    ("kind", "rule"), [("acknowledge", "acknowledged"), ("interim", "informed_meanwhile")]
)
def test_what_was_over_before_it_was_owed_is_not_asked(kind, rule):
    assert rule not in examine(facts(clock(kind, "cancelled", days=5, stopped=3)))


def test_a_receipt_that_nobody_confirmed_until_the_case_ended_was_late():
    ended = clock("acknowledge", "cancelled", days=1, stopped=3)  # with the case
    assert examine(facts(ended, closing_reason="invalid"))["acknowledged"] == "late"


@pytest.mark.parametrize(
    ("changes", "rule", "reason"),
    [
        ({"channel": "web"}, "notice_shown", "no_notice"),
        ({"channel": "web", "notice_id": 7}, "notice_shown", ""),
        ({"topic": "metering.meter_fault"}, "consent_given", "no_consent"),
        ({"was_told": False}, "informed", "not_told"),
        ({"has_action": False}, "action_planned", "no_action"),
        ({"outcome": Outcome(text=" ")}, "reasoned", "no_reason"),
        ({"outcome": Outcome(text="…", reason_code="seen")}, "evidence_named", "no_evidence"),
    ],
)
def test_each_rule_says_why_it_was_not_kept(changes, rule, reason):
    assert examine(facts(**changes))[rule] == reason


def test_where_a_reason_is_asked_for_words_alone_are_none():
    strict = replace(facts(), profile=profile(asks_reason=True))
    assert examine(strict)["reasoned"] == "no_reason"


def test_an_end_without_result_is_not_asked_whether_it_was_told():
    found = examine(facts(decision="not_applicable", closing_reason="withdrawn", was_told=False))
    assert found == {}


def test_a_result_that_went_on_in_another_case_is_judged_there():
    found = examine(facts(closing_reason="duplicate", was_told=False, has_action=False))
    assert found == {}
