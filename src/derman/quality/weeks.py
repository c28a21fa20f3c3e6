"""Days put together into whole weeks around the start of an improvement. Pure arithmetic."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

WEEK = timedelta(days=7)
LEVEL = 0.95
LEAST_PEAK, PEAK = 8, 6  # complaints, and how many times chance above the usual day
MOST_PEAKS = 5
SMOOTHING = 2  # days of average weekday added when the weight of a weekday is reckoned

Counts = Mapping[date, int]


@dataclass(frozen=True)
class Week:
    """Seven days from `begins`; `days` is how many full days the ones not left out are worth."""

    begins: date
    is_after: bool
    days: float
    count: int
    left_out: tuple[date, ...] = ()
    compared: int | None = None


@dataclass(frozen=True)
class Asked:
    """What is compared: [since, start) with [start, until), without the days that are left out.

    `accounts` are how many there were before and after; nothing means that days are counted.
    """

    since: date
    start: date
    until: date
    left_out: Collection[date] = ()
    accounts: tuple[int, int] | None = None
    level: float = LEVEL


def weeks_of(counts: Counts, asked: Asked, comparison: Counts | None = None) -> list[Week]:
    """Whole weeks on both sides of the start; those of which every day is left out are dropped."""
    first = asked.start - WEEK * max(0, (asked.start - asked.since).days // 7)
    last = asked.start + WEEK * max(0, (asked.until - asked.start).days // 7)
    left_out = frozenset(asked.left_out)
    kept = [day for day in _days(first, last) if day not in left_out]
    weights = _weekdays(counts, kept) if left_out else [1.0] * 7
    weeks = []
    begins = first
    while begins < last:
        days = [day for day in _days(begins, begins + WEEK) if day not in left_out]
        compared = sum(comparison.get(day, 0) for day in days) if comparison is not None else None
        if days:
            weeks.append(
                Week(
                    begins=begins,
                    is_after=begins >= asked.start,
                    days=sum(weights[day.weekday()] for day in days),
                    count=sum(counts.get(day, 0) for day in days),
                    left_out=tuple(
                        sorted(d for d in _days(begins, begins + WEEK) if d in left_out)
                    ),
                    compared=compared,
                )
            )
        begins += WEEK
    return weeks


def peaks(counts: Counts, asked: Asked) -> tuple[tuple[date, int], ...]:
    """Days with far more than is usual, as an outage brings them: somebody should look at these.

    The usual is the median of all days, which a few such days do not move.
    """
    days = [day for day in _days(asked.since, asked.until) if day not in asked.left_out]
    usual = median(counts.get(day, 0) for day in days) if days else 0
    least = max(LEAST_PEAK, usual + PEAK * max(usual, 1) ** 0.5)
    found = [(day, counts.get(day, 0)) for day in days if counts.get(day, 0) >= least]
    return tuple(sorted(sorted(found, key=lambda one: -one[1])[:MOST_PEAKS]))


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((end - first).days)]


def _weekdays(counts: Counts, kept: list[date]) -> list[float]:
    """What a Monday, Tuesday, … is worth against an average day; the seven sum to seven."""
    mean = sum(counts.get(day, 0) for day in kept) / max(1, len(kept))
    if not mean:
        return [1.0] * 7
    weights = []
    for weekday in range(7):
        days = [day for day in kept if day.weekday() == weekday]
        total = sum(counts.get(day, 0) for day in days) + SMOOTHING * mean
        weights.append(total / (len(days) + SMOOTHING) / mean)
    return [weight * 7 / sum(weights) for weight in weights]
