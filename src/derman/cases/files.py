"""The bytes of attachments: typed by content, sealed, under random names outside the web root.

Files of a version before these were sealed are read as they lie until `derman keys seal-files` has
dealt with them; from then on, and in a new installation from the start, a file in clear is refused.

A file lies on disk before its row is committed, so that no row is ever without its file. Until then
a mark says so: `sweep` deletes what a crash, a full disk or a refusal left behind without a row.
"""

import hashlib
import logging
import math
import os
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from derman.cases.models import Attachment
from derman.lib import photos, sealedfiles, sniff
from derman.lib.sealing import Keyring
from derman.people.fields import keyring

log = logging.getLogger("derman.cases")

LARGEST = 10 * 1024 * 1024  # bytes a file; the regulator's portal has the same limit (facts §2)
MOST = 5  # files at once
MARK = ".sealed"  # lies in the folder in which no file is in clear
PLACE = "cases_attachment|digest"
SETTLED = timedelta(hours=1)  # after which no transaction still waits to be committed


REFUSALS = {
    "too_large": _("Choose a file of at most 10 MB."),
    "empty": _("The file is empty. Choose another one."),
    "not_allowed": _("Choose a PDF, a picture (JPEG, PNG, WebP), a text or an office document."),
    "wrong_extension": _("The file is not what its name says. Save it again in its real format."),
    "damaged": _("The file is damaged. Save it again, or choose another one."),
    "too_many_pixels": _("The picture is too large. Make it smaller, then choose it again."),
    "archive_too_large": _("The file is too large when it is unpacked. Choose a smaller one."),
}


class Refused(Exception):
    """The upload cannot be kept; the message tells the person what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(str(REFUSALS[code]))
        self.code = code


@dataclass(frozen=True)
class Kept:
    """A file that lies on disk. `digest` is keyed: it tells nobody which file this is."""

    id: uuid.UUID
    name: str
    mime: str
    size: int
    digest: str


def keep(upload: BinaryIO, *, name: str) -> Kept:
    """Check the content, strip a photo's location, and write it durably."""
    data = upload.read(LARGEST + 1)
    if not data:
        raise Refused("empty")
    if len(data) > LARGEST:
        raise Refused("too_large")
    try:
        kind = sniff.sniff(data, name)
    except sniff.Refused as reason:
        raise Refused(reason.code) from reason
    data = photos.strip_location(data, kind.mime)
    kept = Kept(
        id=uuid.uuid4(),
        name=sniff.clean_name(name),
        mime=kind.mime,
        size=len(data),
        digest=keyring().blind_index(hashlib.sha256(data).hexdigest(), PLACE),
    )
    if not _root().exists():
        _mark()
    mark = _waiting() / kept.id.hex
    mark.parent.mkdir(mode=0o700, exist_ok=True)
    mark.touch(mode=0o600)
    put(path_of(kept.id), data)
    transaction.on_commit(lambda: mark.unlink(missing_ok=True), robust=True)
    return kept


def sweep(at: datetime, limit: int) -> int:
    """Delete the files whose rows were never committed; the worker calls this."""
    before = (at - SETTLED).timestamp()
    marks = sorted(_waiting().glob("[0-9a-f]" * 32)) if _waiting().is_dir() else []
    old = [mark for mark in marks if _written_at(mark) < before][:limit]
    keys = {mark: uuid.UUID(mark.name) for mark in old}
    rows = Attachment.objects.filter(pk__in=keys.values()) if keys else Attachment.objects.none()
    known = set(rows.values_list("pk", flat=True))
    for mark, key in keys.items():
        if key not in known:
            path_of(key).unlink(missing_ok=True)
        mark.unlink(missing_ok=True)
    return len(old)


def put(path: Path, data: bytes) -> None:
    """Write a sealed file durably; its name is a part of the seal."""
    _write(path, sealedfiles.seal(data, path.name, keyring()))


def read(path: Path) -> BinaryIO:
    """A file that `put` wrote, in clear, chunk by chunk; `sealedfiles.Damaged` when it is not."""
    file = path.open("rb")
    try:
        return sealedfiles.reader(file, path.name, keyring())
    except sealedfiles.Damaged:
        file.close()
        raise


def open_file(attachment_id: uuid.UUID) -> BinaryIO:
    """The bytes of an attachment; FileNotFoundError when there are none."""
    path = path_of(attachment_id)
    if (_root() / MARK).exists() or _is_sealed(path):
        return read(path)
    return path.open("rb")


def count_by_key() -> Counter[str]:
    """How many files each key opens."""
    counted: Counter[str] = Counter()
    for path in _paths():
        if _is_sealed(path):
            with path.open("rb") as file:
                counted[sealedfiles.key_name(file)] += 1
    return counted


def reseal(ring: Keyring) -> int:
    """Seal the keys of all files with the current key; return how many had another.

    A damaged file is named in the log and keeps no other from its turn.
    """
    done = 0
    for path in _paths():
        try:
            done += _is_sealed(path) and _rewrap(path, ring)
        except sealedfiles.Damaged as reason:
            log.error("The file %s cannot be opened: %s", path.name, reason)
    return done


def _rewrap(path: Path, ring: Keyring) -> bool:
    with path.open("rb") as file:
        if sealedfiles.key_name(file) == ring.current:
            return False
        file.seek(0)
        _replace(path, sealedfiles.rewrap(file, path.name, ring))
    return True


def seal_clear(ring: Keyring) -> int:
    """Seal what an older version kept in clear; return how many files that were."""
    done = 0
    for path in _paths():
        if not _is_sealed(path):
            _replace(path, sealedfiles.seal(path.read_bytes(), path.name, ring))
            done += 1
    _mark()
    return done


def path_of(attachment_id: uuid.UUID) -> Path:
    """Where the bytes of an attachment lie."""
    name = attachment_id.hex
    return _root() / name[:2] / name


def _root() -> Path:
    return Path(settings.DATA) / "files"


def _written_at(mark: Path) -> float:
    """When; of one that was just taken away, never."""
    try:
        return mark.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _waiting() -> Path:
    """The marks of files whose rows are not committed yet."""
    return Path(settings.DATA) / "keeping"


def _paths() -> Iterator[Path]:
    """Every attachment on disk, drafts of an interrupted command left out."""
    return (path for path in sorted(_root().glob("??/*")) if not path.name.startswith("."))


def _is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return sealedfiles.is_sealed(file.read(len(sealedfiles.MAGIC)))


def _mark() -> None:
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    (_root() / MARK).touch(mode=0o600)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file anew; whoever reads it meanwhile has the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    _write(draft, pieces)
    draft.replace(path)
