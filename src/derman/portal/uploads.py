"""Files that were chosen but not sent yet: kept in a folder of the draft until the report goes."""

import re
import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from derman.cases import files
from derman.lib import sniff
from derman.portal.draft import Draft

KEPT_FOR = timedelta(hours=24)
HEX = re.compile(r"[0-9a-f]{32}")


class Ceiling(FileUploadHandler):
    """Stops taking in a file that is over the limit, so that it never lies on our disk."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken = 0
        self.too_large: list[str] = []

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > files.LARGEST:
            self.too_large.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers after this one make the file


def limit(request: HttpRequest) -> Ceiling:
    """Put the ceiling before the other handlers; only before the request's data was read."""
    ceiling = Ceiling(request)
    request.upload_handlers.insert(0, ceiling)
    return ceiling


def check(upload: UploadedFile) -> None:
    """Look into the file; `files.Refused` says what is wrong with it."""
    upload.seek(0)
    data = upload.read(files.LARGEST + 1)
    upload.seek(0)
    if not data:
        raise files.Refused("empty")
    if len(data) > files.LARGEST:
        raise files.Refused("too_large")
    try:
        sniff.sniff(data, upload.name or "")
    except sniff.Refused as reason:
        raise files.Refused(reason.code) from reason


def keep(draft: Draft, upload: UploadedFile) -> None:
    """Check a file and lay it, sealed, beside the draft."""
    check(upload)
    draft.folder = draft.folder or uuid.uuid4().hex
    folder = _folder(draft)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = uuid.uuid4().hex
    files.put(folder / name, upload.read())
    shown = sniff.clean_name(upload.name or "")
    draft.uploads.append({"id": name, "name": shown, "size": str(upload.size or 0)})


def drop(draft: Draft, name: str) -> None:
    """Take a file back."""
    for upload in [one for one in draft.uploads if one["id"] == name]:
        draft.uploads.remove(upload)
        path_of(draft, upload).unlink(missing_ok=True)


def read(draft: Draft, upload: dict[str, str]) -> BinaryIO:
    """A kept file in clear."""
    return files.read(path_of(draft, upload))


def path_of(draft: Draft, upload: dict[str, str]) -> Path:
    """Where a kept file lies; names are ours, never the applicant's."""
    return _folder(draft) / upload["id"]


def clear(draft: Draft) -> None:
    """The report was sent: its files have their place with the case."""
    if draft.folder:
        shutil.rmtree(_folder(draft), ignore_errors=True)


def sweep(at: datetime, limit: int) -> int:
    """Delete the files of drafts that nobody sent in a day; the worker calls this."""
    root = Path(settings.DATA) / "uploads"
    before = (at - KEPT_FOR).timestamp()
    old = [
        folder
        for folder in (root.iterdir() if root.is_dir() else ())
        if HEX.fullmatch(folder.name) and folder.stat().st_mtime < before
    ][:limit]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _folder(draft: Draft) -> Path:
    return Path(settings.DATA) / "uploads" / draft.folder
