"""The effect of an improvement, reckoned from complaints by day."""

from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest

from derman.quality import effect
from derman.quality.weeks import WEEK, Asked, weeks_of
from derman.words.learning import Caution, Verdict
from tests.series import KINDS, START, SWINGS, Plan, asked, called_effective, tell

NUMBER = 120


def steady(before: int, after: int, *, weeks: tuple[int, int] = (8, 8)) -> dict[date, int]:
    """So many complaints every day before and after the start, one more on every other."""
    days = range(-7 * weeks[0], 7 * weeks[1])
    return {
        START + timedelta(days=n): (before if n < 0 else after) + (n % 2 if before else 0)
        for n in days
    }


def over(weeks: tuple[int, int] = (8, 8), **more: object) -> Asked:
    return Asked(START - WEEK * weeks[0], START, START + WEEK * weeks[1], **more)


@pytest.fixture(scope="module")
def told():
    """What is said of many series of every kind, with and without an effect and a group beside."""
    plans = [Plan(kind, is_compared) for kind in KINDS for is_compared in (False, True)]
    none = {plan: tell(plan, NUMBER) for plan in plans}
    some = {
        Plan(plan.kind, plan.is_compared, ratio=0.65): tell(
            Plan(plan.kind, plan.is_compared, ratio=0.65), NUMBER
        )
        for plan in plans
    }
    return none, some


def test_the_interval_covers_an_injected_effect_at_its_rate(told):
    none, some = told
    every = [one.covered for found in (none, some) for one in found.values()]
    tolerance = 3 * sqrt(0.95 * 0.05 / NUMBER)
    assert min(every) >= 0.95 - tolerance
    mean = sum(every) / len(every)
    assert 0.935 <= mean <= 0.98


def test_improved_is_said_on_few_series_without_an_effect(told):
    none, some = told
    for is_compared in (False, True):
        said = [one.improved for plan, one in none.items() if plan.is_compared is is_compared]
        assert sum(said) / len(said) <= 0.05
    assert max(one.improved for one in none.values()) <= 0.05
    assert min(one.improved for one in some.values()) >= 0.3  # it can be said at all


@pytest.mark.parametrize("kind", ["chance", "overdispersed"])
@pytest.mark.parametrize("swing", SWINGS)
def test_a_season_is_hardly_taken_for_an_improvement_where_the_year_before_is_known(kind, swing):
    none = Plan(kind, swing=swing, knows_last_year=True)
    assert tell(none, 100).improved <= 0.05
    some = Plan(kind, swing=swing, knows_last_year=True, ratio=0.65)
    assert tell(some, 50).improved >= 0.2  # it can be said at all


def test_looking_every_month_calls_few_series_effective():
    plan = Plan("overdispersed", after=24)
    assert called_effective(plan, 100) <= 0.05


def test_fewer_complaints_are_an_improvement():
    found = effect.reckon(steady(4, 2), over())
    assert found.verdict == Verdict.IMPROVED
    assert found.before.rate == pytest.approx(4.5)
    assert found.after.rate == pytest.approx(2.5)
    assert found.ratio == pytest.approx(2.5 / 4.5)
    assert found.low < found.ratio < found.high < 1
    assert found.p < 0.001
    assert found.cautions == (Caution.NO_COMPARISON,)


def test_more_complaints_are_worse():
    assert effect.reckon(steady(2, 4), over()).verdict == Verdict.WORSE


def test_the_comparison_group_takes_away_what_both_share():
    counts = steady(4, 2)
    found = effect.reckon(counts, over(), {day: 3 * n for day, n in counts.items()})
    assert found.ratio == pytest.approx(1)
    assert found.verdict == Verdict.UNCLEAR
    assert found.compared[0].rate == pytest.approx(13.5)


def test_a_small_comparison_group_is_left_out_and_said_so():
    found = effect.reckon(steady(4, 2), over(), {START: 1})
    assert found.cautions == (Caution.SMALL_COMPARISON,)
    assert found.compared is None
    assert found.verdict == Verdict.IMPROVED


def test_a_reader_is_told_that_nothing_was_compared_beside_it():
    assert effect.reckon(steady(4, 2), over()).cautions == (Caution.NO_COMPARISON,)
    group = dict.fromkeys(steady(4, 2), 9)
    assert effect.reckon(steady(4, 2), over(), group).cautions == ()
    assert Caution.NO_COMPARISON not in effect.reckon({}, over()).cautions


@pytest.mark.parametrize(
    ("now", "then", "verdict", "caution"),
    [
        ((6, 3), (6, 3), Verdict.UNCLEAR, Caution.FELL_LAST_YEAR),
        ((3, 6), (3, 6), Verdict.UNCLEAR, Caution.ROSE_LAST_YEAR),
        ((9, 1), (6, 4), Verdict.IMPROVED, None),  # far more than the season does
        ((6, 3), (5, 5), Verdict.IMPROVED, None),
        ((6, 3), (3, 6), Verdict.IMPROVED, None),
    ],
)
def test_what_every_year_brings_is_no_merit(now, then, verdict, caution):
    found = effect.reckon(steady(*now), over(), last_year=steady(*then))
    assert found.verdict == verdict
    assert found.cautions == tuple(filter(None, [caution, Caution.NO_COMPARISON]))
    assert [round(span.rate - 0.5) for span in found.last_year] == list(then)


def test_a_year_that_was_not_recorded_from_the_first_week_says_nothing():
    late = {day: n for day, n in steady(6, 3).items() if day >= START - WEEK * 6}
    found = effect.reckon(steady(6, 3), over(), last_year=late)
    assert found.last_year is None
    assert found.verdict == Verdict.IMPROVED


def test_a_comparison_group_stands_before_the_year_before():
    group = dict.fromkeys(steady(4, 2), 9)
    found = effect.reckon(steady(6, 3), over(), group, steady(6, 3))
    assert (found.verdict, found.last_year) == (Verdict.IMPROVED, None)


@pytest.mark.parametrize("first", [-7, -14])
def test_a_group_with_complaints_in_hardly_a_week_is_no_comparison(first):
    """Both only in the weeks around the start: nothing shows how much they vary."""
    bunched = {START + timedelta(days=n): 12 for n in (first, 0)}
    found = effect.reckon(bunched, over(), bunched)
    assert found.cautions[0] == Caution.SMALL_COMPARISON
    assert found.compared is None
    assert found.verdict == Verdict.UNCLEAR


def test_groups_that_share_no_week_before_are_compared_still():
    own = {START + WEEK * n: 5 for n in (-8, -7, -6, -5, *range(8))}
    other = {START + WEEK * n: 5 for n in (-4, -3, -2, -1, *range(8))}
    found = effect.reckon(own, over(), other)
    assert found.compared is not None
    assert found.low < found.ratio < found.high
    assert 0 <= found.p <= 1


def test_none_at_all_afterwards_is_an_improvement():
    found = effect.reckon({day: n for day, n in steady(2, 0).items() if day < START}, over())
    assert found.verdict == Verdict.IMPROVED
    assert found.after.rate == 0
    assert 0 < found.after.high < 0.2
    assert Caution.SMALL_NUMBERS in found.cautions


@pytest.mark.parametrize("weeks", [(3, 8), (8, 2), (0, 8), (8, 0)])
def test_too_few_weeks_say_nothing(weeks):
    found = effect.reckon(steady(4, 2, weeks=weeks), over(weeks))
    assert found.verdict == Verdict.TOO_FEW
    assert found.ratio is None
    assert found.p is None


def test_too_few_complaints_say_nothing():
    found = effect.reckon({START - timedelta(days=n): 1 for n in range(1, 10)}, over())
    assert found.verdict == Verdict.TOO_FEW
    assert found.cautions == (Caution.SMALL_NUMBERS,)


def test_nothing_at_all_says_nothing():
    assert effect.reckon({}, over()).verdict == Verdict.TOO_FEW


def test_a_fall_that_had_begun_before_is_no_merit():
    counts = {START + timedelta(days=n): max(0, round(6 - n / 14)) for n in range(-84, 56)}
    found = effect.reckon(counts, over((12, 8)))
    assert found.high < 1
    assert Caution.FALLING_BEFORE in found.cautions
    assert found.verdict == Verdict.UNCLEAR


def test_days_of_an_outage_are_left_out():
    counts = steady(4, 4)
    storm = [START + timedelta(days=n) for n in (8, 9, 10)]
    counts.update(dict.fromkeys(storm, 300))
    assert effect.reckon(counts, over()).ratio > 1.5
    found = effect.reckon(counts, over(left_out=storm))
    assert found.ratio == pytest.approx(1, abs=0.05)
    assert found.verdict == Verdict.UNCLEAR
    assert found.after.days == pytest.approx(53, abs=0.5)
    assert [week.left_out for week in found.weeks if week.left_out] == [tuple(storm)]


def test_days_with_far_more_than_usual_are_named_until_they_are_left_out():
    counts = steady(4, 4) | {START + timedelta(days=9): 41, START - timedelta(days=3): 20}
    found = effect.reckon(counts, over())
    assert found.peaks == ((START - timedelta(days=3), 20), (START + timedelta(days=9), 41))
    assert not effect.reckon(counts, over(left_out=[day for day, _n in found.peaks])).peaks
    assert not effect.reckon(steady(4, 8), over()).peaks
    assert not effect.reckon({START: 7}, over()).peaks  # few, though the others have none


def test_a_left_out_sunday_weighs_as_a_sunday():
    counts = {
        START + timedelta(days=n): 1 if (START + timedelta(days=n)).weekday() == 6 else 10
        for n in range(-56, 56)
    }
    sundays = [START + timedelta(days=6 + 7 * n) for n in range(8)]
    found = effect.reckon(counts, over(left_out=sundays))
    assert found.ratio == pytest.approx(1, abs=0.03)


def test_a_week_that_is_left_out_whole_is_dropped():
    out = [START + timedelta(days=n) for n in range(7)]
    weeks = weeks_of(steady(4, 4), over(left_out=out))
    assert len(weeks) == 15
    assert START not in {week.begins for week in weeks}


def test_days_that_make_no_whole_week_wait():
    later = Asked(START - WEEK * 8 - timedelta(days=3), START, START + timedelta(days=20))
    weeks = weeks_of(steady(4, 4), later)
    assert [week.is_after for week in weeks] == [False] * 8 + [True] * 2


def test_per_accounts_takes_growth_into_account():
    """As many complaints of twice as many accounts are half of them."""
    found = effect.reckon(steady(4, 4), over(accounts=(10_000, 20_000)))
    assert found.per_accounts
    assert found.before.rate == pytest.approx(4.5 * 30 / 10)
    assert found.after.rate == pytest.approx(4.5 * 30 / 20)
    assert found.ratio == pytest.approx(0.5)
    assert found.verdict == Verdict.IMPROVED


def test_a_stricter_level_widens_the_interval():
    counts = {day: int(n) for day, n in zip(steady(1, 1), np.tile([3, 5, 4, 2], 28), strict=True)}
    usual, strict = (effect.reckon(counts, over(level=level)) for level in (0.95, 0.99))
    assert strict.low < usual.low < usual.high < strict.high


def test_the_same_series_says_the_same():
    assert tell(Plan("chance"), 5) == tell(Plan("chance"), 5)
    assert asked(Plan("chance")).until == START + timedelta(weeks=8)
