"""The product as it is served: `derman run` on a free port of its own, without a demo."""

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

PATIENCE = 60.0  # seconds the server may take to be ready


class NotServing(Exception):
    """The server did not become ready."""


@contextmanager
def run() -> Iterator[int]:
    """Serve for the length of the block, with the environment of this process; gives the port."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "derman.cli", "run"],
        env={**os.environ, "DERMAN_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    said = "no answer"
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as reason:
            said = json.dumps(json.loads(reason.read() or b"{}"))
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise NotServing(f"the server did not become ready: {said}")
