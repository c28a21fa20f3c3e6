"""Prints `docs/reference/profile.md`: every file, key, type and default, from the schema itself."""

import inspect
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from derman.profile import layout, names, schema
from derman.profile.meanings import meaning
from derman.profile.parts import Key, Name, Part, Text, Time
from derman.profile.schema import Profile
from derman.profile.shape import inside, is_by_language, plain
from derman.words.events import SPEAKING, EventType

TITLE = """\
# The profile of an organisation

Printed from the schema in `src/derman/profile/` by `make docs`; change it there.

A profile is a folder. `derman profile check FOLDER` says everything that is wrong with it, `derman
profile load FOLDER` publishes it, `derman profile diff` compares, and `derman profile export
FOLDER` writes what is published. Keys are permanent, labels are free; a key in use is retired, not
removed.

## Where everything lies
"""

# What types are called here; whatever else is spelt out.
CALLED: tuple[tuple[Any, str], ...] = (
    (Text, "text in every language"),
    (
        Time,
        "time: `24 hours`, `8 working hours`, `3 working days`, `10 minutes`, `same day`,"
        " `30 calendar days`, `same calendar day`",
    ),
    (Key, "key"),
    (Name, "key"),
    (schema.Email, "e-mail address"),
    (schema.Colour, "colour, `#rrggbb`"),
    (schema.WebAddress, "address on the web, `https://…`"),
    (schema.Interval, "interval `[from, until]`"),
    (EventType, "one of " + ", ".join(f"`{event}`" for event in sorted(SPEAKING))),
    (bool, "true or false"),
    (int, "whole number"),
    (str, "text"),
)


def reference() -> str:
    """The whole page."""
    lines = [TITLE, *_docstring(layout), ""]
    for file, head in layout.FILES.items():
        lines += ["", f"## `{file}`", ""]
        if head:
            lines += _of_part(file, str(head[0]))
        for part in layout.TABLES.get(file, ()):
            if part != "key":
                lines += _sections(part, Profile, part)
    page = "\n".join([*lines, *_texts(), *_names()])
    return re.sub(r"\n{3,}", "\n\n", page) + "\n"


def _of_part(file: str, part: str) -> Iterator[str]:
    """A file whose own tables are the part."""
    kind = plain(Profile.model_fields[part].annotation)
    if isinstance(kind, type) and issubclass(kind, Part):
        hidden = [key for head, key in layout.TEXTS.values() if head == part]
        extra = [_row(Profile, "key")] if "key" in layout.TABLES.get(file, ()) else []
        yield from _table(kind, extra, hidden)
        yield from _below("", kind)
    else:
        yield from _sections("", Profile, part)


def _sections(prefix: str, owner: type[Part], name: str) -> Iterator[str]:
    """The tables that a field holds, each under a heading as the file writes it."""
    kind = plain(owner.model_fields[name].annotation)
    many = get_origin(kind) is dict
    heading = prefix
    if many:
        placeholder = f"<{name.rstrip('s')}>"
        heading = f"{prefix}.{placeholder}" if prefix else placeholder
        kind = plain(inside(kind))
    listed = get_origin(kind) is tuple
    kind = plain(inside(kind)) if listed else kind
    yield from ("", f"### `[[{heading}]]`" if listed else f"### `[{heading}]`", "")
    yield from _table(kind, [], [])
    yield from _below(heading, kind)


def _below(prefix: str, kind: type[Part]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        if _holds_tables(field.annotation, kind):
            yield from _sections(f"{prefix}.{name}" if prefix else name, kind, name)


def _holds_tables(kind: Any, owner: type[Part]) -> bool:
    """Whether a type has tables inside, other than the one that it stands in."""
    kind = plain(kind)
    while get_origin(kind) in (dict, tuple):
        kind = plain(inside(kind))
    return isinstance(kind, type) and issubclass(kind, Part) and kind is not owner


def _table(kind: type[Part], first: list[str], hidden: list[str]) -> Iterator[str]:
    if kind.__doc__:
        yield from (inspect.cleandoc(kind.__doc__), "")
    yield from ("| key | what it is | default | meaning |", "|---|---|---|---|", *first)
    for name in kind.model_fields:
        if name not in (*hidden, "children"):  # sub-topics are written as sub-tables
            yield _row(kind, name)
    yield ""


def _row(kind: type[Part], name: str) -> str:
    field = kind.model_fields[name]
    hint = get_type_hints(kind, include_extras=True)[name]
    return f"| `{name}` | {_words(hint)} | {_default(field)} | {meaning(kind, name)} |"


def _words(hint: Any) -> str:
    """What a type is, in words."""
    for known, words in CALLED:
        if hint in (known, known | None):
            return words
    kind = plain(hint)
    if kind != hint:
        return _words(kind)
    if get_origin(kind) in (dict, tuple):
        return _holding(kind)
    if get_origin(kind) is Literal:
        return _one_of(get_args(kind))
    if issubclass(kind, StrEnum):
        return _one_of(kind)
    return "table" if issubclass(kind, Part) else str(kind.__name__)


def _holding(kind: Any) -> str:
    if is_by_language(kind):
        return f"for each language: {_words(inside(kind))}"
    if get_origin(kind) is dict:
        return f"table: {_words(get_args(kind)[0])} = {_words(inside(kind))}"
    return f"list of: {_words(inside(kind))}"


def _one_of(choices: Iterable[str]) -> str:
    return "one of " + ", ".join(f"`{choice}`" for choice in choices)


def _default(field: FieldInfo) -> str:
    default = field.default
    if default is PydanticUndefined:
        return "needed"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default in (None, "", (), {}) or isinstance(default, Part):
        return ""
    return f"`{default}`"


def _docstring(module: Any) -> list[str]:
    """A module's own words, without its first line."""
    return inspect.cleandoc(module.__doc__ or "").split("\n")[2:]


def _texts() -> Iterator[str]:
    yield from ("## `texts/<language>/<name>.md`", "", "| name | meaning |", "|---|---|")
    for name, (part, key) in layout.TEXTS.items():
        kind = plain(Profile.model_fields[part].annotation)
        yield f"| `{name}` | {meaning(kind, key)} |"
    yield ""


def _names() -> Iterator[str]:
    """Which names a text may hold."""
    lists = (names.SMS, names.EMAIL, names.STAFF, names.TEMPLATE, names.CODE)
    yield from ("## `messages/<language>/<key>.txt`", "", *_docstring(names), "")
    yield "| name | meaning | SMS | e-mail | to staff | template | code |"
    yield "|---|---|---|---|---|---|---|"
    for name, entry in names.NAMES.items():
        marks = " | ".join("yes" if name in allowed else "" for allowed in lists)
        yield f"| `{{{{ {name} }}}}` | {entry.meaning} | {marks} |"
