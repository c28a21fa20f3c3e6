"""`derman run`: one web server and one worker, started, watched and stopped together."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from derman.cli.errors import Stopped
from derman.cli.init import claim_folder
from derman.lib import env
from derman.words.rights import DEMO_PASSWORD, Role

THREADS = 4  # per web process
GRACE = 4.0  # seconds a process may take to stop
BEHIND = 5  # niceness of the worker: while both want the processor, whoever waits for a page has it


@click.command()
@click.option("--demo", is_flag=True, help="Load the demo organisation beside serving.")
def run(demo: bool) -> None:
    """Serve the pages and run the worker, until stopped."""
    host = env.text("DERMAN_HOST", "127.0.0.1")
    port = env.number("DERMAN_PORT", 8000, least=1, most=65535)
    data = claim_folder(demo=demo)
    _require_free(host, port)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_empty(data / "metrics"))
    code = subprocess.run([*DERMAN, "init", *(["--demo"] if demo else [])]).returncode
    if code:
        raise Stopped(code)
    demo = demo or env.flag("DERMAN_DEMO")
    last = [Process("demo", [*DERMAN, "demo", "load"])] if demo else []
    click.echo(_greeting(host, port, demo=demo))
    _supervise(_processes(host, port), then=last, when=lambda: _listens(host, port))


def _empty(folder: Path) -> Path:
    """The folder in which web processes share what they count, from zero."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


DERMAN = [sys.executable, "-m", "derman.cli"]


@dataclass
class Process:
    """One of the processes of the installation."""

    name: str
    command: list[str]
    nice: int = 0
    running: subprocess.Popen | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.running = subprocess.Popen(
            self.command,
            env={**os.environ, "DERMAN_SUPERVISED": "1"},
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others in order
            preexec_fn=self._settle_in,
        )

    def _settle_in(self) -> None:
        """In the new process, before its program begins."""
        _die_with_parent()
        os.nice(self.nice)

    @property
    def ended(self) -> bool:
        return self.running is None or self.running.poll() is not None


def _processes(host: str, port: int) -> list[Process]:
    """Those that last as long as the installation runs."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    web += ["--host", host, "--port", str(port), "--log-level", "warning"]
    web += ["--workers", str(env.number("DERMAN_WORKERS", 2, least=1, most=64))]
    web += ["--blocking-threads", str(THREADS), "--respawn-failed-workers"]
    return [
        Process("web", [*web, "derman.wsgi:application"]),
        Process("worker", [*DERMAN, "worker"], nice=BEHIND),
    ]


def _supervise(lasting: list[Process], *, then: list[Process], when: Callable[[], bool]) -> None:
    """Start all, the last ones `when` they may; start again what ends unasked; stop when told."""
    told: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: told.append(number))
    for process in lasting:
        process.start()
    waiting = list(then)
    try:
        while not told:
            time.sleep(0.2)
            for process in lasting:
                if process.ended and not told:
                    _start_again(process)
            if waiting and when():
                waiting.pop(0).start()
    finally:
        _stop([*lasting, *then])


def _start_again(process: Process) -> None:
    recent = [moment for moment in process.starts if time.monotonic() - moment < 30]
    if len(recent) >= 5:
        raise click.ClickException(f"The {process.name} process ends again and again; see its log.")
    click.echo(f"derman: the {process.name} process ended; starting it again.", err=True)
    time.sleep(len(recent) * 0.5)
    process.start()


def _stop(processes: list[Process]) -> None:
    alive = [process.running for process in processes if process.running and not process.ended]
    for running in alive:
        running.terminate()
    end = time.monotonic() + GRACE
    for running in alive:
        try:
            running.wait(timeout=max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise env.Misconfigured(
                f"{host}:{port} cannot be used ({reason.strerror}): set DERMAN_PORT or DERMAN_HOST."
            ) from None


def _listens(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _die_with_parent() -> None:
    """On Linux: end when the supervisor ends, even when it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG


def _greeting(host: str, port: int, *, demo: bool) -> str:
    base = env.text("DERMAN_BASE_URL", f"http://{host}:{port}").rstrip("/")
    lines = [
        "",
        f"Derman ({os.environ['DERMAN_PROFILE']}, data in {_short(os.environ['DERMAN_DATA'])})",
        f"  portal   {base}/",
        f"  desk     {base}/desk/",
        f"  API      {base}/api/v1/openapi.json",
    ]
    if demo:
        lines += [
            f"  messages {base}/simulator/",
            f"Sign in at the desk as {', '.join(Role)};",
            f"the password is {DEMO_PASSWORD}. Demo cases are being loaded.",
        ]
    return "\n".join([*lines, "Stop with Ctrl-C.", ""])


def _short(folder: str) -> str:
    path = Path(folder)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else folder
