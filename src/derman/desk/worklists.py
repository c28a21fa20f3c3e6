"""The lists of the workbench: which cases each view holds, narrowed by filters, a page at a time.

Pages go by key, never by offset, and a count stops at its cap (`design.md` §11).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases import escalated, offered, search
from derman.cases.models import Case
from derman.cases.querysets import CaseQuerySet
from derman.cases.search import Kind, Way
from derman.desk import filters
from derman.statements import kept
from derman.words.life import Verb
from derman.workplace import drafts, presence

CAP = 500
SIZE = 50
A_DAY = timedelta(days=1)
KNOWN_YEARS = range(1900, 3000)  # beyond them a date may have no day before it, or after
ALL = Way("all")
OPEN = ("all", "number")  # ways that tell nothing of the people, whoever asks


class CountUpTo(Subquery):
    """How many rows a query has, counted no further than the cap: one number in another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, queryset, cap: int = CAP) -> None:
        rows = queryset.order_by().values("pk")[: cap + 1]
        super().__init__(rows, output_field=IntegerField())


@dataclass(frozen=True)
class View:
    """One list: what it holds, in which order, and who has it."""

    label: object
    icon: str
    key: str
    narrow: Callable[[CaseQuerySet, User, datetime], CaseQuerySet]
    fits: Callable[[User], bool]
    empty: object
    order: str = "due_at"
    is_counted: bool = True
    tone: str = ""
    in_menu: bool = True


def end_of_day(at: datetime) -> datetime:
    """Midnight after this moment, where the organisation is."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + A_DAY


def moments(at: datetime) -> tuple[datetime, ...]:
    """Every moment that lists and counts reckon from the present one."""
    end = end_of_day(at)
    return end, end - A_DAY, at + A_DAY, at + offered.SOON, at - presence.FRESH


def _to_call(cases: CaseQuerySet, user: User, at: datetime) -> CaseQuerySet:
    """Of the own units, which inform; whoever holds all cases sees all that wait for a call."""
    own = rights.own_units(user)
    holds_all = not own or rights.sees_all(user, Verb.TAKE_BACK)
    return cases.to_call(None if holds_all else own).awake(at)


def _mine(cases: CaseQuerySet, user: User, at: datetime) -> CaseQuerySet:
    return cases.owned_by(user).awake(at)


def _my_unit(cases: CaseQuerySet, user: User, at: datetime) -> CaseQuerySet:
    offices = rights.offices_for(user)
    units = rights.own_units(user) - offices
    cases = cases.awake(at)
    if not offices:
        return cases.of_units(units)
    return cases.of_offices(offices) | cases.of_units(units) if units else cases.of_offices(offices)


def _promised(cases: CaseQuerySet, user: User, at: datetime) -> CaseQuerySet:
    end = end_of_day(at)
    return cases.open().filter(promised_at__gte=end - A_DAY, promised_at__lt=end)


def _may(verb: Verb) -> Callable[[User], bool]:
    return lambda user: rights.may(user, verb)


VIEWS: Mapping[str, View] = {
    "call": View(
        _("To call"), "phone", "g c", _to_call, _may(Verb.CONTACT),
        _("Cases that a unit has answered appear here, so that somebody calls the applicant."),
    ),
    "mine": View(
        _("Mine"), "user", "g m", _mine, _may(Verb.NOTE),
        _("Open cases that you take over or are given appear here."),
    ),
    "unit": View(
        _("My unit"), "users", "g u", _my_unit, lambda user: bool(rights.own_units(user)),
        _("Open cases that your unit owns or is asked about appear here."),
    ),
    "late": View(
        _("Late"), "clock-alert", "g l", lambda cases, user, at: cases.late(at),
        _may(Verb.READ), _("Cases past their date appear here. Good that there are none."),
        tone="danger",
    ),
    "today": View(
        _("Due today"), "calendar-clock", "g d",
        lambda cases, user, at: cases.due_between(at, end_of_day(at)),
        _may(Verb.READ), _("Cases that are due before midnight appear here."),
    ),
    "new": View(
        _("New"), "inbox", "g n", lambda cases, user, at: cases.new().awake(at),
        rights.sees_all, _("Cases that nobody has taken yet appear here."),
    ),
    "unassigned": View(
        _("Unassigned"), "user-x", "g o", lambda cases, user, at: cases.unassigned().awake(at),
        lambda user: rights.may(user, Verb.ASSIGN) or rights.sees_all(user, Verb.TAKE),
        _("Open cases without an owner appear here."),
    ),
    "aside": View(
        _("Laid aside"), "alarm-clock", "g z", lambda cases, user, at: cases.laid_aside(at),
        _may(Verb.SNOOZE),
        _("Cases that are laid aside appear here until their moment comes."),
        order="snoozed_until",
    ),
    "approvals": View(
        _("To approve"), "stamp", "", lambda cases, user, at: cases.filter(
            escalated.waits_for(user)
        ),
        _may(Verb.APPROVE), _("Decisions that wait for a second pair of eyes appear here."),
        tone="warn",
    ),
    "soon": View(
        _("Due within a day"), "hourglass", "",
        lambda cases, user, at: cases.due_between(at, at + A_DAY),
        _may(Verb.READ), _("Cases that are due within 24 hours appear here."),
        is_counted=False, in_menu=False,
    ),
    "open": View(
        pgettext_lazy("cases", "Open"), "folder-open", "",
        lambda cases, user, at: cases.open(), _may(Verb.READ),
        _("Open cases appear here."), is_counted=False, in_menu=False,
    ),
    "promised": View(
        _("Promised today"), "phone-outgoing", "", _promised, _may(Verb.READ),
        _("Cases that somebody promised to come back to today appear here."),
        order="promised_at", is_counted=False, in_menu=False,
    ),
    "all": View(
        _("All"), "files", "g a", lambda cases, user, at: cases, _may(Verb.READ),
        _("Registered cases appear here."), order="-received_at", is_counted=False,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which list, how narrowed, from where on: what the address says, cleaned."""

    view: str
    filters: Mapping[str, str]
    query: str = ""
    after: tuple[datetime, UUID] | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters or self.query)

    @property
    def address(self) -> str:
        """What the address of its first page says, in a fixed order."""
        said = {"view": self.view, "q": self.query, **self.filters}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the key of the next one, if there is one."""

    cases: list[Case]
    after: str


def read(params: Mapping[str, str], *, default: str) -> Asked:
    """What an address asks for; what it says wrongly is left out."""
    query = params.get("q", "").strip()[:200]
    name = params.get("view", "")
    if name not in VIEWS:
        name = "all" if query else default
    return Asked(name, filters.read(params), query, read_key(params.get("after", "")))


def cases_of(asked: Asked, user: User, at: datetime, way: Way | None = None) -> CaseQuerySet:
    """The whole list, unsorted; `way` is how it is searched, where that is known."""
    cases = VIEWS[asked.view].narrow(Case.objects.visible_to(user), user, at)
    cases = filters.narrow(cases, asked.filters, user)
    if way is None and not asked.query:
        return cases
    way = way or search.way_of(cases.named_to(user), asked.query)
    return search.along(cases if way.kind in OPEN else cases.named_to(user), way)


def way_of(asked: Asked, user: User, at: datetime) -> Way | None:
    """How the list is searched; None where it is not."""
    if not asked.query:
        return None
    listed = cases_of(Asked(asked.view, asked.filters), user, at)
    return search.way_of(listed.named_to(user), asked.query)


def lines(cases: CaseQuerySet, asked: Asked, user: User, at: datetime) -> CaseQuerySet:
    """What stands in one page of a list and one line more, in the order of its view."""
    order = VIEWS[asked.view].order
    column = order.lstrip("-")
    forward = column == order
    if asked.after:
        cases = cases.filter(_beyond(column, forward, *asked.after))
    marked = drafts.mark(presence.mark(cases, user, at), user)
    return marked.for_list().order_by(order, "id" if forward else "-id")[: SIZE + 1]


@partial(kept, moments=moments)
def _lines(
    user: User,
    at: datetime,
    text: str | None,
    after: datetime | None,
    key: UUID | None,
    *,
    view: str,
    way: Kind,
) -> CaseQuerySet:
    asked = Asked(view, {}, after=(after, key) if after and key else None)
    return lines(cases_of(asked, user, at, Way(way, text or "")), asked, user, at)


def page(asked: Asked, user: User, at: datetime, way: Way | None = None) -> Page:
    """One page by key, in the order of its view."""
    if asked.filters:
        found = list(lines(cases_of(asked, user, at, way), asked, user, at))
    else:
        way = way or way_of(asked, user, at) or ALL
        found = _lines(
            user, at, way.text or None, *(asked.after or (None, None)),
            view=asked.view, way=way.kind,
        )  # fmt: skip
    shown = found[:SIZE]
    if len(found) <= SIZE:
        return Page(shown, "")
    last = shown[-1]
    column = VIEWS[asked.view].order.lstrip("-")
    return Page(shown, f"{getattr(last, column).isoformat()}~{last.pk}")


def count(cases: CaseQuerySet) -> int:
    """How many, no further than the cap."""
    return cases.order_by().values("pk")[: CAP + 1].count()


@partial(kept, moments=moments)
def _counted(
    user: User, at: datetime, text: str | None, *, view: str, way: Kind
) -> QuerySet[User, Any]:
    cases = cases_of(Asked(view, {}), user, at, Way(way, text or ""))
    return User.objects.filter(pk=user.pk).values_list(CountUpTo(cases))


def count_of(asked: Asked, user: User, at: datetime, way: Way | None = None) -> int:
    """How many a list holds, no further than the cap."""
    if asked.filters:
        return count(cases_of(asked, user, at, way))
    way = way or way_of(asked, user, at) or ALL
    ((counted,),) = _counted(user, at, way.text or None, view=asked.view, way=way.kind)
    return counted or 0


def _beyond(column: str, forward: bool, at: datetime, key: UUID) -> Q:
    """After the key in the list's order, written so that the index is entered at the key."""
    step = "gt" if forward else "lt"
    tie = Q(**{f"{column}__{step}": at}) | Q(**{f"id__{step}": key})
    return Q(**{f"{column}__{step}e": at}) & tie


def read_key(text: str) -> tuple[datetime, UUID] | None:
    """Where a page begins, as an address says it."""
    moment, _mark, key = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo and at.year in KNOWN_YEARS else None
    except ValueError:
        return None
