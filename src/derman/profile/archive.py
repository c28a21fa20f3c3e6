"""A profile's folder in one zip file, so that a browser can take it out and bring it back."""

import io
import tempfile
import zipfile
from pathlib import Path as Folder
from pathlib import PurePosixPath

from derman.profile import folder
from derman.profile.schema import Profile

MOST_FILES = 2_000
LARGEST = 20 * 1024 * 1024  # bytes, unpacked
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same profile gives the same bytes


class NotAnArchive(Exception):
    """This is no zip file of a profile."""


def pack(profile: Profile) -> bytes:
    """The folder of a profile as a zip file; its files stand at the top."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(folder.files_of(profile).items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(packed: bytes) -> Profile:
    """The profile in a zip file; InvalidProfile names what is wrong with it.

    The files may stand in one folder inside, as when a folder was packed by hand. Names are taken
    as names only: nothing is written outside a folder of our own, which is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="derman-profile-") as place:
        for name, content in _files(packed).items():
            target = Folder(place) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return folder.load(Folder(place))


def _files(packed: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > LARGEST:
                raise NotAnArchive
            names = {one: _safe(one.filename) for one in members}
            top = _top([name for name in names.values() if name.name == "organisation.toml"])
            return {
                name.relative_to(top).as_posix(): archive.read(one)
                for one, name in names.items()
                if name.is_relative_to(top) and not _is_stray(name.relative_to(top))
            }
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError):
        # RuntimeError: encrypted, or packed in a way that zipfile does not know.
        raise NotAnArchive from None


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        raise NotAnArchive
    return path


def _top(found: list[PurePosixPath]) -> PurePosixPath:
    """The folder in which the files stand."""
    if not found:
        raise NotAnArchive
    return min(found, key=lambda path: len(path.parts)).parent


def _is_stray(path: PurePosixPath) -> bool:
    """What a file manager leaves behind, and the demo that presets carry."""
    return path.parts[0] in ("demo", "__MACOSX") or path.name.startswith(".")
