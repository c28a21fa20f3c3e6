"""The address of the database, in the two shapes that are known."""

import pytest

from derman.lib import databaseurl
from derman.lib.env import Misconfigured


def test_sqlite_keeps_what_was_acknowledged_and_queues_writers():
    found = databaseurl.configure("sqlite:////data/a%20b/derman.db")

    assert found["NAME"] == "/data/a b/derman.db"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_postgresql_over_the_network():
    found = databaseurl.configure("postgresql://u:p%40ss@db.example:6432/derman?sslmode=require")

    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6432", "derman")
    assert (found["USER"], found["PASSWORD"]) == ("u", "p@ss")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["server_side_binding"] is True


def test_postgresql_over_a_socket():
    found = databaseurl.configure("postgresql://u@/derman?host=%2Frun%2Fpg")
    assert (found["HOST"], found["PORT"]) == ("/run/pg", "")


@pytest.mark.parametrize(
    "url", ["", "mysql://x/y", "sqlite://", "postgresql://host", "postgresql://a b"]
)
def test_anything_else_is_refused_by_its_variable(url):
    with pytest.raises(Misconfigured, match="DERMAN_DATABASE_URL"):
        databaseurl.configure(url)
