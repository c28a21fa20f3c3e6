"""Sets Derman up in .venv and starts what was asked for. Standard library only; make calls it.

python3 bootstrap.py run [OPTION …]     what `derman run --demo` needs, then that
python3 bootstrap.py dev COMMAND …      everything a developer needs, then COMMAND from .venv
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "derman.stamp"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}  # dev holds run's too
OLDEST = (3, 11)
SCRIPT = """#!/bin/sh
exec "$(dirname "$0")/python" -m derman.cli "$@"
"""


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in LOCKS or arguments == ["dev"]:
        sys.exit(__doc__)
    if sys.version_info < OLDEST:
        sys.exit(
            f"Derman needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is "
            f"{sys.version_info.major}.{sys.version_info.minor}. "
            "Name another one with: make PYTHON=python3.11 …"
        )
    kind, rest = arguments[0], arguments[1:]
    prepare(kind)
    command = ["derman", "run", "--demo", *rest] if kind == "run" else rest
    os.chdir(HERE)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.execvp(command[0], command)


def prepare(kind: str) -> None:
    """Bring .venv to what the lock says; do nothing when it is there already."""
    wanted = {name: _digest(HERE / lock) for name, lock in LOCKS.items()}
    held = _held()
    if held.get("dev") == wanted["dev"] or (kind == "run" and held.get("run") == wanted["run"]):
        return
    _create()
    print(f"Installing {LOCKS[kind]} into .venv …", flush=True)
    install = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    install += ["--no-deps", "--no-compile", "--disable-pip-version-check"]
    if subprocess.run([*install, "-r", str(HERE / LOCKS[kind])]).returncode:
        sys.exit("The dependencies could not be installed; pip says why above.")
    _put_on_path()
    STAMP.write_text(f"{kind} {wanted[kind]}\n")


def _held() -> dict[str, str]:
    """Which lock .venv was made from; nothing when it is not usable."""
    if not (BIN / "python").exists() or not (BIN / "derman").exists() or not STAMP.exists():
        return {}
    return dict([STAMP.read_text().split()])


def _create() -> None:
    if (BIN / "python").exists() and (BIN / "pip").exists():
        return
    if VENV.exists():
        shutil.rmtree(VENV)  # half made, or its Python is gone
    print("Creating .venv …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "Python cannot make a virtual environment here "
            "(on Debian and Ubuntu: apt install python3-venv).\n" + made.stderr
        )


def _put_on_path() -> None:
    """Let .venv find src, without building a package; the path is relative, a clone may move."""
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    (packages / "derman.pth").write_text(os.path.relpath(HERE / "src", packages) + "\n")
    script = BIN / "derman"
    script.write_text(SCRIPT)
    script.chmod(0o755)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
