"""The bytes of attachments: kept under random names outside the web root, typed by content."""

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from derman.lib import photos, sniff

LARGEST = 10 * 1024 * 1024  # bytes a file; the regulator's portal has the same limit (facts §2)
MOST = 5  # files at once


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
    """A file that lies on disk."""

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
        digest=hashlib.sha256(data).hexdigest(),
    )
    _write(path_of(kept.id), data)
    return kept


def path_of(attachment_id: uuid.UUID) -> Path:
    """Where the bytes of an attachment lie."""
    name = attachment_id.hex
    return Path(settings.DATA) / "files" / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
