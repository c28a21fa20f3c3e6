"""Reading a table that somebody exported elsewhere: CSV of any dialect, or the first sheet of XLSX.

A header names the columns in any of the languages that the reader knows; values come as text.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from derman.lib.turkish import fold

# UTF-8 with or without a mark; else what office programs write in Turkish.
ENCODINGS = ("utf-8-sig", "cp1254")
DELIMITERS = ";,\t|"
LONGEST_CELL = 200_000

Numbered = tuple[int, list[str]]


class UnreadableTable(Exception):
    """The file is no table that can be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """One row: where it stands in the file (the header is line 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell without blank space around it; empty where the column is missing."""
        return self.cells.get(column, "").strip()


def read(path: Path, columns: Mapping[str, Sequence[str]]) -> list[Line]:
    """All rows that are not empty. `columns` gives each column's key and its other names.

    A header that is not known is an error, so that no column is lost for a slip of the pen.
    """
    rows = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    _, header = next(rows, (1, []))
    if not any(title.strip() for title in header):
        raise UnreadableTable(f"{path.name} is empty: its first line must name the columns.")
    names = _names(header, columns)
    return [
        Line(number, dict(zip(names, row, strict=False)))
        for number, row in rows
        if any(cell.strip() for cell in row)
    ]


def _names(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    known = {_plain(name): key for key, others in columns.items() for name in (key, *others)}
    names = [known.get(_plain(title), "") for title in header]
    unknown = [
        title for title, name in zip(header, names, strict=True) if title.strip() and not name
    ]
    if unknown:
        raise UnreadableTable(
            f"Unknown columns: {', '.join(unknown)}. Known are: {', '.join(columns)}."
        )
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnreadableTable(f"A column is named twice: {', '.join(sorted(twice))}.")
    return names


def _plain(title: str) -> str:
    return fold(title.strip()).replace("_", " ").replace("-", " ")


def _csv(path: Path) -> Iterator[Numbered]:
    """Rows with the line on which each begins; a cell may span several."""
    text = _decoded(path)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as reason:
        raise UnreadableTable(f"{path.name} is no readable CSV file: {reason}.") from None


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(f"{path.name} is no text in UTF-8 or Windows-1254.")


def _workbook(path: Path) -> Iterator[Numbered]:
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as reason:
        raise UnreadableTable(f"{path.name} is no readable workbook: {reason}.") from None
    for number, row in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as people would have typed it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
