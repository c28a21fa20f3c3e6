"""Filling a database: from a backup, or from another database, checked row by row."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from derman.safekeeping import databases, rows
from derman.safekeeping.archive import Backup
from derman.safekeeping.rows import Digest, Row
from derman.safekeeping.tables import Table, all_tables

Tick = Callable[[str], object]


class NotTheSame(Exception):
    """What was written is not what was read."""


def restore(backup: Backup, connection: BaseDatabaseWrapper, *, files: Path, tick: Tick) -> int:
    """Fill an empty database and the folder of files; returns how many rows there are.

    Tables are first made as they were when the backup was written, then brought up to date.
    """
    databases.refuse_in_use(connection)
    databases.migrate(connection, to=backup.manifest["migrations"])
    with transaction.atomic(using=connection.alias):
        databases.clear(connection, backup.tables)
        total = 0
        for table in backup.tables:
            rows.write(connection, table, backup.rows_of(table))
            digest = digest_of(connection, table)
            if not backup.matches(table, digest):
                raise NotTheSame(f"{table.name} does not hold what the backup does.")
            total += digest.count
            tick(table.name)
        backup.put_files(files)  # a damaged one, or a full disk, leaves no row behind
    databases.migrate(connection)
    return total


def move(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, *, tick: Tick) -> int:
    """Copy everything into an empty database of the same version; returns how many rows.

    The source is held: what is written there meanwhile would be lost.
    """
    databases.refuse_in_use(target)
    databases.migrate(target)
    total = 0
    with transaction.atomic(using=source.alias), transaction.atomic(using=target.alias):
        databases.clear(target, all_tables())
        for table in all_tables():
            before = Digest()
            rows.write(target, table, _counted(rows.read(source, table), before))
            if digest_of(target, table) != before:
                raise NotTheSame(f"{table.name} does not hold what it did before.")
            total += before.count
            tick(table.name)
    return total


def digest_of(connection: BaseDatabaseWrapper, table: Table) -> Digest:
    """What a table holds now."""
    digest = Digest()
    for row in rows.read(connection, table):
        digest.add(rows.line_of(row))
    return digest


def _counted(found: Iterable[Row], digest: Digest) -> Iterable[Row]:
    for row in found:
        digest.add(rows.line_of(row))
        yield row
