"""Dates that were promised to applicants: those that lie ahead, those that were kept or broken.

Only reads. An open case carries its date; how earlier promises ended stands on their clocks. A
promise that was moved is neither kept nor broken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Case, Clock, Event
from derman.cases.querysets import CaseQuerySet
from derman.words.events import EventType
from derman.words.kinds import ClockKind, ClockState

Open = Literal["today", "late", "ahead"]
Ended = Literal["kept", "broken"]
OPEN: tuple[Open, ...] = ("today", "late", "ahead")
ENDED: dict[Ended, ClockState] = {"kept": ClockState.MET, "broken": ClockState.MISSED}
SPAN = timedelta(days=30)  # over which promises that ended are counted

SHOWN = (
    "number", "topic", "state", "promised_at", "owner_unit", "secret_reporter", "applicant__name",
    "owner_user__username", "owner_user__first_name", "owner_user__last_name",
)  # fmt: skip

Key = tuple[datetime, UUID]


@dataclass(frozen=True)
class Whose:
    """Whose promises: everybody's that one may see, one's own, or those of a unit."""

    user: User
    mine: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Figures:
    """What became of what was promised for the last days; the open overdue ones count."""

    kept: int
    broken: int
    moved: int

    @property
    def share(self) -> int | None:
        """Kept, in percent of all that fell due; None when nothing did."""
        due = self.kept + self.broken
        return round(100 * self.kept / due) if due else None


def open_promises(whose: Whose, which: Open, at: datetime, midnight: datetime) -> CaseQuerySet:
    """Open cases by their date: overdue, on the day that ends at `midnight`, or later."""
    cases = Case.objects.visible_to(whose.user)
    if whose.mine:
        cases = cases.owned_by(whose.user)
    elif whose.unit:
        cases = cases.of_units(frozenset({whose.unit}))
    cases = cases.open().filter(promised_at__isnull=False)
    if which == "late":
        return cases.filter(promised_at__lte=at)
    if which == "ahead":
        return cases.filter(promised_at__gte=midnight)
    return cases.filter(promised_at__gte=midnight - timedelta(days=1), promised_at__lt=midnight)


def ended_promises(whose: Whose, which: Ended, at: datetime) -> QuerySet[Clock]:
    """The clocks of promises that ended so in the last days."""
    return _ended(whose, at).filter(state=ENDED[which])


def overdue(user: User, at: datetime) -> CaseQuerySet:
    """What the menu counts: open cases that this person may see, past their date."""
    return open_promises(Whose(user), "late", at, at)


def page_of_open(
    cases: CaseQuerySet, after: Key | None, size: int
) -> tuple[list[Case], Key | None]:
    """The oldest date first, a page at a time by key."""
    if after:
        moment, key = after
        beyond = Q(promised_at__gt=moment) | Q(id__gt=key)
        cases = cases.filter(Q(promised_at__gte=moment) & beyond)
    cases = cases.select_related("applicant", "owner_user").only(*SHOWN)
    rows = list(cases.order_by("promised_at", "id")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return rows[:size], (last.promised_at, last.pk) if last and last.promised_at else None


def page_of_ended(
    clocks: QuerySet[Clock], after: Key | None, size: int
) -> tuple[list[Clock], Key | None]:
    """Those that ended last first."""
    if after:
        moment, key = after
        beyond = Q(stopped_at__lt=moment) | Q(id__lt=key)
        clocks = clocks.filter(Q(stopped_at__lte=moment) & beyond)
    found = clocks.select_related("case__applicant", "case__owner_user")
    rows = list(found.order_by("-stopped_at", "-id")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return rows[:size], (last.stopped_at, last.pk) if last and last.stopped_at else None


def figures(whose: Whose, at: datetime) -> Figures:
    """How many were kept, broken (or are overdue) and moved in the last days; three queries."""
    ended = _ended(whose, at)
    kept = ended.filter(state=ClockState.MET).count()
    late = open_promises(whose, "late", at, at).filter(promised_at__gte=at - SPAN)
    broken = ended.filter(state=ClockState.MISSED).count() + late.count()
    moves = Event.objects.filter(type=EventType.PROMISED, at__gte=at - SPAN, at__lte=at)
    moves = moves.filter(details__has_key="before_at")
    return Figures(kept, broken, moves.filter(_theirs(whose)).count())


def _ended(whose: Whose, at: datetime) -> QuerySet[Clock]:
    ended = Clock.objects.filter(kind=ClockKind.PROMISE, stopped_at__gte=at - SPAN)
    return ended.filter(_theirs(whose), stopped_at__lte=at)


def _theirs(whose: Whose) -> Q:
    """The same narrowing for rows that belong to a case, concluded ones included."""
    theirs = Q()
    if not rights.sees_all(whose.user):
        theirs &= Q(case__in=Case.objects.visible_to(whose.user))
    if whose.mine:
        theirs &= Q(case__owner_user__in=[whose.user.pk, *whose.user.stands_in_for])
    elif whose.unit:
        theirs &= Q(case__owner_unit=whose.unit) | Q(case__unit=whose.unit)
    return theirs
