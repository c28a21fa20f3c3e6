"""`derman run` as an operator meets it: ready, watched, stopped; on the database of this lane."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.installation import PATIENCE, await_status, free_port, get, running


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
            timeout=PATIENCE,
        )
        assert second.returncode == 3
        assert len(second.stderr.splitlines()) == 1
        assert str(port) in second.stderr

        asked = time.monotonic()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(timeout=PATIENCE) == 0
        assert time.monotonic() - asked < 6
        assert get(port, "/healthz")[0] == 0
        assert not [pid for pid in before.values() if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in (tmp_path / "log").read_text()
