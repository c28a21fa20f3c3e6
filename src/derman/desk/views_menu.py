"""The views on the left of every desk page, with capped counts; all counted in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Case, Task
from derman.desk.menu_places import HEADINGS, PLACES
from derman.desk.worklists import VIEWS, CountUpTo, moments
from derman.outbox import queries
from derman.statements import kept
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import Verb
from derman.words.rights import Place
from derman.workplace import saved_views
from derman.workplace.models import Pin

MARK = "n_"  # before the names of counts, some of which are columns of users, too
FIRST_LOOKS = ("call", "mine", "unit", "late", "today", "new", "all")


@dataclass(frozen=True)
class Item:
    """One line of the menu; `count` None is not counted, `poll` refreshes it."""

    name: str
    url: str
    icon: str
    label: str
    key: str
    count: int | None = None
    tone: str = ""
    poll: str = ""
    is_pinned: bool = False
    heading: str = ""  # above it, where a group begins


@dataclass(frozen=True)
class Menu:
    """The lines on the left, and how many cases somebody has to be called back about today."""

    items: list[Item]
    promises: int
    pins: list[Pin]


def menu(user: User, at: datetime) -> Menu:
    """What this person may look at, and how much is there."""
    fitting = {name: view for name, view in VIEWS.items() if view.in_menu and view.fits(user)}
    counts = _counts(user, at, tuple(name for name, view in fitting.items() if view.is_counted))
    items = [
        Item(
            name=name,
            url=f"{reverse('desk:workbench')}?view={name}",
            icon=view.icon,
            label=str(view.label),
            key=view.key,
            count=counts.get(name),
            tone=view.tone if counts.get(name) else "",
        )
        for name, view in fitting.items()
    ]
    pins = saved_views.pins(user)
    lines = [*items, *map(_pinned, pins), *_places(user, counts), *_under_headings(user, counts)]
    return Menu(lines, counts["promised"], pins)


def _pinned(pin: Pin) -> Item:
    """A kept view; its count comes after the page (`saved_views.counts`)."""
    return Item(
        name=f"view-{pin.view_id}",
        url=f"{reverse('desk:workbench')}?{pin.view.query}&saved={pin.view_id}",
        icon="bookmark",
        label=pin.view.name,
        key=f"v {pin.key}" if pin.key else "",
        is_pinned=True,
    )


def _places(user: User, counts: dict[str, int]) -> list[Item]:
    found = []
    if rights.may(user, Verb.READ):
        found.append(Item("views", reverse("desk:views"), "bookmark-check", _("Views"), "g v"))
        address = reverse("desk:customers")
        found.append(Item("customers", address, "book-user", _("Customers"), "g k"))
        found.append(Item("runs", reverse("desk:bulk"), "layers", _("Work on many"), "g w"))
    found.append(Item("articles", reverse("desk:articles"), "book-open", _("Articles"), "g b"))
    if has_tasks(user):
        poll = reverse("desk:tasks_count")
        found.append(
            Item(
                "tasks",
                reverse("desk:tasks"),
                "list-checks",
                _("Tasks of my unit"),
                "g t",
                counts.get("tasks", 0),
                poll=poll,
            )
        )
    if rights.may_enter(user, Place.MESSAGES):
        stuck = counts.get("messages")
        tone = "danger" if stuck else ""
        address = reverse("desk:messages")
        found.append(Item("messages", address, "send", _("Messages"), "g s", stuck, tone))
    if rights.may_enter(user, Place.SETTINGS):
        settings = reverse("administration:home")
        found.append(Item("settings", settings, "settings", _("Settings"), "g e"))
    return found


def _under_headings(user: User, counts: dict[str, int]) -> list[Item]:
    """What is owed and what is learnt, each group under its heading."""
    found: list[Item] = []
    for group, heading in HEADINGS.items():
        fitting = [place for place in PLACES if place.group == group and place.fits(user)]
        for number, place in enumerate(fitting):
            found.append(
                Item(
                    name=place.name,
                    url=reverse(place.address),
                    icon=place.icon,
                    label=str(place.label),
                    key=place.key,
                    count=counts.get(place.name),
                    tone=place.tone if counts.get(place.name) else "",
                    heading="" if number else str(heading),
                )
            )
    return found


def has_tasks(user: User) -> bool:
    """Whether this person answers for a unit."""
    return bool(rights.own_units(user)) and rights.may(user, Verb.START_TASK)


def owed_tasks(user: User) -> QuerySet[Task]:
    """What the own units owe an answer to, begun or not: as many as their list shows."""
    return Task.objects.filter(unit__in=rights.own_units(user), state__in=list(OPEN_TASK_STATES))


def first_view(items: list[Item]) -> str:
    """Where the day begins: the first of the usual views in which something waits."""
    counts = {item.name: item.count for item in items}
    for name in FIRST_LOOKS:
        if name in counts and counts[name] != 0:
            return name
    return "all"


def _counts(user: User, at: datetime, names: tuple[str, ...]) -> dict[str, int]:
    """All in one statement of one row."""
    found: dict[str, Any] = next(iter(_counted(user, at, names=names)), {})
    return {name.removeprefix(MARK): count or 0 for name, count in found.items()}


@partial(kept, moments=moments)
def _counted(user: User, at: datetime, *, names: tuple[str, ...]) -> QuerySet[User, Any]:
    wanted = {f"{MARK}{name}": count for name, count in _wanted(user, at, names).items()}
    return User.objects.filter(pk=user.pk).values(**wanted)


def _wanted(user: User, at: datetime, names: Sequence[str]) -> dict[str, CountUpTo]:
    visible = Case.objects.visible_to(user)
    wanted = {
        name: CountUpTo(VIEWS[name].narrow(visible, user, at)) for name in (*names, "promised")
    }
    if has_tasks(user):
        wanted["tasks"] = CountUpTo(owed_tasks(user), queries.CAP)
    if rights.may_enter(user, Place.RETRY_MESSAGES):
        wanted["messages"] = CountUpTo(queries.needing_attention(), queries.CAP)
    for place in PLACES:
        if place.waiting and place.fits(user):
            wanted[place.name] = CountUpTo(place.waiting(user, at), queries.CAP)
    return wanted
