"""Changing one place of a profile's document: pure functions over plain JSON values.

A path is a tuple of keys and, in lists, positions. Nothing is changed in place: each function
returns a new document. The order of keys counts, as it does in a profile.
"""

import hashlib
import json
from typing import Any

from derman.profile.layout import Path

Document = dict[str, Any]


class NoSuchPlace(Exception):
    """The path leads nowhere in this document."""


def value_at(document: Any, path: Path) -> Any:
    """What stands at a path; NoSuchPlace when nothing does."""
    here = document
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            raise NoSuchPlace("/".join(map(str, path))) from None
    return here


def with_value(document: Any, path: Path, value: Any) -> Any:
    """The document with another value at a path; a key or position at the end may be new."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if rest:
        value = with_value(value_at(document, (step,)), rest, value)
    if isinstance(document, list) and isinstance(step, int):
        return [*document[:step], value, *document[step + 1 :]]
    if isinstance(document, dict):
        return {**document, step: value}
    raise NoSuchPlace(str(step))


def without(document: Any, path: Path) -> Any:
    """The document without what stands at a path."""
    value_at(document, path)
    step = path[-1]
    holder = value_at(document, path[:-1])
    if isinstance(holder, list):
        left: Any = [item for at, item in enumerate(holder) if at != step]
    else:
        left = {key: item for key, item in holder.items() if key != step}
    return with_value(document, path[:-1], left)


def moved(document: Any, path: Path, by: int) -> Any:
    """The document with what stands at a path `by` places further down (negative: up)."""
    value_at(document, path)
    holder = value_at(document, path[:-1])
    is_list = isinstance(holder, list)
    items = list(enumerate(holder)) if is_list else list(holder.items())
    at = [key for key, _ in items].index(path[-1])
    item = items.pop(at)
    items.insert(max(0, min(len(items), at + by)), item)
    return with_value(
        document, path[:-1], [value for _, value in items] if is_list else dict(items)
    )


def fingerprint(value: Any) -> str:
    """Tells whether somebody changed this place since it was shown."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]


def merged(base: Any, theirs: Any, ours: Any) -> tuple[Any, list[Path]]:
    """Both changes to a common base, and the places where both changed: there ours is kept.

    Tables are merged key by key; anything else, lists included, counts as one value.
    """
    if ours == base and _same_order(ours, base):
        return theirs, []
    if theirs in (base, ours):
        return ours, []
    if not (isinstance(base, dict) and isinstance(theirs, dict) and isinstance(ours, dict)):
        return ours, [()]
    together: Document = {}
    clashes: list[Path] = []
    for key in {**ours, **theirs}:
        sides = [side.get(key, _NOTHING) for side in (base, theirs, ours)]
        value, found = merged(*sides)
        clashes += [(key, *path) for path in found]
        if value is not _NOTHING:
            together[key] = value
    return together, clashes


_NOTHING = object()  # there is no such key


def _same_order(one: Any, other: Any) -> bool:
    return not isinstance(one, dict) or list(one) == list(other)
