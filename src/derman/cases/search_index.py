"""The full-text index over `SearchEntry.words`, in each database's own way.

Set after every migration run: SQLite drops triggers when a migration rebuilds a table.
"""
# ruff: noqa: S608 (the only name put into the statements is a constant)

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "cases_searchentry"

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE}_fts USING fts5("
    f"words, content='{TABLE}', content_rowid='rowid', tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_added AFTER INSERT ON {TABLE} BEGIN "
    f"INSERT INTO {TABLE}_fts(rowid, words) VALUES (new.rowid, new.words); END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_removed AFTER DELETE ON {TABLE} BEGIN "
    f"INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, words) "
    "VALUES ('delete', old.rowid, old.words); END",
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_changed AFTER UPDATE ON {TABLE} BEGIN "
    f"INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, words) "
    "VALUES ('delete', old.rowid, old.words); "
    f"INSERT INTO {TABLE}_fts(rowid, words) VALUES (new.rowid, new.words); END",
)
POSTGRESQL = (
    f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} "
    "USING gin (to_tsvector('simple', words)) WITH (fastupdate = on)",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Set up the index where it is missing."""
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
