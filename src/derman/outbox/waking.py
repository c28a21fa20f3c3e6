"""PostgreSQL tells the worker that something urgent waits; the rest it finds within a second.

Only urgent rows notify: a NOTIFY makes commits wait for each other, which a burst of
registrations should not have to pay for.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

CHANNEL = "derman_outbox"
TABLES = ("cases_dispatch", "outbox_message")

FUNCTION = f"""
CREATE OR REPLACE FUNCTION derman_wake() RETURNS trigger AS $$
BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END;
$$ LANGUAGE plpgsql
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Set the triggers anew; nothing to do on SQLite."""
    if connection.vendor != "postgresql":
        return
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        for table in there.intersection(TABLES):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_wakes ON {table}")
            cursor.execute(
                f"CREATE TRIGGER {table}_wakes AFTER INSERT ON {table} "
                "FOR EACH ROW WHEN (NEW.urgent) EXECUTE FUNCTION derman_wake()"
            )
