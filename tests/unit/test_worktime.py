"""Due times: the known dates of Turkish calendars, the rules one by one, and what always holds."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derman.lib.worktime import Budget, Calendar, calendar_from, due, working_seconds_between

ISTANBUL = ZoneInfo("Europe/Istanbul")
OFFICE = ((time(8, 30), time(12, 30)), (time(13, 30), time(17, 30)))
WEEK = (OFFICE,) * 5 + ((), ())
PLAIN = Calendar(ISTANBUL, WEEK)
TURKEY = calendar_from("Europe/Istanbul", WEEK, country="TR")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


def due_at(start: str, budget: str, calendar: Calendar = TURKEY, pauses=()) -> str:
    breaks = [(local(a), local(b)) for a, b in pauses]
    at = due(local(start), Budget.parse(budget), calendar, breaks).at
    return at.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M")


# Known dates


@pytest.mark.parametrize(
    ("received", "budget", "day"),
    [
        ("2026-05-18", "10 working days", "2026-06-05"),
        ("2026-05-18", "15 working days", "2026-06-12"),
        ("2026-03-10", "15 working days", "2026-04-01"),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "10:00", "17:30", "23:59"])
def test_working_days_skip_turkish_holidays(received, budget, day, hour):
    assert due_at(f"{received} {hour}", budget) == f"{day} 17:30"


@pytest.mark.parametrize(
    ("budget", "day"), [("10 working days", "2026-06-01"), ("15 working days", "2026-06-08")]
)
def test_without_holidays_the_same_limits_end_earlier(budget, day):
    assert due_at("2026-05-18 10:00", budget, PLAIN) == f"{day} 17:30"


def test_a_half_day_counts_unless_the_calendar_says_otherwise():
    strict = calendar_from("Europe/Istanbul", WEEK, half_days_count=False)
    assert due_at("2026-05-25 10:00", "1 working day") == "2026-05-26 12:30"
    assert due_at("2026-05-25 10:00", "1 working day", strict) == "2026-06-01 17:30"


def test_a_half_day_ends_early_for_working_hours():
    assert due_at("2026-10-28 08:30", "4 working hours") == "2026-10-28 12:30"
    assert due_at("2026-10-28 08:30", "5 working hours") == "2026-10-30 09:30"
    straight = calendar_from("Europe/Istanbul", (((time(9), time(18)),),) * 5 + ((), ()))
    assert due_at("2026-10-28 09:00", "5 working hours", straight) == "2026-10-30 10:00"


def test_the_half_day_closes_when_the_organisation_says():
    noon = calendar_from("Europe/Istanbul", WEEK, half_day_closes=time(12))
    assert due_at("2026-05-25 10:00", "1 working day", noon) == "2026-05-26 12:00"


@pytest.mark.parametrize("day", [date(2022, 5, 1), date(2029, 4, 23), date(2033, 1, 1)])
def test_a_whole_holiday_wins_over_a_half_day_on_the_same_date(day):
    every_day = calendar_from("Europe/Istanbul", (OFFICE,) * 7)
    assert every_day.intervals(day) == ()


def test_own_dates_win_over_holidays():
    own = {
        date(2026, 5, 19): OFFICE,  # we work although it is a holiday
        date(2026, 5, 26): OFFICE,  # and the whole of this eve
        date(2026, 5, 20): (),  # administrative leave
        date(2026, 5, 23): ((time(10), time(12)),),  # a Saturday
    }
    calendar = calendar_from("Europe/Istanbul", WEEK, dates=own)
    assert due_at("2026-05-18 10:00", "1 working day", calendar) == "2026-05-19 17:30"
    assert due_at("2026-05-19 10:00", "1 working day", calendar) == "2026-05-21 17:30"
    assert due_at("2026-05-22 10:00", "1 working day", calendar) == "2026-05-23 12:00"
    assert due_at("2026-05-25 10:00", "1 working day", calendar) == "2026-05-26 17:30"
    assert not calendar.day(date(2026, 5, 23)).half


def test_holidays_can_be_listed():
    dates = TURKEY.dates
    assert len(dates) == len(list(dates))
    assert sum(day.year == 2026 for day in dates) == 14 + 3
    assert sum(day.year == 2027 for day in dates) == 13 + 3
    assert date(2026, 5, 18) not in dates
    assert date(1950, 1, 1) not in dates


def test_other_countries_and_none():
    germany = calendar_from("Europe/Berlin", WEEK, country="DE")
    assert germany.intervals(date(2026, 10, 3)) == ()
    assert germany.intervals(date(2026, 5, 1)) == ()
    assert calendar_from("Europe/Berlin", WEEK, country=None).intervals(date(2026, 5, 1)) == OFFICE
    with pytest.raises(ValueError, match="XX"):
        calendar_from("Europe/Berlin", WEEK, country="XX")


# The rules


@pytest.mark.parametrize(
    ("start", "budget", "expected"),
    [
        ("2026-03-06 22:00", "24 hours", "2026-03-07 22:00"),
        ("2026-03-06 22:00", "10 minutes", "2026-03-06 22:10"),
        ("2026-03-02 09:00", "1.5 hours", "2026-03-02 10:30"),
        ("2026-03-02 08:30", "8 working hours", "2026-03-02 17:30"),
        ("2026-03-02 08:30", "4 working hours", "2026-03-02 12:30"),
        ("2026-03-02 12:00", "1 working hour", "2026-03-02 14:00"),
        ("2026-03-02 12:45", "1 working hour", "2026-03-02 14:30"),
        ("2026-03-06 17:00", "1 working hour", "2026-03-09 09:00"),
        ("2026-03-07 11:00", "1.5 working hours", "2026-03-09 10:00"),
        ("2026-03-02 23:00", "1 working day", "2026-03-03 17:30"),
        ("2026-03-07 11:00", "1 working day", "2026-03-09 17:30"),
        ("2026-03-02 09:00", "same day", "2026-03-02 17:30"),
        ("2026-03-02 18:00", "same day", "2026-03-03 17:30"),
        ("2026-03-07 09:00", "same day", "2026-03-09 17:30"),
        ("2026-03-02 20:00", "same calendar day", "2026-03-02 23:59"),
        ("2026-03-07 09:00", "same calendar day", "2026-03-07 23:59"),
        ("2026-03-07 00:00", "same calendar day", "2026-03-07 23:59"),
        ("2026-03-06 09:00", "1 calendar day", "2026-03-07 23:59"),
        ("2026-03-02 09:00", "30 calendar days", "2026-04-01 23:59"),
    ],
)
def test_due_without_pauses(start, budget, expected):
    assert due_at(start, budget) == expected


@pytest.mark.parametrize(
    ("budget", "pauses", "expected"),
    [
        ("24 hours", [("2026-03-02 12:00", "2026-03-02 15:00")], "2026-03-03 12:00"),
        ("24 hours", [("2026-03-01 12:00", "2026-03-02 10:00")], "2026-03-03 10:00"),
        ("24 hours", [("2026-03-03 09:00", "2026-03-09 09:00")], "2026-03-03 09:00"),
        (
            "24 hours",
            [("2026-03-02 12:00", "2026-03-02 14:00"), ("2026-03-02 13:00", "2026-03-02 15:00")],
            "2026-03-03 12:00",
        ),
        ("8 working hours", [("2026-03-02 12:00", "2026-03-02 14:00")], "2026-03-03 10:00"),
        ("8 working hours", [("2026-03-02 17:30", "2026-03-03 08:30")], "2026-03-03 09:00"),
        ("2 working days", [("2026-03-03 09:00", "2026-03-03 12:00")], "2026-03-04 17:30"),
        ("2 working days", [("2026-03-02 10:00", "2026-03-04 15:00")], "2026-03-05 17:30"),
        ("2 working days", [("2026-03-03 16:00", "2026-03-04 09:00")], "2026-03-05 17:30"),
        ("2 working days", [("2026-03-06 18:00", "2026-03-09 08:00")], "2026-03-04 17:30"),
        ("same day", [("2026-03-02 10:00", "2026-03-02 18:00")], "2026-03-03 17:30"),
        ("same calendar day", [("2026-03-02 10:00", "2026-03-02 18:00")], "2026-03-02 23:59"),
        ("2 calendar days", [("2026-03-02 22:00", "2026-03-04 08:00")], "2026-03-05 23:59"),
    ],
)
def test_due_with_pauses(budget, pauses, expected):
    assert due_at("2026-03-02 09:00", budget, PLAIN, pauses) == expected


def test_summer_time_does_not_stretch_calendar_hours():
    berlin = Calendar(ZoneInfo("Europe/Berlin"), (((time(0), time(0)),),) * 7)
    start = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    for unit in ("hours", "working hours"):
        at = due(start, Budget.parse(f"24 {unit}"), berlin).at
        assert at == datetime(2026, 3, 29, 11, tzinfo=UTC)
    assert working_seconds_between(start, start + timedelta(days=1), berlin) == 23 * 3600


def test_the_derivation_says_why():
    steps = due(
        local("2026-05-18 10:00"),
        Budget.parse("10 working days"),
        TURKEY,
        [(local("2026-05-20 10:00"), local("2026-05-21 10:00"))],
    ).derivation

    assert json.loads(json.dumps(steps)) == [
        {"step": "start", "at": "2026-05-18T07:00:00+00:00", "zone": "Europe/Istanbul"},
        {"step": "budget", "amount": 10, "unit": "working_days"},
        {"step": "skipped", "from": "2026-05-18", "until": "2026-05-18", "why": "receipt"},
        {"step": "skipped", "from": "2026-05-19", "until": "2026-05-19", "why": "closed"},
        {"step": "skipped", "from": "2026-05-23", "until": "2026-05-24", "why": "weekend"},
        {"step": "shorter", "from": "2026-05-26", "until": "2026-05-26", "why": "half"},
        {"step": "skipped", "from": "2026-05-27", "until": "2026-05-29", "why": "closed"},
        {"step": "skipped", "from": "2026-05-30", "until": "2026-05-31", "why": "weekend"},
        {"step": "skipped", "from": "2026-06-06", "until": "2026-06-07", "why": "weekend"},
        {
            "step": "paused",
            "from": "2026-05-20T07:00:00+00:00",
            "until": "2026-05-21T07:00:00+00:00",
            "days": 1,
        },
        {"step": "due", "at": "2026-06-08T14:30:00+00:00"},
    ]


def test_the_derivation_of_hours_counts_what_a_pause_cost():
    pause = [(local("2026-03-02 12:00"), local("2026-03-02 14:00"))]
    for unit, seconds in (("hours", 7200), ("working hours", 3600)):
        steps = due(local("2026-03-02 09:00"), Budget.parse(f"8 {unit}"), PLAIN, pause).derivation
        assert [s["seconds"] for s in steps if s["step"] == "paused"] == [seconds]


def test_a_half_day_that_does_not_count_is_skipped_in_the_derivation():
    strict = calendar_from("Europe/Istanbul", WEEK, half_days_count=False)
    steps = due(local("2026-10-27 10:00"), Budget.parse("1 working day"), strict).derivation
    assert {"step": "skipped", "from": "2026-10-28", "until": "2026-10-28", "why": "half"} in steps


def test_a_pause_on_the_day_of_receipt_costs_no_day():
    pause = [(local("2026-03-02 10:00"), local("2026-03-03 08:00"))]
    steps = due(local("2026-03-02 09:00"), Budget.parse("1 working day"), PLAIN, pause).derivation
    assert [s["days"] for s in steps if s["step"] == "paused"] == [0]


# Budgets


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("24 hours", Budget(24, "hours")),
        ("1 hour", Budget(1, "hours")),
        ("8 working hours", Budget(8, "working_hours")),
        ("3 working days", Budget(3, "working_days")),
        ("10 minutes", Budget(10, "minutes")),
        ("1.5 hours", Budget(Decimal("1.5"), "hours")),
        ("same day", Budget(0, "working_days")),
        ("same calendar day", Budget(0, "calendar_days")),
        ("30 calendar days", Budget(30, "calendar_days")),
    ],
)
def test_a_budget_is_read_and_written_back(text, budget):
    assert Budget.parse(text) == budget
    assert str(budget) == text
    assert Budget.parse(f"  {text.upper().replace(' ', '   ')} ") == budget


@pytest.mark.parametrize(
    "text",
    [
        *("", "3", "3 days", "three hours", "-1 hours", "1,5 hours", "0 hours", "99999 hours"),
        *("1.5 working days", "5 working minutes", "3 workingdays", "nan hours", "PT9H"),
        "1 hour 5 minutes",
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Budget.parse(text)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="fortnights"):
        Budget(2, "fortnights")  # type: ignore[arg-type]


def test_working_days_have_no_length():
    with pytest.raises(ValueError, match="no fixed length"):
        _ = Budget(2, "working_days").length


# Bad input


@pytest.mark.parametrize("budget", ["1 working hour", "1 working day", "same day"])
def test_a_calendar_without_work_is_an_error(budget):
    never = Calendar(ISTANBUL, ((),) * 7)
    with pytest.raises(ValueError, match="no working time in the five years after 2026-03-02"):
        due(local("2026-03-02 09:00"), Budget.parse(budget), never)


def test_a_calendar_that_ends_is_an_error_only_when_the_end_is_reached():
    last = Calendar(ISTANBUL, ((),) * 7, {date(2026, 3, 2): OFFICE})
    assert due_at("2026-03-02 08:00", "8 working hours", last) == "2026-03-02 17:30"
    with pytest.raises(ValueError, match="no working time"):
        due_at("2026-03-02 08:00", "9 working hours", last)


def test_moments_need_a_zone_and_pauses_an_order():
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 3, 2), Budget.parse("1 hour"), PLAIN)
    with pytest.raises(ValueError, match="before it begins"):
        due_at("2026-03-02 09:00", "1 hour", PLAIN, [("2026-03-02 11:00", "2026-03-02 10:00")])


@pytest.mark.parametrize(
    "intervals",
    [
        ((time(9), time(9)),),
        ((time(17), time(9)),),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(13)), (time(12), time(17))),
        ((time(9), time(0)), (time(12), time(17))),
    ],
)
def test_intervals_must_be_in_order(intervals):
    with pytest.raises(ValueError, match="empty or out of order"):
        Calendar(ISTANBUL, (intervals,) + ((),) * 6)
    with pytest.raises(ValueError, match="empty or out of order"):
        Calendar(ISTANBUL, WEEK, {date(2026, 1, 1): intervals})
    with pytest.raises(ValueError, match="empty or out of order"):
        calendar_from("Europe/Istanbul", WEEK, dates={date(2026, 1, 1): intervals})


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven"):
        Calendar(ISTANBUL, (OFFICE,))


# What always holds

# Interval ends keep clear of 02:00 to 04:00, where Berlin's wall clock jumps.
HOURS = st.sampled_from([0, 1, 5, 7, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 23])


@st.composite
def days(draw) -> tuple[tuple[time, time], ...]:
    edges = sorted(draw(st.sets(st.tuples(HOURS, st.sampled_from([0, 15, 30])), max_size=6)))
    walls = [time(*edge) for edge in edges[: len(edges) // 2 * 2]]
    return tuple(zip(walls[::2], walls[1::2], strict=True))


@st.composite
def calendars(draw) -> Calendar:
    zone = draw(st.sampled_from(["Europe/Istanbul", "Europe/Berlin", "UTC"]))
    weekly = tuple(draw(days()) for _ in range(7))
    assume(any(weekly))
    dates = st.dates(date(2026, 3, 1), date(2026, 4, 30))
    special = draw(st.dictionaries(dates, days(), max_size=8))
    return Calendar(ZoneInfo(zone), weekly, special, draw(st.booleans()))


START = datetime(2026, 3, 20, tzinfo=UTC)
moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
pauses = st.lists(st.tuples(moments, moments).map(lambda p: (min(p), max(p))), max_size=3)
budgets = st.one_of(
    st.builds(Budget, st.integers(1, 4000), st.just("minutes")),
    st.builds(Budget, st.integers(1, 80), st.just("hours")),
    st.builds(Budget, st.integers(1, 160).map(lambda q: Decimal(q) / 4), st.just("working_hours")),
    st.builds(Budget, st.integers(0, 12), st.just("working_days")),
)


def works_at(moment: datetime, calendar: Calendar) -> bool:
    wall = moment.astimezone(calendar.tz)
    return any(a <= wall.time() < b for a, b in calendar.intervals(wall.date()))


def walk(start, budget, calendar, breaks) -> datetime:
    """The slow way: minute by minute."""
    left = int(budget.length.total_seconds()) // 60
    now = start
    while left:
        stands = any(a <= now < b for a, b in breaks)
        if not stands and (budget.unit != "working_hours" or works_at(now, calendar)):
            left -= 1
        now += timedelta(minutes=1)
    return now


def walk_days(start, budget, calendar, breaks) -> datetime:
    left = max(budget.amount, 1)
    receipt = start.astimezone(calendar.tz).date()
    day = receipt
    while True:
        intervals = calendar.intervals(day)
        if intervals:
            closing = datetime.combine(day, intervals[-1][1], calendar.tz).astimezone(UTC)
            skipped = not calendar.half_days_count and calendar.day(day).half
            counts = closing >= start if budget.amount == 0 else day > receipt and not skipped
            if counts and not any(max(a, start) < closing <= b for a, b in breaks):
                left -= 1
                if not left:
                    return closing
        day += timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(moments, budgets, calendars(), pauses)
def test_due_agrees_with_a_minute_by_minute_walk(start, budget, calendar, breaks):
    slow = walk_days if budget.unit == "working_days" else walk
    assert due(start, budget, calendar, breaks).at == slow(start, budget, calendar, breaks)


@settings(max_examples=40, deadline=None)
@given(moments, moments, budgets, calendars(), pauses)
def test_due_never_falls_with_a_later_start(one, other, budget, calendar, breaks):
    first, second = sorted((one, other))
    assert due(first, budget, calendar).at <= due(second, budget, calendar).at
    assert due(first, budget, calendar, breaks).at >= first


@settings(max_examples=40, deadline=None)
@given(moments, budgets, st.integers(0, 12), calendars(), pauses)
def test_due_never_falls_with_a_larger_budget(start, budget, more, calendar, breaks):
    larger = Budget(budget.amount + more, budget.unit)
    earlier, later = (due(start, b, calendar, breaks).at for b in (budget, larger))
    assert earlier <= later


@settings(max_examples=40, deadline=None)
@given(moments, budgets, calendars(), pauses)
def test_pauses_only_move_the_due_time_later(start, budget, calendar, breaks):
    assert due(start, budget, calendar, breaks).at >= due(start, budget, calendar).at


@settings(max_examples=40, deadline=None)
@given(moments, budgets, st.integers(1, 10), calendars())
def test_a_budget_in_two_parts_ends_when_the_whole_does(start, budget, more, calendar):
    assume(budget.amount > 0)
    second = Budget(more, budget.unit)
    whole = Budget(budget.amount + more, budget.unit)
    half_way = due(start, budget, calendar).at
    assert due(half_way, second, calendar).at == due(start, whole, calendar).at


@settings(max_examples=40, deadline=None)
@given(moments, budgets, calendars(), pauses)
def test_every_derivation_is_plain_data_from_start_to_due(start, budget, calendar, breaks):
    result = due(start, budget, calendar, breaks)
    steps = json.loads(json.dumps(result.derivation))
    assert [steps[0]["step"], steps[1]["step"], steps[-1]["step"]] == ["start", "budget", "due"]
    assert datetime.fromisoformat(steps[-1]["at"]) == result.at
    assert result.at.utcoffset() == timedelta(0)


@given(budgets)
def test_every_budget_survives_being_written(budget):
    assert Budget.parse(str(budget)) == budget


@settings(max_examples=40, deadline=None)
@given(moments, moments, moments, calendars())
def test_working_time_adds_up(one, two, three, calendar):
    a, b, c = sorted((one, two, three))
    parts = [working_seconds_between(*pair, calendar) for pair in ((a, b), (b, c), (a, c))]
    assert parts[0] + parts[1] == parts[2]
    assert working_seconds_between(c, a, calendar) == 0 or a == c


@settings(max_examples=40, deadline=None)
@given(moments, st.integers(1, 160), calendars())
def test_a_due_time_holds_exactly_its_working_time(start, quarters, calendar):
    budget = Budget(Decimal(quarters) / 4, "working_hours")
    at = due(start, budget, calendar).at
    assert working_seconds_between(start, at, calendar) == budget.length.total_seconds()
