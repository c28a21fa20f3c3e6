"""A place of the profile as a page: its type in the schema, its address, and what it is called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_origin, get_type_hints

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from derman.administration import controls, field_words, tables
from derman.administration.scene import Scene
from derman.lib.numerals import whole
from derman.profile import editing
from derman.profile.checks import OF_LEAVES
from derman.profile.editing import Document
from derman.profile.layout import Path
from derman.profile.schema import Profile, Topic
from derman.profile.shape import inside, plain
from derman.words.events import EventType


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str


@dataclass(frozen=True)
class Place:
    """One place of a document and the type that the schema gives it."""

    path: Path
    hint: Any
    document: Document
    scene: Scene

    @property
    def value(self) -> Any:
        return editing.value_at(self.document, self.path)

    @property
    def is_collection(self) -> bool:
        return tables.is_collection(self.hint)

    @property
    def is_list(self) -> bool:
        return get_origin(plain(self.hint)) is tuple

    @property
    def has_fixed_keys(self) -> bool:
        """Whether what may stand here is a fixed list of words, as with channels."""
        return not self.is_list and controls.is_fixed(plain(self.hint).__args__[0])

    @property
    def is_item(self) -> bool:
        """Whether it stands in a collection, so that it may be moved."""
        return len(self.path) > 1 and self.above.is_collection

    @property
    def above(self) -> "Place":
        return at(self.path[:-1], self.document, self.scene)

    @property
    def url(self) -> str:
        return url_of(self.path)

    @property
    def label(self) -> str:
        """What people call it."""
        return label_of(self.path, self.document, self.scene)

    @property
    def fingerprint(self) -> str:
        return editing.fingerprint(self.value)

    @property
    def hidden(self) -> tuple[str, ...]:
        """The fields that mean nothing here: a topic that groups others is never chosen itself."""
        groups = plain(self.hint) is Topic and self.value.get("children")
        return OF_LEAVES if groups else ()

    @property
    def is_ordered(self) -> bool:
        """Whether the order of its items says anything; messages are kept by their keys."""
        return self.path != ("messages",)

    def own(self, value: Any) -> Any:
        """What the form of this place holds of a value: not its collections, nothing hidden."""
        if not isinstance(value, Mapping):
            return value
        return {key: one for key, one in value.items() if key not in self._rest()}

    def with_rest(self, own: Any, value: Any) -> Any:
        """What the form holds, together with what it does not hold of a value."""
        if not isinstance(own, dict) or not isinstance(value, Mapping):
            return own
        return {**own, **{key: one for key, one in value.items() if key in self._rest()}}

    def _rest(self) -> set[str]:
        return {*self.hidden, *(str(place.path[-1]) for place in self.below())}

    def below(self) -> Iterator["Place"]:
        """The collections inside this table, each with a page of its own."""
        kind = plain(self.hint)
        if tables.is_table(kind):
            for key in kind.model_fields:
                place = at((*self.path, key), self.document, self.scene)
                if place.is_collection:
                    yield place

    def crumbs(self) -> list[Crumb]:
        """The way here from the part of the profile, this place left out."""
        steps = [self.path[:end] for end in range(1, len(self.path))]
        return [
            Crumb(label_of(path, self.document, self.scene), url_of(path))
            for path in steps
            if path[-1] != "children"
        ]


def find(where: str, document: Document, scene: Scene) -> Place:
    """The place that an address names; 404 where nothing is."""
    path: Path = ()
    for step in where.strip("/").split("/"):
        here = at(path, document, scene)
        number = whole(step) if here.is_list else None
        path = (*path, step if number is None else number)
        try:
            editing.value_at(document, path)
        except editing.NoSuchPlace:
            raise Http404 from None
    if path == ("key",):
        raise Http404  # permanent
    return at(path, document, scene)


def at(path: Path, document: Document, scene: Scene) -> Place:
    """The place at a path that exists or may exist; 404 where the schema has none."""
    hint: Any = Profile
    for step in path:
        kind = plain(hint)
        if tables.is_table(kind):
            hints = get_type_hints(kind, include_extras=True)
            if step not in hints or step not in kind.model_fields:
                raise Http404
            hint = hints[str(step)]
        elif get_origin(kind) in (dict, tuple):
            hint = inside(kind)
        else:
            raise Http404
    return Place(path, hint, document, scene)


def url_of(path: Path) -> str:
    return reverse("administration:place", args=["/".join(map(str, path))])


def nearest_url(path: Path, document: Document, scene: Scene) -> str:
    """The page on which a path of the document is edited."""
    best: Path = path[:1]
    for end in range(1, len(path) + 1):
        try:
            place = at(path[:end], document, scene)
        except Http404:
            break
        kind = plain(place.hint)
        is_page = place.is_collection or (place.is_item and _exists(document, path[:end]))
        if not is_page and not (end == 1 and tables.is_table(kind)):
            break
        best = path[:end]
    return url_of(best)


def _exists(document: Document, path: Path) -> bool:
    try:
        editing.value_at(document, path)
    except editing.NoSuchPlace:
        return False
    return True


def label_of(path: Path, document: Document, scene: Scene) -> str:
    """What people call what stands at a path."""
    last = str(path[-1])
    if len(path) == 1:
        return field_words.part(last).label
    holder = at(path[:-1], document, scene)
    if not holder.is_collection:
        return field_words.LANGUAGES.get(last) or field_words.field(last)
    try:
        value = editing.value_at(document, path)
    except editing.NoSuchPlace:
        return last
    return item_label(path, value, scene)


def item_label(path: Path, value: Any, scene: Scene) -> str:
    """What people call one item of a collection: its own label, else what its key means."""
    key = path[-1]
    if isinstance(value, Mapping):
        if isinstance(value.get("label"), Mapping) and (text := scene.text(value["label"])):
            return text
        if "on" in value and "to" in value:
            return notice_label(value)
    if path[0] == "channels":
        return field_words.channel(str(key))
    if isinstance(key, int):
        return f"{field_words.item(str(path[-2])).capitalize()} {key + 1}"
    return key


def notice_label(value: Mapping[str, Any]) -> str:
    """A notice has no name of its own: the event and who is told."""
    try:
        event = _(EventType(str(value["on"])).label)
    except (ValueError, KeyError):
        event = str(value["on"])
    return f"{event} → {field_words.choice(str(value['to']))}"
