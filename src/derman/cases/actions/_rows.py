"""Writing new rows of several tables together: on PostgreSQL in one statement.

Registering a case fills six tables. Building as many statements with the ORM and going to the
database and back for each costs more than the rows do. Foreign keys are checked at the end of the
transaction on both databases, so the rows may refer to each other in any order.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction

Shape = tuple[tuple[type[models.Model], int], ...]  # so many rows of each model

NEXT_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert(rows: Sequence[models.Model]) -> None:
    """Insert all or nothing; keys that the database gives are set on the rows."""
    groups: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    with _together():
        if connection.vendor == "postgresql":
            _insert_at_once(groups)
            return
        for model, found in groups.items():
            model._base_manager.bulk_create(found)


def _together() -> AbstractContextManager[None]:
    """A transaction; a single statement outside one is a transaction by itself."""
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def _insert_at_once(groups: dict[type[models.Model], list[models.Model]]) -> None:
    statement = _statement(tuple((model, len(rows)) for model, rows in groups.items()))
    with connection.cursor() as cursor:
        for model, rows in groups.items():
            _give_keys(model, rows, cursor)
        cursor.execute(statement, [value for rows in groups.values() for value in _values(rows)])
    for rows in groups.values():
        for row in rows:
            row._state.adding = False
            row._state.db = connection.alias


def _give_keys(model: type[models.Model], rows: list[models.Model], cursor: Any) -> None:
    """Take keys where the database gives them; a row that failed before keeps its key."""
    key = model._meta.auto_field
    waiting = [row for row in rows if row.pk is None]
    if key is None or not waiting:
        return
    cursor.execute(NEXT_KEYS, [model._meta.db_table, key.column, len(waiting)])
    for row, (value,) in zip(waiting, cursor.fetchall(), strict=True):
        row.pk = value


def _values(rows: Sequence[models.Model]) -> list[Any]:
    for row in rows:
        row._prepare_related_fields_for_save("insert")  # type: ignore[attr-defined]
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in row._meta.concrete_fields
    ]


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> str:
    quote = connection.ops.quote_name
    inserts = []
    for model, count in shape:
        columns = [quote(str(field.column)) for field in model._meta.concrete_fields]
        row = f"({', '.join(['%s'] * len(columns))})"
        inserts.append(
            f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) "  # noqa: S608
            f"VALUES {', '.join([row] * count)}"
        )
    *others, last = inserts
    if not others:
        return last
    return f"WITH {', '.join(f'part{n} AS ({one})' for n, one in enumerate(others))} {last}"
