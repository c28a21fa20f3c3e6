"""DERMAN_DATABASE_URL read into what Django wants to know about a database."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from derman.lib.env import Misconfigured

# Readers do not wait for the writer, writers queue instead of failing; what was acknowledged
# survives a power cut.
SQLITE = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;"
)

# Compiling a query takes a quarter of a second where running it takes some milliseconds.
NO_JIT = "-c jit=off"


def configure(url: str) -> dict[str, Any]:
    """The entry of DATABASES for a sqlite:/// or postgresql:// address."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise Misconfigured(
        "DERMAN_DATABASE_URL must begin with sqlite:/// or postgresql://, "
        f"not with {scheme or 'nothing'!r}."
    )


def _sqlite(url: str) -> dict[str, Any]:
    path = unquote(urlsplit(url).path).removeprefix("/")
    if not path:
        raise Misconfigured("DERMAN_DATABASE_URL names no file: write sqlite:///path/to/file.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(path).resolve()),
        "OPTIONS": {"init_command": SQLITE, "timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as reason:
        raise Misconfigured(f"DERMAN_DATABASE_URL cannot be read ({reason}).") from None
    known = {
        setting: str(parts.pop(part, "") or "")
        for setting, part in [
            ("NAME", "dbname"),
            ("USER", "user"),
            ("PASSWORD", "password"),
            ("HOST", "host"),
            ("PORT", "port"),
        ]
    }
    if not known["NAME"]:
        raise Misconfigured("DERMAN_DATABASE_URL names no database: postgresql://host/NAME.")
    fast = {"server_side_binding": True, "prepare_threshold": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "OPTIONS": {"connect_timeout": 5, "options": NO_JIT, **parts, **fast},
    }
