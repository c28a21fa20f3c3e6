"""`make check`: everything that can be said about the code without running the tests."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from derman.lib import datafolder

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ["src", "tests", "bootstrap.py"]


def steps() -> dict[str, list[str]]:
    """Name and command of each step; the commands are those of .venv."""
    templates = [str(path) for path in sorted((ROOT / "src").rglob("templates/**/*.html"))]
    return {
        "lint": ["ruff", "check", "--quiet", *CODE],
        "format": ["ruff", "format", "--check", "--quiet", *CODE],
        "templates": ["djade", "--check", "--target-version", "5.2", *templates],
        "types": ["mypy", "--no-error-summary", "src/derman"],
        "imports": ["lint-imports", "--no-logo"],
        "migrations": ["derman", "django", "makemigrations", "--check", "--dry-run"],
        "deployment": ["derman", "django", "check", "--deploy", "--fail-level", "WARNING"],
        "documents": ["derman", "docs", "--check"],
    }


def main(arguments: list[str]) -> int:
    with _installation() as environment:
        if arguments == ["--write-docs"]:
            return subprocess.run(["derman", "docs"], cwd=ROOT, env=environment).returncode
        chosen = {name: step for name, step in steps().items() if name in (arguments or steps())}
        return (
            1
            if [name for name, step in chosen.items() if not _holds(name, step, environment)]
            else 0
        )


def _holds(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one step; say one line when it holds and everything when it does not."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


@contextmanager
def _installation() -> Iterator[dict[str, str]]:
    """The environment of a production-like installation with an empty data folder."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DERMAN_")}
    with tempfile.TemporaryDirectory(prefix="derman-check-") as folder:
        datafolder.prepare(Path(folder), profile="gas", demo=False)
        yield {
            **inherited,
            "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]),
            "DJANGO_SETTINGS_MODULE": "derman.settings",
            "DERMAN_DATA": folder,
            "DERMAN_PROFILE": "gas",
            "DERMAN_BASE_URL": "https://derman.example",
        }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
