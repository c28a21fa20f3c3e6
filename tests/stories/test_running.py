"""`derman run` as an operator meets it: ready, watched, stopped; on the database of this lane."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

PATIENCE = 60.0  # seconds; the machine may be busy


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


@contextmanager
def running(folder: Path, port: int, **environment: str) -> Iterator[subprocess.Popen]:
    known = {k: v for k, v in os.environ.items() if not k.startswith(("DERMAN_", "DJANGO_"))}
    wanted = {"DERMAN_DATA": str(folder / "data"), "DERMAN_PORT": str(port), **environment}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "derman.cli", "run"],
            env={**known, **wanted},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=15)


def get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()
    except OSError:
        return 0, b""


def await_status(port: int, path: str, status: int) -> bytes:
    end = time.monotonic() + PATIENCE
    while (answer := get(port, path))[0] != status:
        assert time.monotonic() < end, f"{path} answers {answer[0]}, not {status}"
        time.sleep(0.2)
    return answer[1]


def children(of: int) -> dict[str, int]:
    """The processes that a process started, by what they do."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError):
            continue
        if parent == of:
            found["worker" if "worker" in command else "web"] = int(entry.name)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes by /proc")
def test_an_installation_starts_watches_itself_and_stops(tmp_path, database):
    port = free_port()
    with running(tmp_path, port, **database) as supervisor:
        ready = json.loads(await_status(port, "/readyz", 200))
        assert ready["profile"] == "gas"
        assert get(port, "/healthz") == (200, b"ok\n")
        assert get(port, "/")[0] == 200

        before = children(supervisor.pid)
        os.kill(before["worker"], signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while children(supervisor.pid).get("worker", before["worker"]) == before["worker"]:
            assert time.monotonic() < end, "nobody started the worker again"
            time.sleep(0.1)

        second = subprocess.run(
            [sys.executable, "-m", "derman.cli", "run"],
            env={**os.environ, "DERMAN_PORT": str(port), "DERMAN_DATA": str(tmp_path / "other")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert second.returncode == 3
        assert len(second.stderr.splitlines()) == 1
        assert str(port) in second.stderr

        asked = time.monotonic()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(timeout=15) == 0
        assert time.monotonic() - asked < 6
        assert get(port, "/healthz")[0] == 0
        assert not [pid for pid in before.values() if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in (tmp_path / "log").read_text()
