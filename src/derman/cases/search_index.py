"""The full-text index over `SearchEntry.words`, in each database's own way.

Set after every migration run: SQLite drops triggers when a migration rebuilds a table.
"""
# ruff: noqa: S608 (the only name put into the statements is a constant)

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "cases_searchentry"
VECTOR = "vector"  # a column of PostgreSQL alone, which the model does not know

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
# Kept beside the words: reading a thousand rows of a common word costs a quarter of a second when
# each row's words are taken apart again.
POSTGRESQL = (
    f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {VECTOR} tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_{VECTOR} ON {TABLE} "
    f"USING gin ({VECTOR}) WITH (fastupdate = on)",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Set up the index where it is missing."""
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
