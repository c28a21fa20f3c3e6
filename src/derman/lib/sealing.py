"""Sealing of single values (AES-256-GCM) and blind indexes (HMAC-SHA256) to find them by.

A sealed value opens only with the context under which it was sealed (table, column and row), so a
ciphertext that was copied to another place is refused. The keys live in a file of their own,
outside the database and its backups; a leaked index key gives away every TCKN in the index.
"""

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")
BODY = re.compile(r"[A-Za-z0-9_-]+")


class CannotOpen(Exception):
    """The value was not sealed with this key, for this place, or it was changed."""


class BadKeyring(ValueError):
    """The key file is missing, unreadable or incomplete."""


@dataclass(frozen=True, eq=False)
class Keyring:
    """The keys of an installation: old ones still open, the current one seals.

    While the index is built anew, `former_index` is the key of the rows that still wait.
    """

    current: str
    sealing: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    former_index: bytes | None = field(repr=False, default=None)
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, default_factory=dict)
    _index_keys: dict[tuple[bytes, str], bytes] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if self.current not in self.sealing:
            raise BadKeyring(f"the current key {self.current!r} is not among the sealing keys")
        of_index = [("index", self.index)]
        if self.former_index is not None:
            of_index.append(("former_index", self.former_index))
        for name, key in (*self.sealing.items(), *of_index):
            if not KEY_ID.fullmatch(name):
                raise BadKeyring("a key's name is up to 20 letters, digits, - and _")
            if len(key) != KEY_BYTES:
                raise BadKeyring(f"the key {name!r} has {len(key)} bytes instead of {KEY_BYTES}")
        if {key for _, key in of_index} & set(self.sealing.values()):
            raise BadKeyring("the index key must not be a sealing key")
        if self.former_index == self.index:
            raise BadKeyring("the former index key is the index key itself")
        self._ciphers.update({name: AESGCM(key) for name, key in self.sealing.items()})

    @classmethod
    def new(cls) -> Self:
        """Fresh random keys."""
        return cls("k1", {"k1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))

    @classmethod
    def read(cls, path: Path) -> Self:
        try:
            return cls.from_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadKeyring(f"the key file {path} cannot be read: {error}") from error
        except BadKeyring as error:
            raise BadKeyring(f"the key file {path}: {error}") from error

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            document = json.loads(text)
        except ValueError:  # not chained: the parser's error holds the document
            raise BadKeyring("it is not JSON") from None
        try:
            sealing = {str(name): _bytes(key) for name, key in document["sealing"].items()}
            current, index = str(document["current"]), _bytes(document["index"])
            former = _bytes(document["former_index"]) if "former_index" in document else None
        except (KeyError, TypeError, AttributeError, binascii.Error, ValueError):
            raise BadKeyring("it needs current, sealing and index, with keys in Base64") from None
        return cls(current, sealing, index, former)

    def to_json(self) -> str:
        document = {
            "current": self.current,
            "sealing": {name: base64.b64encode(key).decode() for name, key in self.sealing.items()},
            "index": base64.b64encode(self.index).decode(),
        }
        if self.former_index is not None:
            document["former_index"] = base64.b64encode(self.former_index).decode()
        return json.dumps(document, indent=2) + "\n"

    @property
    def newest(self) -> str:
        """The key that was added last, which need not seal yet."""
        return list(self.sealing)[-1]

    def with_new_key(self) -> Self:
        """With one more key that opens but does not seal yet."""
        taken = [int(name[1:]) for name in self.sealing if re.fullmatch(r"k[0-9]+", name)]
        name = f"k{max(taken, default=0) + 1}"
        return replace(self, sealing={**self.sealing, name: secrets.token_bytes(KEY_BYTES)})

    def sealing_with(self, name: str) -> Self:
        """With another of its keys as the current one."""
        return replace(self, current=name)

    def without(self, names: Collection[str]) -> Self:
        """Without these keys: what they sealed cannot be opened any more."""
        kept = {name: key for name, key in self.sealing.items() if name not in names}
        return replace(self, sealing=kept)

    def with_new_index(self) -> Self:
        """With a new index key; the one until now becomes the former one."""
        return replace(self, index=secrets.token_bytes(KEY_BYTES), former_index=self.index)

    def without_former_index(self) -> Self:
        return replace(self, former_index=None)

    def seal(self, plain: str, context: str) -> str:
        """Encrypt a value for one place, such as `people_customer|tckn|<id of the row>`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, plain.encode(), context.encode())
        body = base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
        return f"{VERSION}.{self.current}.{body}"

    def open(self, token: str, context: str) -> str:
        """Decrypt what `seal` gave for the same place; CannotOpen tells nothing of the value."""
        version, _, rest = token.partition(".")
        name, _, body = rest.partition(".")
        if version != VERSION or name not in self._ciphers:
            raise CannotOpen("the value was sealed with a key that is not on the key ring")
        if not BODY.fullmatch(body):  # the decoder would take + and / as well
            raise CannotOpen("the value was changed")
        try:
            raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
            nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
            return self._ciphers[name].decrypt(nonce, sealed, context.encode()).decode()
        except (InvalidTag, ValueError):
            raise CannotOpen("the value was changed, or sealed for another place") from None

    def blind_index(self, value: str, column: str) -> str:
        """A keyed digest for exact look-up, different for the same value in another column."""
        return self._digest(self.index, value, column)

    def blind_indexes(self, value: str, column: str) -> list[str]:
        """What a row may hold for the value: one digest, two while the index is built anew."""
        keys = [self.index] if self.former_index is None else [self.index, self.former_index]
        return [self._digest(key, value, column) for key in keys]

    def _digest(self, master: bytes, value: str, column: str) -> str:
        key = self._index_keys.get((master, column))
        if key is None:
            info = f"derman blind index {column}".encode()
            derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
            key = self._index_keys[master, column] = derived.derive(master)
        return hmac.digest(key, value.encode(), "sha256").hex()


def _bytes(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)
