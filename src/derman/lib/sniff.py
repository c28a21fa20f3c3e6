"""What an uploaded file really is, by its content, and whether we take it.

The type that a browser declares is not asked. Archives are judged by their directory and never
unpacked here; of pictures only the header is read. Office files with macros are refused.
What was taken can be given to `strip_location` without fear of Damaged.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import puremagic
from PIL import Image, UnidentifiedImageError

from derman.lib.composing import normal
from derman.lib.photos import Damaged, strip_location

__all__ = ["ALLOWED", "Code", "Damaged", "Kind", "Refused", "clean_name", "sniff", "strip_location"]

Code = Literal[
    "empty", "not_allowed", "wrong_extension", "damaged", "too_many_pixels", "archive_too_large"
]

MOST_PIXELS = 50_000_000
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100_000_000
LONGEST_NAME = 120
LONGEST_EXTENSION = 10
NAMELESS = "file"
HEAD = 4096

OPENDOCUMENT = "application/vnd.oasis.opendocument.text"
OFFICE = "application/vnd.openxmlformats-officedocument."
# Each type we take and the extensions it may carry, the usual one first.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jfif", "jpe"),
    "image/webp": ("webp",),
    "text/plain": ("txt",),
    f"{OFFICE}wordprocessingml.document": ("docx",),
    f"{OFFICE}spreadsheetml.sheet": ("xlsx",),
    OPENDOCUMENT: ("odt",),
}
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
ACTIVE_TEXT = re.compile(r"\s*<(!doctype|html|head|body|script|svg|\?xml|iframe)\b", re.I)
MACROS = re.compile(r"vbaProject\.bin$|^Basic/|^Scripts/|\.(exe|dll|js|vbs)$", re.I)
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)

# Pillow warns of huge pictures as soon as it reads their header; here the warning stops it.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Kind:
    mime: str
    extension: str


class Refused(Exception):
    """We do not take this file; `code` says why, for a sentence in the user's language."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def sniff(data: bytes, name: str) -> Kind:
    """The type of an upload by its content; Refused unless we take it and its name agrees."""
    if not data:
        raise Refused("empty")
    mime = next((mime for is_it, mime in SIGNATURES if is_it(data)), None)
    if mime is None:
        raise Refused("not_allowed")
    if mime in PICTURES:
        _check_picture(data, mime)
    extensions = ALLOWED[mime]
    if _extension(name) not in extensions:
        raise Refused("wrong_extension")
    return Kind(mime, extensions[0])


def clean_name(name: str) -> str:
    """A file name fit to be shown and offered for download; never empty, never a path."""
    text = normal("NFKC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if letter.isspace() else letter for letter in text)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in UNSEEN)
    text = re.sub(r'[<>:"|?*;%]', "_", " ".join(text.split())).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if dot and len(extension) <= LONGEST_EXTENSION:
        text = stem[: LONGEST_NAME - len(extension) - 1].rstrip(". ") + dot + extension
    text = text[:LONGEST_NAME].strip(". ")
    return f"_{text}"[:LONGEST_NAME] if RESERVED.fullmatch(text) else text or NAMELESS


def _extension(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and _agrees(data, "application/pdf")


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n") and _agrees(data, "image/png")


def _is_jpeg(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff") and _agrees(data, "image/jpeg")


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and _agrees(data, "image/webp")


def _is_docx(data: bytes) -> bool:
    return {"[Content_Types].xml", "word/document.xml"} <= _members(data)


def _is_xlsx(data: bytes) -> bool:
    return {"[Content_Types].xml", "xl/workbook.xml"} <= _members(data)


def _is_odt(data: bytes) -> bool:
    # The format wants its type first in the archive, stored as it is.
    place = data[:HEAD].find(b"mimetype" + OPENDOCUMENT.encode() + b"PK")
    return place == 30 and {"mimetype", "content.xml"} <= _members(data)


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    odd = any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in text)
    return not odd and not ACTIVE_TEXT.match(text)


SIGNATURES: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_is_pdf, "application/pdf"),
    (_is_png, "image/png"),
    (_is_jpeg, "image/jpeg"),
    (_is_webp, "image/webp"),
    (_is_docx, f"{OFFICE}wordprocessingml.document"),
    (_is_xlsx, f"{OFFICE}spreadsheetml.sheet"),
    (_is_odt, OPENDOCUMENT),
    (_is_text, "text/plain"),
)


def _agrees(data: bytes, mime: str) -> bool:
    """Does puremagic, which knows far more types, see the same?"""
    try:
        return any(found.mime_type == mime for found in puremagic.magic_string(data[:HEAD]))
    except puremagic.PureError:
        return False


def _members(data: bytes) -> frozenset[str]:
    """The names in an archive within our limits; Refused when it goes beyond them."""
    if not data.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError):  # the last: a zip of a later version
        raise Refused("damaged") from None
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("archive_too_large")
    if any(entry.flag_bits & 1 or MACROS.search(entry.filename) for entry in entries):
        raise Refused("not_allowed")  # encrypted, or with something that runs
    return frozenset(entry.filename for entry in entries)


def _check_picture(data: bytes, mime: str) -> None:
    try:
        # Without its metadata, in which Pillow would stumble over what does not matter here.
        bare = io.BytesIO(strip_location(data, mime))
        with Image.open(bare, formats=[PICTURES[mime]]) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_many_pixels") from None
    except (Damaged, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused("damaged") from None
    if width * height > MOST_PIXELS:
        raise Refused("too_many_pixels")
