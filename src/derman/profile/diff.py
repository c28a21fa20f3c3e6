"""What changed between two profiles, value by value, in words fit to be read in a review."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from derman.profile.layout import Path
from derman.profile.schema import Profile


@dataclass(frozen=True)
class Change:
    """One value that differs; None where there was, or is, nothing.

    `steps` leads to it in the new document, or in the old one where it is gone. With `is_order`
    the values are the keys in their old and new order.
    """

    steps: Path
    old: Any
    new: Any
    is_order: bool = False

    @property
    def path(self) -> str:
        """The path as the files of a profile have it."""
        path = ".".join(str(step) for step in self.steps if step != "children")
        return f"{path} (order)" if self.is_order else path

    def __str__(self) -> str:
        if self.old is None:
            return f"+ {self.path}: {_shown(self.new)}"
        if self.new is None:
            return f"- {self.path}: {_shown(self.old)}"
        return f"~ {self.path}: {_shown(self.old)} → {_shown(self.new)}"


def changes(old: Profile, new: Profile) -> list[Change]:
    """Every difference, in the order of the schema."""
    return list(_between((), old.model_dump(mode="json"), new.model_dump(mode="json")))


def _between(steps: Path, old: Any, new: Any) -> Iterator[Change]:
    if old == new and not isinstance(old, dict):
        return
    if _is_table(old) and _is_table(new):
        yield from _between_tables(steps, old or {}, new or {})
    elif _is_list_of_tables(old) and _is_list_of_tables(new):
        yield from _between_lists(steps, old or [], new or [])
    elif old != new:
        yield Change(steps, old, new)


def _between_tables(steps: Path, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for key in {**old, **new}:
        yield from _between((*steps, key), old.get(key), new.get(key))
    kept_before = [key for key in old if key in new]
    kept_after = [key for key in new if key in old]
    if kept_before != kept_after:
        yield Change(steps, kept_before, kept_after, is_order=True)


def _between_lists(steps: Path, old: list[Any], new: list[Any]) -> Iterator[Change]:
    """Items that are alike are found first, so that one more on top is one change."""
    matcher = SequenceMatcher(None, [_shown(one) for one in old], [_shown(one) for one in new])
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            continue
        both = min(old_to - old_from, new_to - new_from)
        for at in range(both):
            yield from _between((*steps, new_from + at), old[old_from + at], new[new_from + at])
        for at in range(old_from + both, old_to):
            yield from _between((*steps, at), old[at], None)
        for at in range(new_from + both, new_to):
            yield from _between((*steps, at), None, new[at])


def _is_table(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_list_of_tables(value: Any) -> bool:
    """Lists of tables are compared inside; plain lists as a whole."""
    if isinstance(value, list):
        return all(isinstance(item, dict) for item in value)
    return value is None


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
