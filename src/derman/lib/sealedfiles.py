"""Files sealed at rest: AES-256-GCM in chunks under a key of their own, which the key ring seals.

A file is a line with its sealed key, then chunks, each with its length before it. The first chunk
holds what the whole must be (size, SHA-256), so that the digest lies nowhere in clear. Each chunk
is bound to the file's name, its number and whether it is the last: a changed, swapped, missing or
added one is refused, and so is a whole file under another's name.
"""

import base64
import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from derman.lib.sealing import CannotOpen, Keyring

MAGIC = b"derman.file.1 "
CHUNK = 64 * 1024  # bytes in clear
LENGTH = 4  # bytes of a chunk's length
OVERHEAD = 16  # bytes of a tag
LONGEST_HEADER = 400


class Damaged(CannotOpen):
    """The file was changed, cut short, moved, or sealed with a key that is gone."""


def is_sealed(start: bytes) -> bool:
    """Whether a file that begins like this is one of ours."""
    return start.startswith(MAGIC)


def seal(data: bytes, name: str, ring: Keyring) -> Iterator[bytes]:
    """The sealed file, piece by piece."""
    key = secrets.token_bytes(32)
    cipher = AESGCM(key)
    yield _header(key, name, ring)
    about = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    pieces = [json.dumps(about).encode()]
    pieces += [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    for number, piece in enumerate(pieces):
        bound = _bound(name, number, is_last=number == len(pieces) - 1)
        sealed = cipher.encrypt(_nonce(number), piece, bound)
        yield len(sealed).to_bytes(LENGTH) + sealed


def key_name(file: BinaryIO) -> str:
    """The name of the ring's key that seals this file's own."""
    return _token(file).split(".", 2)[1]


def rewrap(file: BinaryIO, name: str, ring: Keyring) -> Iterator[bytes]:
    """The same file with its key sealed by the current one; its chunks stay as they are."""
    yield _header(_key(_token(file), name, ring), name, ring)
    while some := file.read(CHUNK):
        yield some


def reader(file: BinaryIO, name: str, ring: Keyring) -> io.BufferedReader:
    """The file in clear, read as it is needed; whatever is wrong with it raises `Damaged`."""
    return io.BufferedReader(_Reader(file, name, ring), buffer_size=CHUNK)


class _Reader(io.RawIOBase):
    """Opens one chunk after the other."""

    def __init__(self, file: BinaryIO, name: str, ring: Keyring) -> None:
        self.file, self.of = file, name
        self.cipher = AESGCM(_key(_token(file), name, ring))
        self.number = -1
        self.is_done = False
        self.waiting = b""
        self.digest = hashlib.sha256()
        self.about = json.loads(self._next())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self.waiting and not self.is_done:
            self.waiting = self._next()
            self._account()
        some, self.waiting = self.waiting[: len(buffer)], self.waiting[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)

    def _account(self) -> None:
        """At the end the whole must be what was sealed."""
        self.digest.update(self.waiting)
        if self.is_done and self.digest.hexdigest() != self.about["sha256"]:
            raise Damaged("the file is not what it was when it was sealed")

    def close(self) -> None:
        self.file.close()
        super().close()

    def _next(self) -> bytes:
        """The next chunk; tried as the last one where the file ends after it."""
        length = self.file.read(LENGTH)
        size = int.from_bytes(length)
        sealed = self.file.read(size) if size <= CHUNK + OVERHEAD else b""
        if len(length) != LENGTH or not sealed or len(sealed) != size:
            raise Damaged("the file was cut short or changed")
        self.number += 1
        self.is_done = not self._has_more()
        bound = _bound(self.of, self.number, is_last=self.is_done)
        try:
            return self.cipher.decrypt(_nonce(self.number), sealed, bound)
        except InvalidTag:
            raise Damaged("the file was changed") from None

    def _has_more(self) -> bool:
        here = self.file.tell()
        more = bool(self.file.read(1))
        self.file.seek(here)
        return more


def _header(key: bytes, name: str, ring: Keyring) -> bytes:
    token = ring.seal(base64.b64encode(key).decode(), f"file|{name}")
    return MAGIC + token.encode() + b"\n"


def _token(file: BinaryIO) -> str:
    line = file.readline(LONGEST_HEADER)
    if not is_sealed(line) or not line.endswith(b"\n"):
        raise Damaged("this is no sealed file")
    return line[len(MAGIC) : -1].decode("ascii", "replace")


def _key(token: str, name: str, ring: Keyring) -> bytes:
    try:
        return base64.b64decode(ring.open(token, f"file|{name}"))
    except CannotOpen as reason:
        raise Damaged(str(reason)) from None


def _bound(name: str, number: int, *, is_last: bool) -> bytes:
    return f"{name}|{number}|{'last' if is_last else 'more'}".encode()


def _nonce(number: int) -> bytes:
    """Never repeated under one key: each file has its own and is written once."""
    return number.to_bytes(12)
