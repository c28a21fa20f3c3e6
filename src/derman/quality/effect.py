"""Did complaints fall after an improvement began? Pure arithmetic; knows no Django and no clock.

Days are put together into whole weeks counted from the start, so that each holds every weekday
once. The weeks before and after are compared by a quasi-Poisson model (with a comparison group: by
a quasi-binomial one, in which each week is compared with itself, so that whatever touches both
groups alike drops out). The interval is as wide as the weeks really vary, follow one another, and
never narrower than chance alone would make it. `docs/improvements.md` holds how well that does.
"""

import warnings
from dataclasses import dataclass, replace
from datetime import date
from math import exp, log
from typing import Any

from derman.quality.weeks import Asked, Counts, Week, peaks, weeks_of
from derman.words.learning import Caution, Verdict

LEAST_WEEKS_BEFORE, LEAST_WEEKS_AFTER = 4, 3
LEAST_BEFORE, LEAST_EXPECTED = 10, 5  # complaints; with fewer nothing is said
SMALL = 30  # complaints on one side; with fewer the reader is warned
A_THOUSAND, A_MONTH = 1000, 30


@dataclass(frozen=True)
class Span:
    """One side of the start: the rate in the unit of the effect, with its interval."""

    rate: float
    low: float
    high: float
    count: int
    days: float
    weeks: int


@dataclass(frozen=True)
class Effect:
    """What the figures say. `ratio` is after over before (with a comparison group: against it);
    None where nothing can be reckoned. Rates are per day, or per 1,000 accounts and 30 days.
    """

    verdict: Verdict
    before: Span
    after: Span
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    cautions: tuple[Caution, ...]
    weeks: tuple[Week, ...]
    per_accounts: bool
    compared: tuple[Span, Span] | None
    last_year: tuple[Span, Span] | None = None
    peaks: tuple[tuple[date, int], ...] = ()


def reckon(
    counts: Counts,
    asked: Asked,
    comparison: Counts | None = None,
    last_year: Counts | None = None,
) -> Effect:
    """Compare complaints a day before and after; days that are not named had none.

    Where no group takes a season away, the same weeks of the `last_year` show whether it is one.
    """
    weeks = weeks_of(counts, asked, comparison)
    cautions, group = [], comparison
    if group is not None and not _can_compare(weeks):
        cautions.append(Caution.SMALL_COMPARISON)
        group = None
    found = _compare(weeks, asked.level, group is not None) if _can_say(weeks) else None
    season = None
    if found:
        cautions += _slope(weeks, asked.level, group is not None)
        season = _season(last_year or {}, asked) if group is None else None
        cautions += _repeats(found, season)
    sides = _sides(weeks)
    if min(sum(week.count for week in side) for side in sides) < SMALL:
        cautions.append(Caution.SMALL_NUMBERS)
    if found and comparison is None:
        cautions.append(Caution.NO_COMPARISON)
    effect = _effect(weeks, asked, found, cautions, group is not None)
    spans = season.spans if season else None
    return replace(effect, last_year=spans, peaks=peaks(counts, asked))


def _sides(weeks: list[Week]) -> tuple[list[Week], list[Week]]:
    before = [week for week in weeks if not week.is_after]
    return before, [week for week in weeks if week.is_after]


def _can_say(weeks: list[Week]) -> bool:
    before, after = _sides(weeks)
    if len(before) < LEAST_WEEKS_BEFORE or len(after) < LEAST_WEEKS_AFTER:
        return False
    count = sum(week.count for week in before)
    expected = count / sum(week.days for week in before) * sum(week.days for week in after)
    return count >= LEAST_BEFORE and expected >= LEAST_EXPECTED


def _can_compare(weeks: list[Week]) -> bool:
    """Whether there is enough to compare with, in weeks enough to see how much they vary."""
    sides = _sides([week for week in weeks if _is_telling(week)])
    least = (LEAST_WEEKS_BEFORE, LEAST_WEEKS_AFTER)
    return all(
        len(side) >= number and sum(week.compared or 0 for week in side) >= LEAST_BEFORE
        for side, number in zip(sides, least, strict=True)
    )


def _is_telling(week: Week) -> bool:
    """Whether a week says how two groups compare: one without complaints says nothing."""
    return bool(week.count or week.compared)


@dataclass(frozen=True)
class _Fit:
    """A slope on the logarithmic scale, how far chance reaches, and how likely it is chance."""

    slope: float
    reach: float
    p: float


def _compare(weeks: list[Week], level: float, is_compared: bool) -> _Fit:
    weeks = [week for week in weeks if not is_compared or _is_telling(week)]
    return _fit(weeks, [float(week.is_after) for week in weeks], level, is_compared)


def _slope(weeks: list[Week], level: float, is_compared: bool) -> list[Caution]:
    """Whether the weeks before the start had been going somewhere by themselves."""
    before, _after = _sides(weeks)
    before = [week for week in before if not is_compared or _is_telling(week)]
    middle = (len(before) - 1) / 2
    found = _fit(before, [number - middle for number in range(len(before))], level, is_compared)
    if abs(found.slope) <= found.reach:
        return []
    return [Caution.FALLING_BEFORE if found.slope < 0 else Caution.RISING_BEFORE]


@dataclass(frozen=True)
class _Season:
    """What the same weeks of the year before did by themselves."""

    fit: _Fit
    spans: tuple[Span, Span]


def _season(last_year: Counts, asked: Asked) -> _Season | None:
    """None where too little is known of them, as before the cases of an organisation begin."""
    then = replace(asked, left_out=(), accounts=None)
    weeks = weeks_of(last_year, then)
    if not weeks or not weeks[0].count or not _can_say(weeks):
        return None
    return _Season(_compare(weeks, asked.level, is_compared=False), _spans(weeks, then))


def _repeats(found: _Fit, season: _Season | None) -> list[Caution]:
    """A clear change that does not clearly exceed what the year before did by itself.

    That need not have been clear: much of what a season does is not, and would pass for an effect.
    """
    if season is None:
        return []
    then = season.fit.slope
    if then <= found.slope + found.reach < 0:
        return [Caution.FELL_LAST_YEAR]
    if 0 < found.slope - found.reach <= then:
        return [Caution.ROSE_LAST_YEAR]
    return []


def _fit(weeks: list[Week], column: list[float], level: float, is_compared: bool) -> _Fit:
    """A generalised linear model over weeks with one column beside its constant."""
    import numpy as np
    from scipy import stats
    from statsmodels.api import GLM, families

    counts = np.array([float(week.count) for week in weeks])
    others = np.array([float(week.compared or 0) for week in weeks])
    if _has_empty_side(weeks):  # a logarithm of nothing: half a complaint, spread over all weeks
        counts += 0.5 / len(weeks)
    design = np.column_stack([np.ones(len(weeks)), column])
    if is_compared:
        model = GLM(np.column_stack([counts, others]), design, family=families.Binomial())
    else:
        days = np.log([week.days for week in weeks])
        model = GLM(counts, design, family=families.Poisson(), offset=days)
    result = _fitted(model)
    residuals = _residuals(counts, others, result.fittedvalues, is_compared)
    freedom = len(weeks) - 2
    spread = _spread(residuals, np.array(column), freedom)
    slope, error = float(result.params[1]), float(result.bse[1])
    chance = stats.norm.isf((1 - level) / 2)
    wide = stats.t.isf((1 - level) / 2, freedom) * spread
    by_chance = 2 * stats.norm.sf(abs(slope) / error)
    p = max(by_chance, 2 * stats.t.sf(abs(slope) / error / spread, freedom) if spread else 0)
    return _Fit(slope, float(max(chance, wide)) * error, float(p))


def _fitted(model: Any) -> Any:
    """Weeks that are all alike fit perfectly; with no side empty the slope is known still."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return model.fit()


def _has_empty_side(weeks: list[Week]) -> bool:
    return any(side and not any(week.count for week in side) for side in _sides(weeks))


def _residuals(counts: Any, others: Any, fitted: Any, is_compared: bool) -> Any:
    """Pearson's: how far each week lies from the model, in units of what chance alone does.

    Where the model leaves nothing to chance, as with groups that never share a week, none does.
    """
    import numpy as np

    both = counts + others
    expected = both * fitted if is_compared else fitted
    chance = expected * (1 - fitted) if is_compared else expected
    return np.divide(counts - expected, chance**0.5, out=np.zeros_like(counts), where=chance > 0)


def _spread(residuals: Any, column: Any, freedom: int) -> float:
    """How much wider than chance the weeks vary: their dispersion, and that neighbours resemble.

    The correlation of neighbours is corrected for what the fitted means take out of it.
    """
    squares = float((residuals**2).sum())
    if not squares or freedom < 1:
        return 0.0
    resembling = float((residuals[:-1] * residuals[1:]).sum()) / squares + 2 / len(residuals)
    return float((squares / freedom * (1 + 2 * max(0.0, resembling))) ** 0.5)


def _effect(
    weeks: list[Week], asked: Asked, found: _Fit | None, cautions: list[Caution], is_compared: bool
) -> Effect:
    before, after = asked.accounts or (1, 1)
    grown = log(after / before)
    compared = _compared_spans(weeks, asked.level) if is_compared else None
    first, second = _spans(weeks, asked)
    limits = (
        [exp(found.slope + side * found.reach - grown) for side in (0, -1, 1)]
        if found
        else [None, None, None]
    )
    ratio, low, high = limits
    return Effect(
        verdict=_verdict(low, high, cautions),
        before=first,
        after=second,
        ratio=ratio,
        low=low,
        high=high,
        p=found.p if found else None,
        cautions=tuple(cautions),
        weeks=tuple(weeks),
        per_accounts=asked.accounts is not None,
        compared=compared,
    )


def _verdict(low: float | None, high: float | None, cautions: list[Caution]) -> Verdict:
    """A fall that had begun before the start, or that every year brings, is nobody's merit, and
    such a rise nobody's fault.
    """
    if low is None or high is None:
        return Verdict.TOO_FEW
    if high < 1 and not {Caution.FALLING_BEFORE, Caution.FELL_LAST_YEAR} & {*cautions}:
        return Verdict.IMPROVED
    if low > 1 and not {Caution.RISING_BEFORE, Caution.ROSE_LAST_YEAR} & {*cautions}:
        return Verdict.WORSE
    return Verdict.UNCLEAR


def _spans(weeks: list[Week], asked: Asked) -> tuple[Span, Span]:
    sizes = asked.accounts or (None, None)
    made = [
        _span([(week.count, week.days) for week in side], asked.level, size)
        for side, size in zip(_sides(weeks), sizes, strict=True)
    ]
    return made[0], made[1]


def _compared_spans(weeks: list[Week], level: float) -> tuple[Span, Span]:
    made = [
        _span([(week.compared or 0, week.days) for week in side], level, None)
        for side in _sides(weeks)
    ]
    return made[0], made[1]


def _span(weeks: list[tuple[int, float]], level: float, accounts: int | None) -> Span:
    """The mean of a side; its interval is the score interval of a rate, as wide as weeks vary."""
    from statsmodels.stats.rates import confint_poisson

    count, days = sum(n for n, _days in weeks), sum(days for _n, days in weeks)
    unit = A_MONTH * A_THOUSAND / accounts if accounts else 1.0
    if not days:
        return Span(0.0, 0.0, 0.0, count, 0.0, 0)
    rate = count / days
    chance = sum((n - rate * d) ** 2 / (rate * d) for n, d in weeks) if rate else 0.0
    wider = max(1.0, chance / max(1, len(weeks) - 1))
    low, high = confint_poisson(count / wider, days / wider, method="score", alpha=1 - level)
    return Span(rate * unit, float(low) * unit, float(high) * unit, count, days, len(weeks))
