"""Triggers that refuse to change facts: events, access records and notice texts are only added."""

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

# Tables whose rows are never changed, and those whose rows may not vanish either.
APPEND_ONLY = (
    "cases.Event",
    "audit.AccessRecord",
    "people.NoticeVersion",
    "accounts.AccessEvent",
)

FUNCTION = """
CREATE OR REPLACE FUNCTION derman_refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql
"""


def names(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """The trigger's name and table for every append-only table that exists."""
    tables = set(connection.introspection.table_names())
    for label in APPEND_ONLY:
        table = apps.get_model(label)._meta.db_table
        if table in tables:
            yield f"{table}_append_only", table


def install(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers anew; safe to repeat."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for name, table in names(connection):
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
                cursor.execute(
                    f'CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON "{table}" '
                    "FOR EACH ROW EXECUTE FUNCTION derman_refuse_change()"
                )
                cursor.execute(f'DROP TRIGGER IF EXISTS {name}_truncate ON "{table}"')
                cursor.execute(
                    f'CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON "{table}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION derman_refuse_change()"
                )
                continue
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name}_{verb.lower()} "
                    f'BEFORE {verb} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only for a test database that is about to be emptied."""
    with connection.cursor() as cursor:
        for name, table in names(connection):
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
                cursor.execute(f'DROP TRIGGER IF EXISTS {name}_truncate ON "{table}"')
                continue
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{verb}")
