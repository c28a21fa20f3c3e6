"""A real installation for the tests that look from outside: started, asked, stopped."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

PATIENCE = 300.0  # seconds; the machine may be busy
# Below the ports that the system hands out by itself: between being found free and being used, such
# a port may go to somebody else. Each process of a test run begins elsewhere; none comes twice.
PORTS = count(20_000 + os.getpid() * 97 % 10_000)


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    while True:
        port = next(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def surroundings(folder: Path, port: int, **environment: str) -> dict[str, str]:
    """The environment of an installation of its own, without what the test run has set."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("DERMAN_", "DJANGO_"))}
    return {**known, "DERMAN_DATA": str(folder / "data"), "DERMAN_PORT": str(port), **environment}


@contextmanager
def running(folder: Path, port: int, **environment: str) -> Iterator[subprocess.Popen]:
    """`derman run` for the length of the block; what it says stands in `folder / "log"`."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "derman.cli", "run"],
            env=surroundings(folder, port, **environment),
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def command(
    folder: Path, port: int, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The derman command beside a running installation."""
    return subprocess.run(
        [sys.executable, "-m", "derman.cli", *words],
        env=surroundings(folder, port, **environment),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()
    except OSError:
        return 0, b""


def await_status(port: int, path: str, status: int) -> bytes:
    """Ask until the answer has this status; give its body."""
    end = time.monotonic() + PATIENCE
    while (answer := get(port, path))[0] != status:
        assert time.monotonic() < end, f"{path} answers {answer[0]}, not {status}"
        time.sleep(0.2)
    return answer[1]
