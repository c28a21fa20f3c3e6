"""The data folder: the secrets of an installation and whose data it holds.

`derman run` and `derman init` prepare it; settings only read it, so that the same DERMAN_DATA
needs no other variable.
"""

import os
import secrets
from pathlib import Path

from derman.lib.env import Misconfigured
from derman.lib.sealing import Keyring

SECRET_KEY, KEYS, PROFILE, DEMO = "secret_key", "keys.json", "profile", "demo"


def prepare(folder: Path, *, profile: str, demo: bool) -> None:
    """Make the folder this profile's own; generate what is missing, change nothing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = read(folder, PROFILE)
        if held in (None, "", profile):
            _have_secrets(folder, anew=not held)
        owner = _write_once(folder / PROFILE, profile)
        if owner != profile:
            raise Misconfigured(
                f"{folder} holds the data of the organisation {owner!r}, not {profile!r}: "
                f"set DERMAN_PROFILE={owner}, or another DERMAN_DATA."
            )
        if demo:
            _write_once(folder / DEMO, "true")
        probe = folder / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as reason:
        raise Misconfigured(
            f"The data folder {folder} cannot be written ({reason.strerror}): set DERMAN_DATA."
        ) from None


def _have_secrets(folder: Path, *, anew: bool) -> None:
    """Generate what is missing; but keys that were lost are not replaced.

    What the database holds sealed could not be read with new ones.
    """
    if not os.environ.get("DERMAN_KEYS_FILE"):
        if not anew and not read(folder, KEYS):
            raise Misconfigured(
                f"{folder / KEYS} is missing, and sealed data cannot be read without it: "
                "bring it back, set DERMAN_KEYS_FILE, or begin anew in another DERMAN_DATA."
            )
        _write_once(folder / KEYS, Keyring.new().to_json())
    _write_once(folder / SECRET_KEY, secrets.token_urlsafe(50))


def read(folder: Path, name: str) -> str | None:
    """What one of the folder's small files holds; None when there is none."""
    try:
        return (folder / name).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as reason:
        raise Misconfigured(f"{folder / name} cannot be read ({reason.strerror}).") from None


def _write_once(path: Path, content: str) -> str:
    """Write the file unless it is there; return what it holds. Readable by its owner only."""
    held = read(path.parent, path.name)
    if held:
        return held
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content + "\n")
    try:
        os.link(draft, path)  # fails when another process was first: then theirs counts
    except FileExistsError:
        return read(path.parent, path.name) or content
    finally:
        draft.unlink()
    return content
