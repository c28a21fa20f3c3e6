"""A private PostgreSQL server in a temporary folder, for the test lane and for the bench.

It listens on a Unix socket inside its own folder only, so it collides with nothing. PostgreSQL
refuses to run as root; then an unprivileged user of the system runs it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

DATABASE = "derman"
OWNER = "derman"
# Fast and forgetful: right for tests, wrong for measuring.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PATIENCE = 120.0  # seconds the server may take to start


class NoServer(Exception):
    """There is no PostgreSQL here that could be started; the text says why."""


def find_programs() -> Path:
    """The folder with initdb and postgres: the newest of Debian's, else the one on PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    for server in sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True):
        if (server.parent / "initdb").exists():
            return server.parent
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    raise NoServer("PostgreSQL is not installed (on Debian and Ubuntu: apt install postgresql)")


@contextmanager
def start(*, durable: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a fresh server for the length of the block; gives the URL of its one database."""
    programs = find_programs()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="derman-pg-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        _call([programs / "initdb", *_initdb_options(folder)], account)
        chosen = {**({} if durable else FORGETFUL), **(settings or {})}
        options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-h", "", "-k", folder, *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
                **_as(account),
            )
        try:
            _await(programs, folder, server)
            _call([programs / "createdb", "-h", folder, "-U", OWNER, DATABASE], account)
            yield f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(folder), safe='')}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb_options(folder: Path) -> list[str | Path]:
    trust = ["--auth=trust", f"--username={OWNER}"]  # the folder is closed to everybody else
    return ["-D", folder / "data", *trust, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]


def _account() -> pwd.struct_passwd | None:
    """Whom to run as instead of root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _as(account: pwd.struct_passwd | None) -> dict:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _call(command: list, account: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tempfile.gettempdir(), **_as(account)
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NoServer(f"{Path(command[0]).name} failed: {lines[-1]}")


def _await(programs: Path, folder: Path, server: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    ask: list[str | Path] = [
        programs / "pg_isready",
        "-q",
        "-h",
        folder,
        "-U",
        OWNER,
        "-d",
        "postgres",
    ]
    while subprocess.run(ask).returncode:
        if server.poll() is not None or time.monotonic() > end:
            said = (folder / "server.log").read_text(errors="replace").strip().splitlines()
            raise NoServer(f"PostgreSQL did not start: {said[-1] if said else 'no reason given'}")
        time.sleep(0.05)


def _stop(server: subprocess.Popen) -> None:
    """Ask it to stop at once but in order; insist when it does not."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
