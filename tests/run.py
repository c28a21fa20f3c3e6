"""`make test`: the static checks, then the lanes, then one line summed over the lanes that ran.

A lane whose system part is missing is left out with one plain line; in CI that is a failure.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import check

from derman.bench import cluster

HERE = Path(__file__).resolve().parent
FAST = ["unit", "domain", "web", "stories", "guards"]
CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

# Where Debian puts Kannel and nginx: an ordinary user's PATH has neither.
DAEMONS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/kannel/test"


@dataclass
class Sum:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            tests, failures, errors, skipped = (
                int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
            )
            self.failed += failures + errors
            self.skipped += skipped
            self.passed += max(0, tests - failures - errors - skipped)


def run_sqlite(total: Sum) -> int:
    return _pytest(total, FAST, workers=2)


def run_postgresql(total: Sum) -> int:
    given = os.environ.get("DERMAN_DATABASE_URL", "")
    if given.startswith("postgres"):
        return _pytest(total, FAST, workers=2, DERMAN_DATABASE_URL=given)
    with cluster.start() as url:
        return _pytest(total, FAST, workers=2, DERMAN_DATABASE_URL=url)


def run_browser(total: Sum) -> int:
    return _pytest(total, ["browser"])


def run_services(total: Sum) -> int:
    return _pytest(total, ["services"])


def lacks_nothing() -> str:
    return ""


def lacks_postgresql() -> str:
    if os.environ.get("DERMAN_DATABASE_URL", "").startswith("postgres"):
        return ""
    try:
        cluster.find_programs()
    except cluster.NoServer as reason:
        return str(reason)
    return ""


def lacks_chromium() -> str:
    if any(shutil.which(name) for name in CHROMIUM):
        return ""
    return "Chromium is not installed (on Debian and Ubuntu: apt install chromium)"


def lacks_services() -> str:
    for name in ("bearerbox", "smsbox", "fakesmsc"):
        if not shutil.which(name, path=DAEMONS):
            return f"{name} is missing (on Debian and Ubuntu: apt install kannel kannel-extras)"
    if not shutil.which("nginx", path=DAEMONS):
        return "nginx is not installed (on Debian and Ubuntu: apt install nginx-light)"
    return lacks_postgresql()


LANES: dict[str, tuple[Callable[[], str], Callable[[Sum], int]]] = {
    "sqlite": (lacks_nothing, run_sqlite),
    "postgresql": (lacks_postgresql, run_postgresql),
    "browser": (lacks_chromium, run_browser),
    "services": (lacks_services, run_services),
}


def main(wanted: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    unknown = [name for name in wanted if name not in LANES]
    if unknown:
        print(f"There is no lane {unknown[0]}; there are: {', '.join(LANES)}.", file=sys.stderr)
        return 2
    total = Sum()
    broken = [] if wanted or not _timed("check", lambda: check.main([])) else ["check"]
    for name in wanted or LANES:
        lacks, run = LANES[name]
        if missing := lacks():
            print(f"\nLane {name} left out: {missing}.", flush=True)
            if os.environ.get("CI"):
                broken.append(name)
            continue
        print(f"\n== lane {name}", flush=True)
        if _timed(name, lambda run=run: run(total)):
            broken.append(name)
    if broken:
        print(f"\nNot in order: {', '.join(broken)}.")
    print(
        f"DERMAN TESTS passed={total.passed} failed={total.failed} skipped={total.skipped}",
        flush=True,
    )
    return 1 if broken or total.failed else 0


def _timed(name: str, work: Callable[[], int]) -> int:
    began = time.monotonic()
    try:
        code = work()
    except cluster.NoServer as reason:
        print(f"{reason}.")
        code = 1
    print(f"-- {name}: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)
    return code


def _pytest(total: Sum, folders: list[str], workers: int = 0, **environment: str) -> int:
    there = [str(HERE / name) for name in folders if any((HERE / name).rglob("test_*.py"))]
    if not there:
        print("This lane has no tests.")
        return 1
    with tempfile.TemporaryDirectory(prefix="derman-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *there]
        command += ["-n", str(workers)] if workers else []
        inherited = {k: v for k, v in os.environ.items() if k != "DERMAN_DATABASE_URL"}
        code = subprocess.run(command, env={**inherited, **environment}, cwd=HERE.parent).returncode
        if report.exists():
            total.add(report)
    return code


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
