"""How satisfied applicants are: counted over surveys by the month in which the case was resolved.

*CSAT* is the share of answers with 4 or 5 of 5, reckoned for the process and for the action apart.
*NPS* is the share of 9 and 10 less the share of 0 to 6, from -100 to 100. *CES* is the share that
agrees (5 to 7 of 7) that it was easy. The *response rate* divides answers by those who were asked;
an answer that staff took down counts as asked. A case with two cycles is two surveys.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

from django.db.models import Count, Q, QuerySet

from derman.quality.models import Survey
from derman.words.loop import SurveyState

By = Literal["month", "topic", "unit", "channel"]
FEW = 30  # with fewer answers a share says little

ASKED = Q(asked_at__isnull=False)
# What each number counts; the list behind the number asks the same.
COUNTED: dict[str, Q] = {
    "asked": ASKED,
    "answered": Q(state=SurveyState.ANSWERED),
    "skipped": Q(state=SurveyState.SKIPPED),
    "good_process": Q(answer__process__gte=4),
    "good_action": Q(answer__action__gte=4),
    "dissatisfied": Q(answer__satisfied=False),
    "with_nps": Q(answer__nps__isnull=False),
    "promoters": Q(answer__nps__gte=9),
    "detractors": Q(answer__nps__lte=6),
    "with_ces": Q(answer__ces__isnull=False),
    "easy": Q(answer__ces__gte=5),
}
COLUMNS: dict[By, str] = {
    "month": "month",
    "topic": "main_topic",
    "unit": "unit",
    "channel": "channel",
}


@dataclass(frozen=True)
class Tally:
    """Counts of some surveys; a rate is None where it has nothing to divide by."""

    asked: int = 0
    answered: int = 0
    skipped: int = 0
    good_process: int = 0
    good_action: int = 0
    dissatisfied: int = 0
    with_nps: int = 0
    promoters: int = 0
    detractors: int = 0
    with_ces: int = 0
    easy: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def response(self) -> float | None:
        return _share(self.answered, self.asked)

    @property
    def csat_process(self) -> float | None:
        return _share(self.good_process, self.answered)

    @property
    def csat_action(self) -> float | None:
        return _share(self.good_action, self.answered)

    @property
    def nps(self) -> float | None:
        """From -1 to 1."""
        return _share(self.promoters - self.detractors, self.with_nps)

    @property
    def ces(self) -> float | None:
        return _share(self.easy, self.with_ces)

    @property
    def is_few(self) -> bool:
        """Whether so few answered that a share says little."""
        return self.answered < FEW


@dataclass(frozen=True)
class Figures:
    """A period as a whole, and cut each way: the key (a date for months) and its tally."""

    whole: Tally
    cuts: dict[By, list[tuple[str | date, Tally]]]


def figures(first: date, last: date) -> Figures:
    """From the month of `first` to the month of `last`, both included. One query."""
    grouped = (
        _of_months(first, last)
        .values(*COLUMNS.values())
        .annotate(**{name: Count("pk", filter=what) for name, what in COUNTED.items()})
        .order_by()
    )
    rows = [(row, Tally(**{name: row[name] for name in COUNTED})) for row in grouped]
    return Figures(
        whole=_sum(tally for _row, tally in rows),
        cuts={by: _cut(rows, column, ORDERS[by]) for by, column in COLUMNS.items()},
    )


def behind(
    what: str, first: date, last: date, by: By | None = None, key: str = ""
) -> QuerySet[Survey]:
    """The surveys that one number counts."""
    found = _of_months(first, last).filter(COUNTED[what])
    return found.filter(**{COLUMNS[by]: key}) if by else found


def _of_months(first: date, last: date) -> QuerySet[Survey]:
    return Survey.objects.filter(month__gte=first.replace(day=1), month__lte=last.replace(day=1))


def _cut(
    rows: list[tuple[dict[str, object], Tally]],
    column: str,
    order: Callable[[tuple[str | date, Tally]], object],
) -> list[tuple[str | date, Tally]]:
    sums: dict[str | date, Tally] = defaultdict(Tally)
    for row, tally in rows:
        sums[row[column]] += tally  # type: ignore[index]
    return sorted(sums.items(), key=order)  # type: ignore[arg-type]


def _most_asked(one: tuple[str | date, Tally]) -> tuple[int, str]:
    return (-one[1].asked, str(one[0]))


# Months go by time, the others by how many were asked.
ORDERS: dict[By, Callable[[tuple[str | date, Tally]], object]] = {
    "month": lambda one: one[0],
    "topic": _most_asked,
    "unit": _most_asked,
    "channel": _most_asked,
}


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
