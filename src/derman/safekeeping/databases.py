"""A whole database: seen at one moment, emptied, brought to a version."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from derman.audit import triggers
from derman.safekeeping.tables import Table

# When one of these has a row, somebody works here.
IN_USE = ("accounts.User", "people.Customer", "cases.Case")


class NotEmpty(Exception):
    """The database holds somebody's data already."""


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """See one moment, and hold up nobody who writes."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # Django's own would take the writer's lock
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def applied(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The last migration of every app."""
    last: dict[str, str] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        last[app] = name
    return last


def migrate(connection: BaseDatabaseWrapper, to: dict[str, str] | None = None) -> None:
    """Bring the tables to these migrations, or to the newest."""
    if to is None:
        call_command("migrate", database=connection.alias, interactive=False, verbosity=0)
        return
    for app, name in to.items():
        call_command(
            "migrate", app, name, database=connection.alias, interactive=False, verbosity=0
        )


def refuse_in_use(connection: BaseDatabaseWrapper) -> None:
    """Raise NotEmpty where people, customers or cases are."""
    tables = set(connection.introspection.table_names())
    for label in IN_USE:
        table = apps.get_model(label)._meta.db_table
        if table not in tables:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            if cursor.fetchone():
                raise NotEmpty(f"The database is in use: {table} has rows.")


def clear(connection: BaseDatabaseWrapper, tables: list[Table]) -> None:
    """Take away what setting up has put there; the caller holds the transaction."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608
    triggers.install(connection)


def open_other(url: dict[str, object]) -> BaseDatabaseWrapper:
    """A second database of this process."""
    connections.databases["other"] = {**connections.databases["default"], **url}
    connections.configure_settings(connections.databases)
    return connections["other"]
