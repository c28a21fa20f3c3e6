"""A backup: one tar file with every table, every file, and a manifest that comes last.

    tables/NAME.jsonl.gz    a row a line
    files/…                 attachments as they lie on disk
    manifest.json           version, organisation, migrations, columns, rows and digests

Keys are never in it: a backup that is stolen gives away no number or contact, one that is lost
without the keys is useless. The manifest holds a value sealed with the keys, so that a restore
with other keys is refused before anything is written.
"""

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db.backends.base.base import BaseDatabaseWrapper

from derman import __version__
from derman.lib.sealing import CannotOpen, Keyring
from derman.safekeeping import databases, rows
from derman.safekeeping.rows import Digest
from derman.safekeeping.tables import Table, all_tables

MANIFEST = "manifest.json"
FORMAT = 1
PROOF = "derman backup"  # what is sealed, and for which place
Tick = Callable[[str], object]


class BadBackup(Exception):
    """The file is no backup, is damaged, or was made with other keys."""


def write(
    path: Path,
    connection: BaseDatabaseWrapper,
    *,
    files: Path,
    profile: str,
    keyring: Keyring,
    at: datetime,
    tick: Tick,
) -> dict[str, Any]:
    """Write a backup; returns its manifest. The file appears under its name when it is whole."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            tarfile.open(fileobj=out, mode="w") as tar,
        ):
            manifest = _contents(tar, connection, files, tick)
            manifest |= {
                "format": FORMAT,
                "derman": __version__,
                "profile": profile,
                "at": at.isoformat(timespec="seconds"),
                "proof": keyring.seal(PROOF, PROOF),
            }
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
            out.flush()
            os.fsync(out.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _contents(
    tar: tarfile.TarFile, connection: BaseDatabaseWrapper, files: Path, tick: Tick
) -> dict[str, Any]:
    described = []
    with databases.snapshot(connection):
        migrations = databases.applied(connection)
        for table in all_tables():
            digest = _add_table(tar, connection, table)
            described.append({**table.to_json(), **digest.to_json()})
            tick(table.name)
    return {
        "migrations": migrations,
        "tables": described,
        "files": dict(_add_files(tar, files)),
    }


def _add_table(tar: tarfile.TarFile, connection: BaseDatabaseWrapper, table: Table) -> Digest:
    digest = Digest()
    with tempfile.TemporaryFile() as held:
        with gzip.GzipFile(fileobj=held, mode="wb", compresslevel=3, mtime=0) as packed:
            for row in rows.read(connection, table):
                line = rows.line_of(row)
                digest.add(line)
                packed.write(line + b"\n")
        size = held.tell()
        held.seek(0)
        tar.addfile(_info(_member(table.name), size), held)
    return digest


def _add_files(tar: tarfile.TarFile, folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        name = path.relative_to(folder).as_posix()
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # taken away meanwhile: no row of this moment needs it
        _add_bytes(tar, f"files/{name}", data)
        yield name, hashlib.sha256(data).hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    with tempfile.TemporaryFile() as held:
        held.write(data)
        held.seek(0)
        tar.addfile(_info(name, len(data)), held)


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info


def _member(table: str) -> str:
    return f"tables/{table}.jsonl.gz"


class Backup:
    """A backup that is open for reading, for the length of a `with` block."""

    def __init__(self, tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
        self._tar = tar
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path) -> "Backup":
        try:
            tar = tarfile.open(path, mode="r:")  # noqa: SIM115 (closed with the block)
        except (tarfile.TarError, OSError) as reason:
            raise BadBackup(f"{path.name} is no backup of Derman, or not whole.") from reason
        try:
            return cls(tar, _manifest(tar, path.name))
        except BadBackup:
            tar.close()
            raise

    def __enter__(self) -> "Backup":
        return self

    def __exit__(self, *why: object) -> None:
        self._tar.close()

    @property
    def tables(self) -> list[Table]:
        return [Table.from_json(found) for found in self.manifest["tables"]]

    def check_keys(self, keyring: Keyring) -> None:
        """Refuse keys that do not open what the backup holds."""
        try:
            keyring.open(self.manifest["proof"], PROOF)
        except CannotOpen:
            raise BadBackup(
                "The backup was made with other keys: bring its key file (DERMAN_KEYS_FILE)."
            ) from None

    def rows_of(self, table: Table) -> Iterator[rows.Row]:
        """The rows of a table; BadBackup at the end where they are not those of the manifest."""
        digest = Digest()
        try:
            with gzip.GzipFile(fileobj=_member_of(self._tar, _member(table.name))) as packed:
                for line in packed:
                    plain = line.rstrip(b"\n")
                    digest.add(plain)
                    row = json.loads(plain)
                    if len(row) != len(table.columns):
                        raise BadBackup(f"{table.name} in the backup has a row of another shape.")
                    yield row
        except (OSError, EOFError, ValueError) as reason:
            raise BadBackup(f"{table.name} is damaged in the backup.") from reason
        if digest.to_json() != self._said_of(table):
            raise BadBackup(f"{table.name} in the backup is not what the manifest says.")

    def matches(self, table: Table, digest: Digest) -> bool:
        """Whether a database now holds what the backup does."""
        return digest.to_json() == self._said_of(table)

    def put_files(self, folder: Path) -> int:
        """Write the files into a folder; returns how many there are."""
        for name, said in self.manifest["files"].items():
            path = (folder / name).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise BadBackup(f"The backup names a file outside its folder: {name}.")
            data = _member_of(self._tar, f"files/{name}").read()
            if hashlib.sha256(data).hexdigest() != said:
                raise BadBackup(f"The file {name} is damaged in the backup.")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o600)
        return len(self.manifest["files"])

    def _said_of(self, table: Table) -> dict[str, Any]:
        (said,) = (one for one in self.manifest["tables"] if one["name"] == table.name)
        return {"rows": said["rows"], "digest": said["digest"]}


def _manifest(tar: tarfile.TarFile, name: str) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(_member_of(tar, MANIFEST).read())
    except (tarfile.TarError, OSError, ValueError) as reason:
        raise BadBackup(f"{name} is no backup of Derman, or not whole.") from reason
    if manifest.get("format") != FORMAT:
        raise BadBackup(f"{name} was written by a newer version of Derman.")
    return manifest


def _member_of(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise BadBackup(f"The backup lacks {name}.")
    return found
