"""Every section of the settings, in the order of the list beside them: one line adds a page.

A section is shown to whoever may enter its place; its page sets `current` to its name. Its view is
decorated with `administration.frame.page(place)` and its address stands in `urls.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.administration import field_words
from derman.profile.meanings import meaning
from derman.profile.schema import Profile
from derman.words.rights import Place


@dataclass(frozen=True)
class Section:
    """One line of the list: where it leads and, on the first page, what it is for."""

    name: str
    address: str  # the name of its URL
    icon: str
    label: Promise
    purpose: Promise
    arguments: tuple[str, ...] = ()
    place: Place = Place.SETTINGS

    @property
    def url(self) -> str:
        return reverse(self.address, args=self.arguments)


@dataclass(frozen=True)
class Group:
    """Sections under one heading."""

    label: Promise
    sections: tuple[Section, ...]


def _parts() -> Iterator[Section]:
    """A section for each part of the profile; one that is new in the schema comes last."""
    for name in dict.fromkeys([*field_words.PARTS, *Profile.model_fields]):
        if name != "key":  # permanent
            look = field_words.PARTS.get(name) or field_words.part(name)
            purpose = meaning(Profile, name)
            yield Section(
                name, "administration:place", look.icon, _(look.label), _(purpose), (name,)
            )


GROUPS: tuple[Group, ...] = (
    Group(_("Organisation"), tuple(_parts())),
    Group(
        _("Publication"),
        (
            Section(
                "draft",
                "administration:draft",
                "file-pen",
                _("Draft"),
                _("What is about to change, what is wrong with it, and publishing it."),
            ),
            Section(
                "replay",
                "administration:replay",
                "history",
                _("Replay"),
                _("Which of last month's cases the draft would have sent or timed otherwise."),
            ),
            Section(
                "versions",
                "administration:versions",
                "milestone",
                _("Versions"),
                _("What was published when, by whom and why; bringing an old one back."),
            ),
            Section(
                "exchange",
                "administration:exchange",
                "folder-sync",
                _("Files"),
                _("The whole organisation as a folder of files, out and in."),
            ),
        ),
    ),
    Group(
        _("People and access"),
        (
            Section(
                "users",
                "administration:users",
                "users",
                _("Users"),
                _("Who works here: adding, ending, roles, a new password, the second step."),
            ),
            Section(
                "memberships",
                "administration:memberships",
                "network",
                _("Memberships"),
                _("Every unit and branch with its people and their roles."),
            ),
            Section(
                "absences",
                "administration:absences",
                "calendar-off",
                _("Absences"),
                _("Who is away, and who gets their cases and reminders meanwhile."),
                place=Place.ABSENCES,
            ),
            Section(
                "tokens",
                "administration:tokens",
                "key",
                _("Tokens"),
                _("Other systems that use the API: made, revoked, last used."),
            ),
        ),
    ),
    Group(
        _("Connections"),
        (
            Section(
                "webhooks",
                "administration:webhooks",
                "webhook",
                _("Webhooks"),
                _("Other systems that are told what happens to cases, and what became of it."),
            ),
        ),
    ),
    Group(
        _("Knowledge"),
        (
            Section(
                "articles",
                "administration:articles",
                "book-open",
                _("Articles"),
                _("What colleagues read beside a case and take into answers, by topic."),
                place=Place.ARTICLES,
            ),
        ),
    ),
)


def shown_to(user: User) -> Iterator[Group]:
    """The groups with those sections that this person may enter; empty ones are left out."""
    for group in GROUPS:
        may = tuple(one for one in group.sections if rights.may_enter(user, one.place))
        if may:
            yield Group(group.label, may)
