"""Takes out of a picture what it tells beside what it shows: place, device, author, time.

The pixels stay as they are, byte by byte: a photo may be evidence. What is kept is a list of what
a viewer needs, so that a block nobody has heard of goes as well, like everything after the
picture's end (phones put whole films there). Of Exif only the orientation stays.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs"}
WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
WEBP_FLAGS_OF_METADATA = 0x08 | 0x04  # Exif, XMP

ORIENTATION = 0x0112
NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
APPLICATION = range(0xE0, 0xF0)
EXIF_MARKER, COMMENT, SCAN, END = 0xE1, 0xFE, 0xDA, 0xD9
EXIF = b"Exif\x00\x00"


class Damaged(Exception):
    """The picture's file breaks off or does not hold together."""


def strip_location(data: bytes, mime: str) -> bytes:
    """The same picture without its metadata; other types of file come back unchanged."""
    strip = STRIPPERS.get(mime)
    if strip is None:
        return data
    try:
        return strip(data)
    except (struct.error, IndexError) as error:
        raise Damaged(f"the {mime} breaks off") from error


def _strip_jpeg(data: bytes) -> bytes:
    segments = list(_jpeg_segments(data))
    turned = (_held(s) for marker, s in segments if marker == EXIF_MARKER and s[4:10] == EXIF)
    kept = (segment for marker, segment in segments if _jpeg_keeps(marker, segment))
    return b"".join((b"\xff\xd8", _orientation(next(turned, 1)), *kept))


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker up to the end of the picture, scans with their data."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise Damaged("a JPEG segment is missing")
        while data[place + 1] == 0xFF:  # markers may be padded
            place += 1
        marker = data[place + 1]
        if marker == END:
            yield marker, data[place : place + 2]
            return
        end = place + 2 + struct.unpack_from(">H", data, place + 2)[0]
        if marker == SCAN:
            following = NEXT_MARKER.search(data, end)
            if following is None:
                raise Damaged("the JPEG has no end")
            end = following.start()
        if end > len(data) or end < place + 4:
            raise Damaged("a JPEG segment breaks off")
        yield marker, data[place:end]
        place = end


def _jpeg_keeps(marker: int, segment: bytes) -> bool:
    """JFIF, colour profile and Adobe's colour transform stay; other applications' blocks go."""
    if marker in APPLICATION:
        return segment[4:].startswith((b"JFIF\x00", b"ICC_PROFILE\x00", b"Adobe"))
    return marker != COMMENT


def _held(segment: bytes) -> int:
    """How the camera was held, by an Exif segment; 1, upright, when it does not say."""
    tiff = segment[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (place,) = struct.unpack_from(f"{order}4xI", tiff)
        (entries,) = struct.unpack_from(f"{order}H", tiff, place)
        for number in range(entries):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, place + 2 + 12 * number)
            if tag == ORIENTATION:
                return int(value) if value in range(2, 9) else 1
    except struct.error:
        pass  # a broken Exif block says nothing; it goes away in any case
    return 1


def _orientation(turned: int) -> bytes:
    """An Exif segment that says how the camera was held, and nothing else."""
    if turned == 1:
        return b""
    directory = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, turned, 0, 0)
    body = EXIF + b"MM\x00\x2a\x00\x00\x00\x08" + directory
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _strip_png(data: bytes) -> bytes:
    pieces, place, name = [PNG_HEAD], len(PNG_HEAD), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + length + 12
        if end > len(data):
            raise Damaged("a PNG chunk breaks off")
        if name[:1].isupper() or name in PNG_KEPT:
            pieces.append(data[place:end])
        place = end
    return b"".join(pieces)


def _strip_webp(data: bytes) -> bytes:
    pieces, place = [], 12
    stop = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while place < stop:
        name, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if end > len(data) + 1:  # some writers leave out the last padding byte
            raise Damaged("a WebP chunk breaks off")
        chunk = data[place:end].ljust(end - place, b"\x00")
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_FLAGS_OF_METADATA]) + chunk[9:]
        if name in WEBP_KEPT:
            pieces.append(chunk)
        place = end
    body = b"WEBP" + b"".join(pieces)
    return b"RIFF" + struct.pack("<I", len(body)) + body


STRIPPERS: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _strip_jpeg,
    "image/png": _strip_png,
    "image/webp": _strip_webp,
}
