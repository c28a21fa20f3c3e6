"""Synthetic complaints by day, and how often the effect of an improvement is told rightly.

`python -m tests.series 1000` prints the tables of docs/improvements.md from so many series a line.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import numpy as np

from derman.quality import effect
from derman.quality.weeks import Asked
from derman.words.learning import Verdict

START = date(2026, 3, 2)
WEEKDAYS = (1.4, 1.2, 1.1, 1.0, 1.0, 0.7, 0.6)
KINDS = ("chance", "overdispersed", "weekly", "autocorrelated", "all of these")
SWINGS = (0.2, 0.4)
NOW_AND_THEN = (8, 12, 16, 20, 24)  # weeks after the start at which the worker looks


@dataclass(frozen=True)
class Plan:
    """What is drawn: the kind of series, complaints a day, weeks, what the improvement does."""

    kind: str
    is_compared: bool = False
    a_day: float = 4.0
    before: int = 12
    after: int = 8
    ratio: float = 1.0
    swing: float = 0.0  # how far a season takes the logarithm of the mean up and down
    knows_last_year: bool = False


@dataclass(frozen=True)
class Drawn:
    counts: dict[date, int]
    comparison: dict[date, int] | None
    last_year: dict[date, int] | None


@dataclass(frozen=True)
class Told:
    """Shares of the series."""

    covered: float
    improved: float


def draw(plan: Plan, chance: np.random.Generator) -> Drawn:
    """One series, day by day, with a comparison group that shares its ups and downs."""
    days = 7 * (plan.before + plan.after)
    shared = _wandering(chance, days, 0.8, 0.3) if plan.is_compared else np.ones(days)
    season = _season(chance, days, plan.swing) if plan.swing else np.ones(days)
    means = plan.a_day * _ups_and_downs(plan.kind, chance, days) * shared * season
    means[7 * plan.before :] *= plan.ratio
    comparison = None
    if plan.is_compared:
        others = 2 * plan.a_day * _ups_and_downs(plan.kind, chance, days) * shared
        comparison = _by_day(chance.poisson(others), plan)
    last_year = None
    if plan.knows_last_year:
        then = plan.a_day * _ups_and_downs(plan.kind, chance, days) * season
        last_year = _by_day(chance.poisson(then), plan)
    return Drawn(_by_day(chance.poisson(means), plan), comparison, last_year)


def _by_day(counts: np.ndarray, plan: Plan) -> dict[date, int]:
    first = START - timedelta(weeks=plan.before)
    return {first + timedelta(days=n): int(count) for n, count in enumerate(counts)}


def _ups_and_downs(kind: str, chance: np.random.Generator, days: int) -> np.ndarray:
    means = np.ones(days)
    if kind in ("weekly", KINDS[-1]):
        means = means * np.array(WEEKDAYS)[np.arange(days) % 7]
    if kind in ("overdispersed", KINDS[-1]):
        means = means * chance.gamma(4, 1 / 4, days)
    if kind in ("autocorrelated", KINDS[-1]):
        means = means * _wandering(chance, days, 0.5, 0.3)
    return means


def _season(chance: np.random.Generator, days: int, swing: float) -> np.ndarray:
    """A year's wave; the start falls anywhere in it."""
    turns = chance.uniform() + np.arange(days) / 364
    return np.exp(swing * np.sin(2 * np.pi * turns))


def _wandering(
    chance: np.random.Generator, days: int, resembling: float, width: float
) -> np.ndarray:
    """A mean of one that wanders: each day resembles the one before."""
    steps = chance.normal(0, width * sqrt(1 - resembling**2), days)
    found = np.empty(days)
    found[0] = chance.normal(0, width)
    for n in range(1, days):
        found[n] = resembling * found[n - 1] + steps[n]
    return np.exp(found - width**2 / 2)


def asked(plan: Plan, after: int | None = None) -> Asked:
    return Asked(
        since=START - timedelta(weeks=plan.before),
        start=START,
        until=START + timedelta(weeks=plan.after if after is None else after),
    )


def tell(plan: Plan, number: int, seed: int = 4) -> Told:
    """How many of so many series the interval covers, and of how many "improved" is said."""
    chance = np.random.default_rng(seed)
    covered = improved = 0
    for _ in range(number):
        one = draw(plan, chance)
        found = effect.reckon(one.counts, asked(plan), one.comparison, one.last_year)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= plan.ratio <= found.high
        improved += found.verdict == Verdict.IMPROVED
    return Told(covered / number, improved / number)


def called_effective(plan: Plan, number: int, seed: int = 4) -> float:
    """Of what share "improved" is said at two of the worker's looks in a row."""
    chance = np.random.default_rng(seed)
    said = 0
    for _ in range(number):
        one = draw(plan, chance)
        looks = [
            effect.reckon(one.counts, asked(plan, weeks), one.comparison).verdict
            for weeks in NOW_AND_THEN
        ]
        said += (Verdict.IMPROVED, Verdict.IMPROVED) in pairwise(looks)
    return said / number


def main(number: int) -> None:
    print("| series | compared | covers 1 | covers 0.65 |", end="")
    print(" improved, without effect | improved, with effect | effective, without effect |")
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        for is_compared in (False, True):
            none = tell(Plan(kind, is_compared), number)
            some = tell(Plan(kind, is_compared, ratio=0.65), number)
            looks = called_effective(Plan(kind, is_compared, after=24), number)
            shares: Sequence[float] = (
                none.covered, some.covered, none.improved, some.improved, looks
            )  # fmt: skip
            print(f"| {kind} | {'yes' if is_compared else 'no'} |", end="")
            print("".join(f" {100 * share:.1f} % |" for share in shares), flush=True)


def seasons(number: int) -> None:
    print("\n| series | season | year before | improved, without effect | improved, with effect |")
    print("|---|---|---|---|---|")
    for kind in ("chance", "overdispersed", KINDS[-1]):
        for swing in SWINGS:
            for known in (False, True):
                none = tell(Plan(kind, swing=swing, knows_last_year=known), number)
                some = tell(Plan(kind, ratio=0.65, swing=swing, knows_last_year=known), number)
                print(f"| {kind} | {swing} | {'known' if known else 'unknown'} |", end="")
                shares = (none.improved, some.improved)
                print("".join(f" {100 * share:.1f} % |" for share in shares), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    seasons(int(sys.argv[1]))
