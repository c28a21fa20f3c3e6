"""Two profiles compared, and a profile's calendar."""

from datetime import UTC, date, datetime, time

import pytest

from derman.lib.worktime import Budget, due
from derman.profile import folder
from derman.profile.calendars import calendar_of
from derman.profile.diff import changes
from tests import profiles


@pytest.fixture
def place(tmp_path):
    return profiles.write(tmp_path)


def shown(place, file, old, new):
    before = folder.load(place)
    profiles.change(place, file, old, new)
    return [str(change) for change in changes(before, folder.load(place))]


def test_a_profile_does_not_differ_from_itself(place):
    assert changes(folder.load(place), folder.load(place)) == []


def test_a_changed_value_is_shown_with_both(place):
    lines = shown(place, "topics.toml", '"10 working days"', '"5 working days"')

    assert lines == ['~ topics.bill.dispute.resolve: "10 working days" → "5 working days"']


def test_what_is_new_and_what_is_gone_is_shown(place):
    assert shown(place, "units.toml", '\nemail = "pipes@su.example"', "\nretired = false") == [
        '- units.pipes.email: "pipes@su.example"'
    ]
    lines = shown(
        place, "organisation.toml", "[regions.north]",
        '[regions.south]\nlabel = { tr = "Güney", en = "South" }\n[regions.north]',
    )  # fmt: skip
    assert lines == [
        '+ organisation.regions.south.label.tr: "Güney"',
        '+ organisation.regions.south.label.en: "South"',
        "+ organisation.regions.south.retired: false",
    ]


def test_another_order_is_a_change(place):
    text = (place / "topics.toml").read_text()
    copy = '[bill.copy]\nlabel = { tr = "Örnek", en = "Copy" }\n'
    before = folder.load(place)
    (place / "topics.toml").write_text(
        text.replace(copy, "").replace("[bill.dispute]", copy + "[bill.dispute]")
    )

    lines = [str(change) for change in changes(before, folder.load(place))]

    assert lines == ['~ topics.bill (order): ["dispute", "copy"] → ["copy", "dispute"]']


def test_the_calendar_knows_week_holidays_half_days_and_dates(place):
    calendar = calendar_of(folder.load(place))

    assert calendar.intervals(date(2026, 3, 2)) == ((time(8, 30), time(17, 30)),)
    assert calendar.intervals(date(2026, 3, 3)) == ()
    assert calendar.intervals(date(2026, 10, 29)) == ()  # a holiday
    assert calendar.intervals(date(2026, 12, 31)) == ((time(8, 30), time(12)),)
    assert calendar.intervals(date(2026, 5, 20)) == ()


def test_a_due_time_follows_the_organisation_s_calendar(place):
    calendar = calendar_of(folder.load(place))
    monday = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

    assert due(monday, Budget.parse("1 working day"), calendar).at == datetime(
        2026, 3, 6, 14, 30, tzinfo=UTC
    )


def test_a_calendar_is_made_once(place):
    profile = folder.load(place)

    assert calendar_of(profile) is calendar_of(profile)
