"""An operator's evening: a backup, a new machine, everything back; then another database."""

import sqlite3
from pathlib import Path

from tests.installation import command


def test_a_lost_installation_comes_back(tmp_path):
    here = tmp_path / "here"
    there = tmp_path / "there"
    here.mkdir()
    there.mkdir()
    assert command(here, 1, "init").returncode == 0
    token = command(here, 1, "token", "add", "crm", "--role", "admin").stdout.splitlines()[-1]
    backup = tmp_path / "backup.tar"

    made = command(here, 1, "backup", str(backup))
    assert made.returncode == 0, made.stderr
    assert "keys.json" in made.stdout  # says what to keep apart

    alone = command(there, 1, "restore", str(backup))
    assert alone.returncode == 5
    assert "--keys" in alone.stderr

    keys = here / "data" / "keys.json"
    used = tmp_path / "used"
    used.mkdir()
    assert command(used, 1, "init").returncode == 0
    mixed = command(used, 1, "restore", str(backup), "--keys", str(keys))
    assert mixed.returncode == 5  # right keys are given, but the ones in place would be used
    assert "holds other keys" in mixed.stderr

    back = command(there, 1, "restore", str(backup), "--keys", str(keys))
    assert back.returncode == 0, back.stderr
    assert "crm" in command(there, 1, "token", "list").stdout
    assert "paused" in command(there, 1, "outbox", "status").stdout
    assert token.startswith("derman_")

    again = command(there, 1, "restore", str(backup))
    assert again.returncode == 1
    assert "in use" in again.stderr


def test_a_move_needs_an_empty_database_elsewhere(tmp_path):
    assert command(tmp_path, 1, "init").returncode == 0
    command(tmp_path, 1, "token", "add", "crm", "--role", "admin")
    new = tmp_path / "new.db"

    moved = command(tmp_path, 1, "move-database", f"sqlite:///{new}")

    assert moved.returncode == 0, moved.stderr
    with sqlite3.connect(new) as found:
        assert found.execute("SELECT name FROM accounts_token").fetchall() == [("crm",)]
    found.close()
    full = command(tmp_path, 1, "move-database", f"sqlite:///{new}")
    assert (full.returncode, "in use" in full.stderr) == (1, True)
    same = command(tmp_path, 1, "move-database", f"sqlite:///{Path(tmp_path, 'data', 'derman.db')}")
    assert same.returncode == 2
    assert command(tmp_path, 1, "move-database", "mysql://x").returncode == 3
