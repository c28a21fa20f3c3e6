"""The key file: read again whenever it changes, and replaced as a whole.

Every process looks at the file's stamp before it uses a key, so that a key that was just added is
known to all of them at once. While the file cannot be seen, the keys read last go on working.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from derman.lib.sealing import BadKeyring, Keyring

Stamp = tuple[int, int, int]

_last: dict[str, Keyring] = {}


@lru_cache(maxsize=8)
def _read(path: str, stamp: Stamp) -> Keyring:
    return Keyring.read(Path(path))


def current(path: str | Path) -> Keyring:
    """The keys in this file, as they stand now."""
    name = os.fspath(path)
    try:
        found = os.stat(name)  # noqa: PTH116 (asked for each value: a Path costs more than the look)
    except OSError as error:
        if name in _last:
            return _last[name]
        raise BadKeyring(f"the key file {name} cannot be read: {error}") from error
    ring = _read(name, (found.st_mtime_ns, found.st_size, found.st_ino))
    _last[name] = ring
    return ring


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every other command that changes the file waiting."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def replace(path: Path, ring: Keyring) -> None:
    """Write the file anew, durably; whoever reads it finds the old keys or the new ones."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(ring.to_json())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadKeyring(f"the key file {path} cannot be written: {error}") from error
