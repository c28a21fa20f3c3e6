"""A derivation in sentences: every step that worktime knows has one, in the reader's language."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from derman.desk.case import derivations
from derman.lib.worktime import Budget, Calendar, due

WEEK = ((((time(8, 30), time(17, 30)),),) * 5) + ((), ())
ZONE = ZoneInfo("Europe/Istanbul")
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def reader():
    with translation.override("en"), timezone.override(ZONE):
        yield


def calendar() -> Calendar:
    closed = {date(2026, 3, 10): (), date(2026, 3, 11): ((time(8, 30), time(13)),)}
    return Calendar(ZONE, WEEK, closed)


def test_weekends_holidays_half_days_and_pauses_are_told():
    pause = (FRIDAY + timedelta(days=5, hours=1), FRIDAY + timedelta(days=6, hours=1))
    steps = due(FRIDAY, Budget.parse("4 working days"), calendar(), [pause]).derivation
    said = " ".join(derivations.sentences(steps))
    assert "It began on 6 March 2026, Friday 09:00." in said
    assert "4 working days are allowed." in said
    assert "6 March 2026, Friday: the day of receipt does not count." in said
    assert "7 March 2026, Saturday – 8 March 2026, Sunday: a weekend, no work." in said
    assert "10 March 2026, Tuesday: a holiday or closed, no work." in said
    assert "a half day, with less working time" in said
    assert "1 working day longer." in said
    assert said.endswith("17:30.")


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("same day", "due on the same day"),
        ("same calendar day", "due before midnight of the same day"),
        ("30 calendar days", "30 days are allowed, working days or not"),
        ("1 working hour", "1 working hour is allowed"),
        ("24 hours", "24 hours are allowed, round the clock"),
        ("10 minutes", "10 minutes are allowed"),
        ("1.5 working hours", "1.5 working hours are allowed"),
    ],
)
def test_every_budget_has_words(budget, words):
    steps = due(FRIDAY, Budget.parse(budget), calendar()).derivation
    assert words in " ".join(derivations.sentences(steps))


def test_a_date_that_a_person_named():
    at = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
    (said,) = derivations.sentences([{"step": "named", "at": at.isoformat()}])
    assert said == "A person set it to 9 March 2026, Monday 17:00."


def test_hours_that_stood_still():
    pause = (FRIDAY + timedelta(hours=1), FRIDAY + timedelta(hours=3))
    steps = due(FRIDAY, Budget.parse("8 working hours"), calendar(), [pause]).derivation
    assert any("2\u00a0h longer" in said for said in derivations.sentences(steps))
