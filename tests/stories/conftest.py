"""A database of its own for every installation that a story starts; an hour for a story."""

import os
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest
from django.utils import timezone
from psycopg.conninfo import make_conninfo


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """A database of its own beside the test database; nothing where SQLite makes a file."""
    server = os.environ.get("DERMAN_DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {}
        return
    name = f"derman_run_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        head, _, query = server.partition("?")
        yield {"DERMAN_DATABASE_URL": f"{head.rpartition('/')[0]}/{name}?{query}".rstrip("?")}
    finally:
        with psycopg.connect(make_conninfo(server), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def morning(monkeypatch):
    """Ten in the morning at whatever hour the test runs: no quiet hours, no midnight in between."""
    ten = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: ten)
    monkeypatch.setattr("derman.sessions.time", SimpleNamespace(time=ten.timestamp))
