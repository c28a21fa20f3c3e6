"""Writing very many new rows: made ready one by one, then written in one go.

Sealing and checking take most of the time and hold no lock; what a transaction has to do is only
to insert (`COPY` on PostgreSQL), so others who write wait for seconds at most.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Values = tuple[Any, ...]


class Rows:
    """New rows of several tables, ready to be written, in the order in which they came."""

    def __init__(self) -> None:
        self._database = connections[DEFAULT_DB_ALIAS]  # itself: the proxy costs with every value
        self._of: dict[type[models.Model], list[Values]] = {}

    def add(self, row: models.Model) -> None:
        """Keep the row's values; a key that the database gives is left to it."""
        row._prepare_related_fields_for_save("insert")  # type: ignore[attr-defined]
        self._of.setdefault(type(row), []).append(
            tuple(
                field.get_db_prep_save(field.pre_save(row, add=True), self._database)
                for field in _written(type(row))
            )
        )

    def write(self) -> None:
        """Insert all; the caller holds the transaction."""
        for model, found in self._of.items():
            _insert(model, found)


@cache
def _written(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(one for one in model._meta.concrete_fields if one is not model._meta.auto_field)


def _insert(model: type[models.Model], rows: list[Values]) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _written(model))
    table = f"{quote(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What the driver refuses here, Django does not turn into its own errors by itself.
            with (
                connection.wrap_database_errors,
                cursor.cursor.copy(f"COPY {table} FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(_written(model)))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
