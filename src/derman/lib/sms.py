"""How many parts a text message takes, so that whoever writes it sees what it costs.

A part carries 140 octets. In the GSM default alphabet a character is a septet, some are two (an
escape and a letter). With the Turkish single shift table Ğ İ Ş ç ğ ı ş are two septets as well;
without it a single one of them makes the whole message UCS-2. Numbers follow 3GPP TS 23.038 and
23.040 with a header of eight-bit references, which is what gateways send.
"""

from dataclasses import dataclass
from typing import Literal

Shift = Literal["single", "none"]
Encoding = Literal["gsm7", "gsm7-turkish", "ucs2"]

DEFAULT_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")
ESCAPED_IN_TURKISH = ESCAPED | frozenset("ĞİŞçğış")

# Capacity of a message alone, and of each part of a longer one.
CAPACITY: dict[Encoding, tuple[int, int]] = {
    "gsm7": (160, 153),
    "gsm7-turkish": (155, 149),
    "ucs2": (70, 67),
}


@dataclass(frozen=True)
class Parts:
    """What a message takes: `units` are septets, in UCS-2 units of 16 bits."""

    encoding: Encoding
    units: int
    parts: int
    per_part: int
    left: int
    """Units that still fit into the last part."""


def measure(text: str, shift: Shift = "single") -> Parts:
    """Count the parts of a message; `shift` says whether the gateway knows the Turkish table."""
    encoding = _encoding(text, shift)
    sizes = _sizes(text, encoding)
    alone, in_part = CAPACITY[encoding]
    units = sum(sizes)
    if units <= alone:
        return Parts(encoding, units, 1 if text else 0, alone, alone - units)
    parts, left = 1, in_part
    for size in sizes:
        if size > left:  # neither an escape and its letter nor a surrogate pair is parted
            parts, left = parts + 1, in_part
        left -= size
    return Parts(encoding, units, parts, in_part, left)


def _encoding(text: str, shift: Shift) -> Encoding:
    letters = set(text)
    if letters <= DEFAULT_ALPHABET | ESCAPED:
        return "gsm7"
    if shift == "single" and letters <= DEFAULT_ALPHABET | ESCAPED_IN_TURKISH:
        return "gsm7-turkish"
    return "ucs2"


def _sizes(text: str, encoding: Encoding) -> list[int]:
    if encoding == "ucs2":
        return [2 if letter > "\uffff" else 1 for letter in text]
    escaped = ESCAPED_IN_TURKISH if encoding == "gsm7-turkish" else ESCAPED
    return [2 if letter in escaped else 1 for letter in text]
