"""Every section of the settings, in the order of the list beside them: one line adds a page.

A section is shown to whoever may enter its place; its page sets `current` to its name. Its view is
decorated with `administration.frame.page(place)` and its address stands in `urls.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.words.rights import Place


@dataclass(frozen=True)
class Section:
    """One line of the list: where it leads and, on the first page, what it is for."""

    name: str
    address: str  # the name of its URL
    icon: str
    label: Promise
    purpose: Promise
    place: Place = Place.SETTINGS


@dataclass(frozen=True)
class Group:
    """Sections under one heading."""

    label: Promise
    sections: tuple[Section, ...]


GROUPS: tuple[Group, ...] = (
    Group(_("Organisation"), ()),
    Group(_("Publication"), ()),
    Group(_("People and access"), ()),
    Group(_("Connections"), ()),
    Group(_("Knowledge"), ()),
)


def shown_to(user: User) -> Iterator[Group]:
    """The groups with those sections that this person may enter; empty ones are left out."""
    for group in GROUPS:
        may = tuple(one for one in group.sections if rights.may_enter(user, one.place))
        if may:
            yield Group(group.label, may)
