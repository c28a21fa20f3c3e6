"""Rows in one writing for both databases, out of them and into them, with a digest.

The digest of a table is the sum of the digests of its rows, so their order does not matter.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from derman.safekeeping.tables import Kind, Table

AT_ONCE = 5_000
Row = list[Any]  # what JSON can hold


@dataclass
class Digest:
    """How many rows there were, and what they held."""

    count: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.count += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    def to_json(self) -> dict[str, Any]:
        return {"rows": self.count, "digest": f"{self.total:064x}"}


def line_of(row: Row) -> bytes:
    """A row as it stands in a backup."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def read(connection: BaseDatabaseWrapper, table: Table) -> Iterator[Row]:
    """All rows in the order of their key; the caller holds a transaction that sees one moment."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in table.names)
    question = f"SELECT {columns} FROM {quote(table.name)} ORDER BY {quote(table.key)}"  # noqa: S608
    writers = [WRITTEN[kind] for _, kind in table.columns]
    with connection.chunked_cursor() as cursor:
        cursor.execute(question)
        while found := cursor.fetchmany(AT_ONCE):
            for values in found:
                yield [
                    None if value is None else write(value)
                    for write, value in zip(writers, values, strict=True)
                ]


def write(connection: BaseDatabaseWrapper, table: Table, rows: Iterable[Row]) -> None:
    """Insert the rows; the caller holds the transaction."""
    quote = connection.ops.quote_name
    place = f"{quote(table.name)} ({', '.join(quote(name) for name in table.names)})"
    if connection.vendor == "postgresql":
        _copy(connection, place, table, rows)
        _set_serial(connection, table)
        return
    marks = ", ".join(["%s"] * len(table.columns))
    readers = [SQLITE.get(kind, _same) for _, kind in table.columns]
    statement = f"INSERT INTO {place} VALUES ({marks})"  # noqa: S608
    found = iter(rows)
    with connection.cursor() as cursor:
        while some := [_values(row, readers) for row in islice(found, AT_ONCE)]:
            cursor.executemany(statement, some)


def _copy(connection: BaseDatabaseWrapper, place: str, table: Table, rows: Iterable[Row]) -> None:
    readers = [POSTGRESQL.get(kind, _same) for _, kind in table.columns]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.cursor.copy(f"COPY {place} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(_values(row, readers))


def _set_serial(connection: BaseDatabaseWrapper, table: Table) -> None:
    """The next key follows the last one."""
    if not table.serial:
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), "  # noqa: S608
            f"GREATEST((SELECT MAX({quote(table.key)}) FROM {quote(table.name)}), 1), "
            f"(SELECT MAX({quote(table.key)}) FROM {quote(table.name)}) IS NOT NULL)",
            [table.name, table.key],
        )


def _values(row: Row, readers: list[Callable[[Any], Any]]) -> list[Any]:
    return [
        None if value is None else read(value) for read, value in zip(readers, row, strict=True)
    ]


def _same(value: Any) -> Any:
    return value


def _uuid(value: Any) -> str:
    return value.hex if isinstance(value, UUID) else str(value).replace("-", "")


def _moment(value: Any) -> str:
    """In UTC with microseconds; SQLite keeps it without a zone."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _json(value: Any) -> str:
    """One writing: the databases sort keys and set blanks differently."""
    found = json.loads(value) if isinstance(value, str) else value
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


WRITTEN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.PLAIN: _same,
    Kind.UUID: _uuid,
    Kind.MOMENT: _moment,
    Kind.DAY: _iso,
    Kind.TIME: _iso,
    Kind.TRUTH: bool,
    Kind.JSON: _json,
    Kind.BYTES: _bytes,
}


def _naive(text: str) -> str:
    """As Django writes a moment into SQLite."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return str(moment)


SQLITE: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.MOMENT: _naive,
    Kind.TRUTH: int,
    Kind.BYTES: base64.b64decode,
}
POSTGRESQL: Mapping[Kind, Callable[[Any], Any]] = {Kind.BYTES: base64.b64decode}
