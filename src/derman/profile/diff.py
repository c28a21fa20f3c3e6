"""What changed between two profiles, value by value, in words fit to be read in a review."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from derman.profile.schema import Profile


@dataclass(frozen=True)
class Change:
    """One value that differs; None where there was, or is, nothing."""

    path: str
    old: Any
    new: Any

    def __str__(self) -> str:
        if self.old is None:
            return f"+ {self.path}: {_shown(self.new)}"
        if self.new is None:
            return f"- {self.path}: {_shown(self.old)}"
        return f"~ {self.path}: {_shown(self.old)} → {_shown(self.new)}"


def changes(old: Profile, new: Profile) -> list[Change]:
    """Every difference, in the order of the schema."""
    return list(_between("", old.model_dump(mode="json"), new.model_dump(mode="json")))


def _between(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new and not isinstance(old, dict):
        return
    if (_has_parts(old) or _has_parts(new)) and _fits(old) and _fits(new):
        yield from _between_parts(path, _parts(old), _parts(new))
    elif old != new:
        yield Change(path, old, new)


def _between_parts(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for key in {**old, **new}:
        below = path if key == "children" else f"{path}.{key}".lstrip(".")
        yield from _between(below, old.get(key), new.get(key))
    kept_before = [key for key in old if key in new]
    kept_after = [key for key in new if key in old]
    if kept_before != kept_after:
        yield Change(f"{path} (order)", kept_before, kept_after)


def _has_parts(value: Any) -> bool:
    """Tables and lists of tables are compared inside; plain lists as a whole."""
    if isinstance(value, list):
        return any(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _fits(value: Any) -> bool:
    return value is None or _has_parts(value) or value in ([], {})


def _parts(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return value or {}


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
