"""The difference of two profiles for people: by place, in the reader's words, by language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from derman.administration import field_words, places
from derman.administration.scene import REFERS_TO, Scene
from derman.profile import editing
from derman.profile.diff import Change, changes
from derman.profile.editing import Document
from derman.profile.layout import Path
from derman.profile.schema import Profile
from derman.words.kinds import Language

WORD = re.compile(r"\w+|\s+|[^\w\s]")
LONG_FROM = 25  # letters from which a text is compared word by word


@dataclass(frozen=True)
class Value:
    """One value that differs: what it is called, and both sides in words."""

    label: str
    old: str
    new: str
    words: tuple[tuple[str, str], ...] = ()  # (same, gone or new; text), for longer texts


@dataclass(frozen=True)
class Difference:
    """All that differs at one place."""

    where: tuple[str, ...]  # from the part of the profile to the item
    url: str
    kind: str  # changed, added, removed or moved
    values: tuple[Value, ...]


@dataclass(frozen=True)
class _Both:
    """The two profiles as documents, and what is needed to name their places."""

    old: Document
    new: Document
    old_scene: Scene
    new_scene: Scene

    def side(self, path: Path) -> tuple[Document, Scene]:
        """The document in which a path exists, the new one before the old."""
        if _exists(self.new, path):
            return self.new, self.new_scene
        return self.old, self.old_scene


def between(old: Profile, new: Profile, language: str) -> list[Difference]:
    """Every difference, in the order of the schema, grouped by the page that it belongs to."""
    both = _Both(
        old.model_dump(mode="json"), new.model_dump(mode="json"),
        Scene(old, language), Scene(new, language),
    )  # fmt: skip
    found = groupby(changes(old, new), key=lambda change: _home(change, both))
    return [_difference(home, list(inside), both) for home, inside in found]


def _home(change: Change, both: _Both) -> Path:
    """The item that a change belongs to; a new or removed item is taken as a whole."""
    best: Path = change.steps[:1]
    document, scene = both.side(change.steps)
    for end in range(2, len(change.steps) + 1):
        path = change.steps[:end]
        if places.at(path[:-1], document, scene).is_collection:
            best = path
            if _exists(both.old, path) != _exists(both.new, path):
                return path
    return best


def _difference(home: Path, found: list[Change], both: _Both) -> Difference:
    document, scene = both.side(home)
    where = tuple(_labels(home, document, scene))
    is_there = _exists(both.new, home)
    kind = _kind(home, found, both)
    values = tuple(value for change in found for value in _values(change, home, kind, both))
    return Difference(where, places.nearest_url(home, both.new, both.new_scene) if is_there else "",
                      kind, values)  # fmt: skip


def way(path: Path, document: Document, scene: Scene) -> str:
    """The way to a place in words."""
    return " › ".join(_labels(path, document, scene))


def _labels(path: Path, document: Document, scene: Scene) -> Iterator[str]:
    for end in range(1, len(path) + 1):
        step = path[end - 1]
        if step == "children":
            continue
        try:
            yield places.label_of(path[:end], document, scene)
        except Http404:  # below what has a page: a language, a day, a line
            yield field_words.LANGUAGES.get(str(step), str(step))


def _kind(home: Path, found: list[Change], both: _Both) -> str:
    is_list = len(home) > 1 and isinstance(home[-1], int)
    if not _exists(both.old, home) or (is_list and all(one.old is None for one in found)):
        return "added"
    if not _exists(both.new, home) or (is_list and all(one.new is None for one in found)):
        return "removed"
    return "moved" if all(change.is_order for change in found) else "changed"


def _values(change: Change, home: Path, kind: str, both: _Both) -> Iterator[Value]:
    if kind in ("added", "removed") and (change.new or change.old) in (None, "", [], {}, False):
        return  # what a new item leaves at its default says nothing
    rest = change.steps[len(home) :]
    if change.is_order:
        before, after = (_order(keys, change.steps, both) for keys in (change.old, change.new))
        yield Value(_("Order"), before, after)
        return
    label = " · ".join(_step(step, rest[:at], both) for at, step in enumerate(rest))
    old, new = (
        _shown(value, change.steps, scene)
        for value, scene in ((change.old, both.old_scene), (change.new, both.new_scene))
    )
    yield Value(label, old, new, tuple(_words(change.old, change.new)))


def _step(step: str | int, above: Path, both: _Both) -> str:
    """What one step of a path is called: a language, a region, a field."""
    text = str(step)
    if text in tuple(Language):
        return field_words.LANGUAGES[text]
    if above and above[-1] == "by_region":
        return dict(both.new_scene.keys("regions")).get(text, text)
    if above and above[-1] in ("weekly", "send"):
        return field_words.choice(text)
    return str(step + 1) if isinstance(step, int) else field_words.field(text)


def _order(keys: list[str], steps: Path, both: _Both) -> str:
    document, scene = both.side(steps)
    labels = [
        places.label_of((*steps, key), document, scene) if _exists(document, (*steps, key)) else key
        for key in keys
    ]
    return ", ".join(labels)


def _shown(value: Any, steps: Path, scene: Scene) -> str:
    """A value in words; keys by what people call what they name."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        if all(isinstance(one, list) for one in value):
            return ", ".join("-".join(str(end)[:5] for end in one) for one in value)
        return ", ".join(_shown(one, steps, scene) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(one, steps, scene)}" for key, one in value.items())
    return _named(str(value), steps, scene)


def _named(value: str, steps: Path, scene: Scene) -> str:
    for step in reversed(steps[-3:]):
        if step in REFERS_TO:
            return dict(scene.keys(REFERS_TO[str(step)])).get(value, value).removeprefix("– ")
        if step in ("kind", "to", "on", "refers", "informs", "message_proves"):
            return field_words.any_choice(value)
    return field_words.time_span(value)


def _words(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Two versions of a text as one, with what is gone and what is new."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return
    if max(len(old), len(new)) < LONG_FROM or " " not in old.strip():
        return
    before, after = WORD.findall(old), WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            yield "same", "".join(after[new_from:new_to])
            continue
        if old_to > old_from:
            yield "gone", "".join(before[old_from:old_to])
        if new_to > new_from:
            yield "new", "".join(after[new_from:new_to])


def _exists(document: Document, path: Path) -> bool:
    try:
        editing.value_at(document, path)
    except editing.NoSuchPlace:
        return False
    return True
