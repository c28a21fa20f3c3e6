"""Writes TOML as a person would: a table a section, small maps on one line, long texts on several.

Only for the shapes that a profile has; `tomllib` reads it back to the same values and order.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time

from derman.words.kinds import Language

WIDTH = 100
BARE = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}

Table = Mapping[object, object]


def emit(table: Table) -> str:
    """The text of one TOML file."""
    return "\n".join(_table(table, ())).strip("\n") + "\n"


def _table(table: Table, path: tuple[str, ...]) -> Iterator[str]:
    """The lines of one table: its own values first, as TOML wants it, then its sub-tables."""
    sections = [key for key, value in table.items() if _is_section(value, at_root=not path)]
    for key, value in table.items():
        if key not in sections:
            yield from _lines(_key(key), value)
    for key in sections:
        below = (*path, _key(key))
        value = table[key]
        for item in value if isinstance(value, (list, tuple)) else (value,):
            if not _holds_only_sections(value):
                header = ".".join(below)
                yield from ("", f"[{header}]" if isinstance(value, Mapping) else f"[[{header}]]")
            yield from _table(item, below)


def _is_section(value: object, *, at_root: bool) -> bool:
    """Whether a value gets a header of its own instead of a line."""
    if isinstance(value, (list, tuple)):
        return any(isinstance(item, Mapping) for item in value)
    if not isinstance(value, Mapping) or _is_languages(value):
        return False
    return at_root or any(isinstance(item, Mapping) for item in value.values())


def _holds_only_sections(value: object) -> bool:
    """Whether the headers of a table's sub-tables say all that its own would say."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(_is_section(item, at_root=False) for item in value.values())
    )


def _is_languages(table: Table) -> bool:
    return bool(table) and all(
        str(key) in tuple(Language) and not isinstance(value, Mapping)
        for key, value in table.items()
    )


def _lines(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield from _value_lines(name, value)
        return
    line = f"{name} = {_inline(value)}"
    if value and (len(line) > WIDTH or any(_is_long(item) for item in value.values())):
        for key, item in value.items():
            yield from _lines(f"{name}.{_key(key)}", item)
    else:
        yield line


def _value_lines(name: str, value: object) -> Iterator[str]:
    if isinstance(value, str) and _is_long(value):
        yield f'{name} = """'
        yield f'{_many_lines(value)}"""'
        return
    line = f"{name} = {_inline(value)}"
    if isinstance(value, str) and len(line) > WIDTH and " " in value:
        yield f'{name} = """'
        yield from _folded(value)
        return
    if isinstance(value, (list, tuple)) and len(line) > WIDTH:
        yield f"{name} = ["
        yield from (f"  {_inline(item)}," for item in value)
        yield "]"
    else:
        yield line


def _is_long(value: object) -> bool:
    return isinstance(value, str) and "\n" in value


def _inline(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_inline(item) for item in value)}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    raise TypeError(f"a profile holds no {type(value).__name__}")


def _key(key: object) -> str:
    name = key.isoformat() if isinstance(key, date) else str(key)
    return name if BARE.fullmatch(name) else _inline(name)


def _escaped(text: str) -> str:
    return "".join(
        ESCAPES.get(sign) or (sign if _is_plain(sign) else f"\\u{ord(sign):04x}") for sign in text
    )


def _is_plain(sign: str) -> bool:
    return sign >= " " and sign != "\x7f"


def _folded(text: str) -> Iterator[str]:
    """A long paragraph over several lines; TOML joins what a backslash ends."""
    line = ""
    for word in re.findall(r"[^ ]+ *|^ +", _many_lines(text)):
        if line and len(line) + len(word) > WIDTH - 1:
            yield f"{line}\\"
            line = ""
        line += word
    yield f'{line}"""'


def _many_lines(text: str) -> str:
    """The text between triple quotes: line breaks and quotes stay, nothing in it can end it."""
    lines = "\n".join(
        '"'.join(_escaped(piece) for piece in line.split('"')) for line in text.split("\n")
    ).replace('"""', '""\\"')
    return f'{lines[:-1]}\\"' if lines.endswith('"') else lines
