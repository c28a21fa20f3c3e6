"""Finds the line on which each key of a TOML text stands, for error messages.

A reader for texts that `tomllib` has already accepted: it follows headers, keys, arrays and inline
tables and steps over everything else.
"""

import re
from bisect import bisect_right

from derman.profile.layout import Path

SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
# The four kinds of strings, the long ones first.
STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''(?:.|\n)*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
PLAIN = re.compile(r"[^,\]}#\n]*")


def places(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and item."""
    reader = _Reader(text)
    reader.read()
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.found: dict[Path, int] = {}
        self.items: dict[Path, int] = {}  # arrays of tables: how many so far

    def read(self) -> None:
        table: Path = ()
        self._space()
        while self.at < len(self.text):
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._space()

    def _header(self) -> Path:
        line = self._line()
        doubled = self.text.startswith("[[", self.at)
        self.at += 2 if doubled else 1
        path: Path = ()
        names = self._keys()
        for name in names[:-1]:
            path = self._inside((*path, name))
            self.found.setdefault(path, line)
        path = (*path, names[-1])
        self.at += 2 if doubled else 1
        if doubled:
            self.found.setdefault(path, line)
            self.items[path] = self.items.get(path, -1) + 1
            path = self._inside(path)
        self.found[path] = line
        return path

    def _inside(self, path: Path) -> Path:
        """The path of the latest item when it is an array of tables."""
        return (*path, self.items[path]) if path in self.items else path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for name in self._keys():
            path = (*path, name)
            self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self._space()
        self._value(path)

    def _keys(self) -> list[str]:
        names = []
        while True:
            self._space()
            match = STRING.match(self.text, self.at) or BARE.match(self.text, self.at)
            if match is None:  # cannot be in a text that tomllib accepts
                raise ValueError(f"no key on line {self._line()}")
            self.at = match.end()
            names.append(match.group().strip("\"'"))
            self._space()
            if self._next() != ".":
                return names
            self.at += 1

    def _value(self, path: Path) -> None:
        self.found.setdefault(path, self._line())
        match self._next():
            case "[":
                self._each(path, "]")
            case "{":
                self._each(path, "}")
            case '"' | "'":
                string = STRING.match(self.text, self.at)
                self.at = string.end() if string else len(self.text)
            case _:
                plain = PLAIN.match(self.text, self.at)
                self.at = plain.end() if plain else len(self.text)

    def _each(self, path: Path, end: str) -> None:
        """The items of an array or the pairs of an inline table."""
        self.at += 1
        index = 0
        self._space()
        while self._next() not in (end, ""):
            if end == "}":
                self._pair(path)
            else:
                self._value((*path, index))
            index += 1
            self._space()
            if self._next() == ",":
                self.at += 1
                self._space()
        self.at += 1

    def _space(self) -> None:
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _line(self) -> int:
        return bisect_right(self.line_starts, self.at)
