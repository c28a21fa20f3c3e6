"""Reads the schema itself: which table stands at a path, for hints and for the reference."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from derman.profile.layout import Path
from derman.profile.parts import Part
from derman.profile.schema import Profile
from derman.words.kinds import Language


def table_at(path: Path) -> type[Part] | None:
    """The table of the schema that the path leads to; None when it leads to a value."""
    here: Any = Profile
    for step in path:
        if _is_table(here):
            field = here.model_fields.get(str(step))
            if field is None:
                return None
            here = field.annotation
        else:
            here = inside(here)
        here = plain(here)
    return here if _is_table(here) else None


def walk(profile: Profile) -> Iterator[tuple[Path, Any, object]]:
    """Every value of a profile with its path and its type, tables and maps before what they hold.

    A profile of which only parts are valid may be walked as well.
    """
    for name, field in Profile.model_fields.items():
        if name in vars(profile):
            yield from _walk((name,), plain(field.annotation), getattr(profile, name))


def _walk(path: Path, kind: Any, value: object) -> Iterator[tuple[Path, Any, object]]:
    yield path, kind, value
    if isinstance(value, Part):
        for name, field in type(value).model_fields.items():
            yield from _walk((*path, name), plain(field.annotation), getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            step = str(key)
            yield from _walk((*path, step), plain(inside(kind)), item)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk((*path, index), plain(inside(kind)), item)


def is_by_language(kind: Any) -> bool:
    """Whether a type is a map of languages."""
    return get_origin(kind) is dict and get_args(kind)[0] is Language


def tables(of: type[Part] = Profile) -> Iterator[type[Part]]:
    """Every table below one, in the order of its fields, each once."""
    seen: list[type[Part]] = []
    _collect(of, seen)
    yield from seen


def plain(kind: Any) -> Any:
    """A type without `Annotated` and `| None`."""
    if get_origin(kind) is Annotated:
        return plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return plain(next(arm for arm in get_args(kind) if arm is not type(None)))
    return kind


def inside(kind: Any) -> Any:
    """What a map or list holds."""
    arms = get_args(kind)
    if get_origin(kind) is dict:
        return arms[1]
    return arms[0] if arms else None


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _collect(kind: Any, seen: list[type[Part]]) -> None:
    kind = plain(kind)
    if not _is_table(kind):
        for arm in get_args(kind):
            _collect(arm, seen)
    elif kind not in seen:
        seen.append(kind)
        for field in kind.model_fields.values():
            _collect(field.annotation, seen)
