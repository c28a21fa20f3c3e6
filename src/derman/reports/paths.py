"""Which ways many cases go: frequent paths, loops, and where the time is lost.

The work is bounded: at most `MOST` cases. Where there are more, every part of the period gives the
same number of its newest ones, so that no part is left out; the page says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import fmean, median
from uuid import UUID

from django.db.models import QuerySet

from derman.cases.models import Case, Event
from derman.reports.stays import MOVING, Fact, Place, Stay, begins_again, places, stays
from derman.words.events import EventType
from derman.words.life import State

MOST = 2000
PARTS = 8
AT_ONCE = 500  # cases whose events are read by one query
EXAMPLES = 5
E = EventType

Path = tuple[Place, ...]
# Ways that lead back: the events that show them, and how many of them make one.
LOOPS: Mapping[str, tuple[frozenset[str], int]] = {
    "reopened": (frozenset({E.REOPENED, E.OFFER_REFUSED, E.FOLLOWED_UP}), 1),
    "sent_back": (frozenset({E.TASK_SENT_BACK}), 1),
    "taken_back": (frozenset({E.TAKEN_BACK}), 1),
    "asked_twice": (frozenset({E.ASKED}), 2),
    "missed": (frozenset({E.VISIT_MISSED}), 1),
}
AFTER = (State.RESOLVED, State.CLOSED)
SAME_UNIT = "same_unit"  # a unit was asked more than once


@dataclass(frozen=True)
class Told:
    """One case, as far as the maps need it."""

    number: str
    received_at: datetime
    ends: datetime
    is_closed: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class FrequentPath:
    """A way that cases took from beginning to end; cases that are still open took it so far."""

    path: Path
    count: int
    share: float
    median: timedelta
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Loop:
    """A way that leads back: on how many cases, how often in all."""

    key: str
    cases: int
    times: int
    share: float
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Lost:
    """How long cases stay in a place: those that have left it; `open` are there now."""

    place: Place
    count: int
    open: int
    mean: timedelta | None
    median: timedelta | None
    p90: timedelta | None
    total: timedelta
    share: float
    examples: tuple[str, ...]  # the longest stays


@dataclass(frozen=True)
class Flow:
    """How often cases came to a place, and went from one to another."""

    nodes: Mapping[Place, int]
    edges: Mapping[tuple[Place, Place], int]


@dataclass(frozen=True)
class ManyMap:
    """Everything that the page shows of the cases that were looked at."""

    cases: int
    is_sample: bool
    paths: tuple[FrequentPath, ...] = ()
    other_paths: int = 0  # cases whose way is not among them
    loops: tuple[Loop, ...] = ()
    lost: tuple[Lost, ...] = ()
    flow: Flow = field(default_factory=lambda: Flow({}, {}))


def of_cases(
    cases: QuerySet[Case], begins: datetime, ends: datetime, at: datetime, *, most: int = MOST
) -> ManyMap:
    """The map of cases received from `begins` until `ends`, as they stand at `at`.

    One query for the cases (a few more for a sample), and one for the events of every 500.
    """
    found, is_sample = _chosen(cases, begins, ends, most)
    return reckon(_told(found, at), is_sample=is_sample)


def reckon(told: Sequence[Told], *, is_sample: bool = False, most_paths: int = 10) -> ManyMap:
    """The same of cases that were read already."""
    if not told:
        return ManyMap(0, is_sample)
    lives = [(one, stays(one.facts, until=one.ends)) for one in told]
    frequent = _paths(lives)
    shown = frequent[:most_paths]
    return ManyMap(
        cases=len(told),
        is_sample=is_sample,
        paths=tuple(shown),
        other_paths=len(told) - sum(path.count for path in shown),
        loops=tuple(_loops(told)),
        lost=tuple(_lost(lives)),
        flow=_flow(lives),
    )


Life = tuple[Told, list[Stay]]


def _paths(lives: Sequence[Life]) -> list[FrequentPath]:
    """By frequency; cases of one path the newest first."""
    by_path: dict[Path, list[Told]] = defaultdict(list)
    for told, found in lives:
        by_path[tuple(places(found))].append(told)
    made = [
        FrequentPath(
            path,
            len(cases),
            len(cases) / len(lives),
            _median([case.ends - case.received_at for case in cases]),
            tuple(case.number for case in cases[:EXAMPLES]),
        )
        for path, cases in by_path.items()
    ]
    return sorted(made, key=lambda one: -one.count)


def _loops(told: Sequence[Told]) -> Iterable[Loop]:
    times: dict[str, dict[str, int]] = defaultdict(dict)
    for one in told:
        types = Counter(fact.type for fact in one.facts if _may_turn(fact))
        for key, (events, least) in LOOPS.items():
            happened = sum(types[event] for event in events)
            if happened >= least:
                times[key][one.number] = happened
        units = Counter(f.details.get("unit", "") for f in one.facts if f.type == E.REFERRED)
        if again := sum(count - 1 for count in units.values()):
            times[SAME_UNIT][one.number] = again
    for key, cases in sorted(times.items(), key=lambda item: -len(item[1])):
        most = sorted(cases, key=lambda number: -cases[number])[:EXAMPLES]
        yield Loop(key, len(cases), sum(cases.values()), len(cases) / len(told), tuple(most))


def _may_turn(fact: Fact) -> bool:
    """A follow-up that ends well leads nowhere back."""
    return fact.type != E.FOLLOWED_UP or begins_again(fact.details)


def _lost(lives: Sequence[Life]) -> list[Lost]:
    """Places by the time that was spent there before the result; after it nobody waits for us."""
    spent: dict[Place, list[tuple[timedelta, str, bool]]] = defaultdict(list)
    for told, found in lives:
        for place, length, is_last in _whole_stays(found):
            spent[place].append((length, told.number, is_last and not told.is_closed))
    spent = {place: had for place, had in spent.items() if place.state not in AFTER}
    whole = sum((one[0] for had in spent.values() for one in had), timedelta())
    made = [_lost_in(place, had, whole) for place, had in spent.items()]
    return sorted(made, key=lambda one: -one.total)


def _lost_in(place: Place, had: list[tuple[timedelta, str, bool]], whole: timedelta) -> Lost:
    left = sorted(length for length, _number, is_there in had if not is_there)
    total = sum((length for length, _number, _is_there in had), timedelta())
    longest = sorted(had, key=lambda one: -one[0])
    seconds = [length.total_seconds() for length in left]
    return Lost(
        place,
        count=len(left),
        open=len(had) - len(left),
        mean=timedelta(seconds=fmean(seconds)) if left else None,
        median=_median(left) if left else None,
        p90=left[ceil(len(left) * 0.9) - 1] if left else None,
        total=total,
        share=total / whole if whole else 0.0,
        examples=tuple(dict.fromkeys(number for _length, number, _is_there in longest))[:EXAMPLES],
    )


def _median(lengths: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(length.total_seconds() for length in lengths))


def _whole_stays(found: Sequence[Stay]) -> Iterable[tuple[Place, timedelta, bool]]:
    """Stays in one place as one, whether or not somebody worked there meanwhile."""
    together: list[tuple[Place, timedelta, bool]] = []
    for stay in found:
        if together and together[-1][0] == stay.place:
            place, length, _is_last = together[-1]
            together[-1] = (place, length + stay.length, stay.is_last)
        else:
            together.append((stay.place, stay.length, stay.is_last))
    return together


def _flow(lives: Sequence[Life]) -> Flow:
    nodes: Counter[Place] = Counter()
    edges: Counter[tuple[Place, Place]] = Counter()
    for _case, found in lives:
        path = places(found)
        nodes.update(path)
        edges.update(pairwise(path))
    return Flow(nodes, edges)


Row = tuple[UUID, str, datetime, datetime | None]


def _chosen(
    cases: QuerySet[Case], begins: datetime, ends: datetime, most: int
) -> tuple[list[Row], bool]:
    """The newest cases of the period; of too many, as many of each of its parts."""

    def newest(since: datetime, until: datetime, limit: int) -> list[Row]:
        found = cases.filter(received_at__gte=since, received_at__lt=until)
        found = found.order_by("-received_at", "-id")
        return list(found.values_list("id", "number", "received_at", "closed_at")[:limit])

    rows = newest(begins, ends, most + 1)
    if len(rows) <= most:
        return rows, False
    step = (ends - begins) / PARTS
    parts = [
        newest(begins + step * part, begins + step * (part + 1), most // PARTS)
        for part in range(PARTS)
    ]
    return [row for part in reversed(parts) for row in part], True


def _told(rows: Sequence[Row], at: datetime) -> list[Told]:
    wanted = MOVING.union(*(events for events, _least in LOOPS.values()))
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for first in range(0, len(rows), AT_ONCE):
        ids = [row[0] for row in rows[first : first + AT_ONCE]]
        events = Event.objects.filter(case__in=ids, type__in=wanted).order_by("case", "id")
        for case_id, type_, moment, details in events.values_list(
            "case_id", "type", "at", "details"
        ):
            facts[case_id].append(Fact(type_, moment, details))
    return [
        Told(
            number,
            received_at,
            max(closed_at or at, received_at),
            closed_at is not None,
            (Fact("", received_at), *facts[case_id]),
        )
        for case_id, number, received_at, closed_at in rows
    ]
