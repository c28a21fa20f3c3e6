"""What the board shows, in a fixed number of queries. Each number knows the list behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from derman.accounts.models import User
from derman.cases import escalated
from derman.cases.models import Case, Task
from derman.desk.worklists import VIEWS, CountUpTo
from derman.reports.models import DayCount
from derman.words.events import EventType
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import State

MOST_PEOPLE, MOST_TOPICS = 15, 10
WEEK, USUAL_WEEKS = 7, 4
LEAST = 5  # cases: fewer in a week are no surge, whatever is usual
DAY = timedelta(days=1)
# Of the views that the board counts, in the order in which their figures stand.
COUNTED = ("late", "soon", "new", "unassigned", "approvals")


@dataclass(frozen=True)
class Load:
    """How much lies with a unit or a person; `link` leads to each list by its name."""

    key: str
    open: int
    late: int
    soon: int
    links: Mapping[str, str]

    @property
    def share_late(self) -> int:
        """Of a hundred."""
        return round(100 * self.late / self.open) if self.open else 0


@dataclass(frozen=True)
class Surge:
    """A topic that comes in more often than it usually does."""

    topic: str
    week: int
    usual: float  # a week
    today: int
    usual_day: float
    link: str
    link_today: str


def counts(user: User, at: datetime) -> dict[str, int]:
    """Capped counts of the lists that nobody should let grow, in one query."""
    cases = Case.objects.visible_to(user)
    wanted = {name: CountUpTo(VIEWS[name].narrow(cases, user, at)) for name in COUNTED}
    wanted["unseen"] = CountUpTo(escalated.unseen(user))
    row: dict[str, Any] = User.objects.filter(pk=user.pk).values(**wanted).get()  # type: ignore[assignment]
    return row


def units(at: datetime) -> list[Load]:
    """What each unit owes an answer to, the latest first."""
    owed = Task.objects.filter(state__in=list(OPEN_TASK_STATES)).values("unit").order_by()
    cases = Count("case", distinct=True)
    rows = owed.annotate(
        open=cases,
        late=Count("case", distinct=True, filter=Q(due_at__lt=at)),
        soon=Count("case", distinct=True, filter=Q(due_at__gte=at, due_at__lt=at + DAY)),
    )
    loads = [
        Load(
            row["unit"],
            row["open"],
            row["late"],
            row["soon"],
            {
                "open": _link(view="open", asked=row["unit"]),
                "late": _link(view="open", asked_late=row["unit"]),
                "soon": _link(view="open", asked_soon=row["unit"]),
            },
        )
        for row in rows
    ]
    return sorted(loads, key=lambda load: (-load.late, -load.open, load.key))


def people(user: User, at: datetime) -> list[tuple[User, Load]]:
    """Who owns how many open cases, whoever has most that are late first."""
    runs = ~Q(state=State.AWAITING_APPLICANT)
    owned = Case.objects.visible_to(user).open().exclude(owner_user=None)
    rows = (
        owned.values("owner_user")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=runs & Q(due_at__lt=at)),
            soon=Count("pk", filter=runs & Q(due_at__gte=at, due_at__lt=at + DAY)),
        )
        .order_by("-late", "-open")[:MOST_PEOPLE]
    )
    found = list(rows)
    named = User.objects.in_bulk([row["owner_user"] for row in found])
    return [(named[row["owner_user"]], _of_person(row)) for row in found]


def surges(today: date) -> list[Surge]:
    """Topics of the last seven days that are above their usual, by how far."""
    week_from = today - timedelta(days=WEEK - 1)
    usual_from = week_from - timedelta(days=WEEK * USUAL_WEEKS)
    opened = DayCount.objects.filter(event=EventType.OPENED, day__gte=usual_from, day__lte=today)
    rows = (
        opened.values("topic")
        .order_by()
        .annotate(
            week=Sum("count", filter=Q(day__gte=week_from), default=0),
            before=Sum("count", filter=Q(day__lt=week_from), default=0),
            today=Sum("count", filter=Q(day=today), default=0),
        )
        .filter(week__gte=LEAST)
    )
    found = [_surge(row, week_from, today) for row in rows]
    rising = [one for one in found if _is_above(one.week, one.usual)]
    return sorted(rising, key=lambda one: one.usual - one.week)[:MOST_TOPICS]


def _is_above(count: int, usual: float) -> bool:
    """Clearly more than chance lets a count around its usual be."""
    return count > usual * 1.3 and count > usual + 2 * sqrt(max(usual, 1))


def _surge(row: Mapping[str, Any], week_from: date, today: date) -> Surge:
    usual = row["before"] / USUAL_WEEKS
    return Surge(
        row["topic"],
        row["week"],
        usual,
        row["today"],
        usual / WEEK,
        _link(view="all", topic=row["topic"], received_from=week_from.isoformat()),
        _link(view="all", topic=row["topic"], received_from=today.isoformat()),
    )


def _of_person(row: Mapping[str, Any]) -> Load:
    key = str(row["owner_user"])
    links = {view: _link(view=view, owner=key) for view in ("open", "late", "soon")}
    return Load(key, row["open"], row["late"], row["soon"], links)


def heaviest(loads: Iterable[Load]) -> int:
    """The most open cases that anybody has, as the measure of all bars."""
    return max((load.open for load in loads), default=0)


def _link(**said: str) -> str:
    return f"{reverse('desk:workbench')}?{urlencode(said)}"
