"""The places of the desk that lie under a heading in the menu: what is owed, and what is learnt.

Each place is a line here; the menu counts what waits in them in the query that it makes anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases import acting, escalated, offered, promised
from derman.quality import looking, owed
from derman.visits import finding
from derman.words.life import Verb
from derman.words.rights import Place

FOLLOWING = "following"
LEARNING = "learning"
HEADINGS: Mapping[str, Any] = {
    FOLLOWING: _("Promised and followed up"),
    LEARNING: _("Overview and learning"),
}

Waiting = Callable[[User, datetime], QuerySet[Any]]


@dataclass(frozen=True)
class MenuPlace:
    """One line; `fits` says who has it, `waiting` finds what is counted beside it."""

    name: str  # as the page says in its context: `current`
    address: str  # name of its address, as desk:promises
    icon: str
    label: Any
    group: str
    fits: Callable[[User], bool]
    key: str = ""
    waiting: Waiting | None = None
    tone: str = ""


def may(verb: Verb) -> Callable[[User], bool]:
    """Whoever has a right over this verb."""
    return lambda user: rights.may(user, verb)


def enters(place: Place) -> Callable[[User], bool]:
    """Whoever may enter this place."""
    return lambda user: rights.may_enter(user, place)


# In the order in which they stand under their headings.
PLACES: tuple[MenuPlace, ...] = (
    MenuPlace(
        "board",
        "desk:board",
        "layout-dashboard",
        _("Board"),
        LEARNING,
        enters(Place.ESCALATIONS),
    ),
    MenuPlace(
        "escalations",
        "desk:escalations",
        "chevrons-up",
        _("Escalations"),
        FOLLOWING,
        enters(Place.ESCALATIONS),
        waiting=lambda user, at: escalated.unseen(user),
        tone="danger",
    ),
    MenuPlace(
        "promises",
        "desk:promises",
        "phone-outgoing",
        _("Promises"),
        FOLLOWING,
        may(Verb.READ),
        waiting=promised.overdue,
        tone="danger",
    ),
    MenuPlace(
        "actions",
        "desk:all_actions",
        "list-checks",
        _("Actions"),
        FOLLOWING,
        enters(Place.ACTIONS),
        waiting=lambda user, at: acting.late(acting.visible_to(user), at),
        tone="danger",
    ),
    MenuPlace(
        "follow_ups",
        "desk:follow_ups",
        "phone-call",
        _("Follow-ups"),
        FOLLOWING,
        may(Verb.FOLLOW_UP),
        waiting=lambda user, at: owed.follow_ups(user, "open", at),
        tone="warn",
    ),
    MenuPlace(
        "offers",
        "desk:all_offers",
        "handshake",
        _("Offers"),
        FOLLOWING,
        may(Verb.ACCEPT),
        waiting=lambda user, at: offered.offers(user, "lapsing", at),
        tone="warn",
    ),
    MenuPlace(
        "letters",
        "desk:letters",
        "printer",
        _("Letters to post"),
        FOLLOWING,
        may(Verb.CONTACT),
        waiting=lambda user, at: offered.letters_to_post(user),
    ),
    MenuPlace(
        "satisfaction",
        "desk:satisfaction",
        "smile",
        _("Satisfaction"),
        LEARNING,
        enters(Place.LEARNING),
    ),
    MenuPlace(
        "visits",
        "desk:visits",
        "calendar-days",
        _("Visits"),
        FOLLOWING,
        may(Verb.PLAN_VISIT),
        waiting=lambda user, at: finding.missed(user),
        tone="warn",
    ),
    MenuPlace(
        "field",
        "desk:field",
        "map-pin",
        _("Today's visits"),
        FOLLOWING,
        lambda user: bool(rights.own_units(user)) and rights.may(user, Verb.REPORT_VISIT),
    ),
    MenuPlace(
        "frequent",
        "desk:frequent",
        "chart-column",
        _("Frequent topics"),
        LEARNING,
        enters(Place.LEARNING),
    ),
    MenuPlace(
        "causes",
        "desk:root_causes",
        "git-fork",
        _("Root causes"),
        LEARNING,
        enters(Place.LEARNING),
    ),
    MenuPlace(
        "improvements",
        "desk:improvements",
        "trending-down",
        _("Improvements"),
        LEARNING,
        enters(Place.LEARNING),
        waiting=lambda user, at: looking.reopened(user),
        tone="danger",
    ),
    MenuPlace(
        "compliance",
        "desk:compliance",
        "scale",
        _("Kept to the rules"),
        LEARNING,
        enters(Place.LEARNING),
    ),
    MenuPlace(
        "maps",
        "desk:maps",
        "route",
        _("Process maps"),
        LEARNING,
        enters(Place.LEARNING),
    ),
)
