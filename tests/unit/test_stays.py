"""Who had a case when: no gap, no overlap, and the sums are exact."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.reports.case_map import lay_out
from derman.reports.stays import MOVING, Fact, Lane, Place, places, stays
from derman.words.events import EventType
from derman.words.life import State
from tests.factories import preset

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
UNITS = ("metering", "billing", "network")


def story(*told):
    """Facts an hour apart: the type, and what it says."""
    return [
        Fact(type_, START + timedelta(hours=number), details)
        for number, (type_, details) in enumerate(told)
    ]


def lanes(found):
    return [
        (stay.place.lane, stay.place.units, stay.is_waiting, stay.length / timedelta(hours=1))
        for stay in found
    ]


def asked(unit, task="1"):
    return ("referred", {"unit": unit, "task": task})


def test_a_plain_case_goes_from_hand_to_hand():
    facts = story(
        ("opened", {}), ("taken", {}), asked("metering"),
        ("task_started", {"task": "1", "unit": "metering"}),
        ("task_answered", {"task": "1", "unit": "metering"}), ("resolved", {}), ("closed", {}),
    )  # fmt: skip
    assert lanes(stays(facts, until=facts[-1].at)) == [
        (Lane.OWNER, (), True, 1),
        (Lane.OWNER, (), False, 1),
        (Lane.UNITS, ("metering",), True, 1),
        (Lane.UNITS, ("metering",), False, 1),
        (Lane.CALLER, (), True, 1),
        (Lane.APPLICANT, (), True, 1),
    ]


def test_two_units_at_once_share_a_lane():
    facts = story(
        ("opened", {}), asked("metering", "1"), asked("billing", "2"),
        ("task_sent_back", {"task": "1", "unit": "metering"}),
        ("task_answered", {"task": "2", "unit": "billing"}),
    )  # fmt: skip
    found = stays(facts, until=facts[-1].at + timedelta(hours=1))
    assert places(found) == [
        Place(State.RECEIVED), Place(State.REFERRED, ("metering",)),
        Place(State.REFERRED, ("metering", "billing")), Place(State.REFERRED, ("billing",)),
        Place(State.ANSWERED),
    ]  # fmt: skip


def test_a_question_to_the_applicant_leads_back_to_the_unit_that_still_owes():
    facts = story(("opened", {}), asked("metering"), ("asked", {}), ("applicant_silent", {}))
    found = stays(facts, until=facts[-1].at + timedelta(hours=1))
    assert [one.state for one in places(found)] == [
        State.RECEIVED, State.REFERRED, State.AWAITING_APPLICANT, State.REFERRED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "again",
    [("reopened", {}), ("offer_refused", {}), ("followed_up", {"result": "dissatisfied"})],
)
def test_the_next_cycle_begins_in_review(again):
    facts = story(("opened", {}), ("taken", {}), ("resolved", {}), ("closed", {}), again)
    found = stays(facts, until=facts[-1].at + timedelta(hours=1))
    assert found[-1].place == Place(State.IN_REVIEW)
    assert found[-2].place.lane is Lane.NOBODY


def test_a_merge_that_is_undone_goes_on_where_it_was():
    facts = story(
        ("opened", {}), asked("metering"), ("merged", {"into": "1"}), ("unmerged", {"into": "1"}),
        ("merged", {"from": "2"}),
    )  # fmt: skip
    found = stays(facts, until=facts[-1].at + timedelta(hours=1))
    assert found[-1].place == Place(State.REFERRED, ("metering",))


DETAILS = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "task": st.sampled_from("123"),
        "to": st.sampled_from([None, 4]),
        "result": st.sampled_from(["satisfied", "dissatisfied"]),
        "into": st.just("5"),
    }
)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(sorted({*MOVING, EventType.NOTED, EventType.CONTACTED})),
        DETAILS,
        st.timedeltas(timedelta(0), timedelta(days=40)),
    ),
    max_size=30,
)


@given(HISTORIES, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_the_lanes_add_up_to_the_age_whatever_happened(history, later):
    at, facts = START, [Fact("opened", START)]
    for type_, details, passed in history:
        at += passed
        facts.append(Fact(type_, at, details))
    until = at + later
    found = stays(facts, until=until)

    assert sum((stay.length for stay in found), timedelta()) == until - START
    assert all(one.ends == other.begins for one, other in pairwise(found))
    assert all(stay.length > timedelta() for stay in found)
    shown = lay_out(found, START, until, preset())
    assert sum((row.total for row in shown.rows), timedelta()) == shown.age
    assert all(timedelta() <= row.waiting <= row.total for row in shown.rows)
    assert all(row.working <= row.total for row in shown.rows)
