"""Numbers that name people, cases and places to reach somebody: read, check, make, show.

Nothing here refuses a complaint: an unreadable phone number stays as it was typed. A checksum
proves that a number is well formed, never whose it is.
"""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from derman.lib.composing import normal

PhoneKind = Literal["mobile", "fixed", "uan", "service", "unknown"]

# Damm's table: the check digit catches every wrong digit and every swap of neighbours.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
NUMBER_LENGTHS = (9, 12)

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OoIiLlıİ", "00111111")
KEY_LENGTH = 4

SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015/_()]+")
SHORT_NUMBER = re.compile(r"[1-9][0-9]{2,5}")  # 153, 186, an operator's 6616
TURKISH_MOBILE = re.compile(r"5[0-9]{9}")
KINDS: dict[int, PhoneKind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.VOIP: "fixed",
    PhoneNumberType.UAN: "uan",
    PhoneNumberType.TOLL_FREE: "service",
    PhoneNumberType.SHARED_COST: "service",
    PhoneNumberType.PREMIUM_RATE: "service",
}


# People and organisations


def is_tckn(digits: str) -> bool:
    """Is this a well-formed Turkish identity number (also those of foreigners)?"""
    if not _are_digits(digits, 11) or digits[0] == "0":
        return False
    d = [int(digit) for digit in digits]
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return d[9] == tenth and d[10] == sum(d[:10]) % 10


def is_vkn(digits: str) -> bool:
    """Is this a well-formed Turkish tax number?"""
    if not _are_digits(digits, 10):
        return False
    total = 0
    for place, digit in enumerate(digits[:9]):
        shifted = (int(digit) + 9 - place) % 10
        total += (shifted * 2 ** (9 - place) % 9 or 9) if shifted else 0
    return int(digits[9]) == -total % 10


def read_tckn(text: str) -> str | None:
    """The eleven digits of an identity number however it was typed, if they are well formed."""
    digits = _compact(text)
    return digits if is_tckn(digits) else None


def read_vkn(text: str) -> str | None:
    digits = _compact(text)
    return digits if is_vkn(digits) else None


# Places to reach somebody


@dataclass(frozen=True)
class Phone:
    """A phone number as typed, and what could be made of it."""

    e164: str | None
    raw: str
    kind: PhoneKind
    national: str
    """How to show it: as people in the region write it, abroad with its country code."""

    @property
    def key(self) -> str:
        """What to compare and index it by; never empty when anything was typed."""
        return self.e164 or _compact(self.raw).lower()


def parse_phone(raw: str, region: str = "TR") -> Phone:
    """Make what can be made of a phone number; this never fails."""
    short = _compact(raw)
    if SHORT_NUMBER.fullmatch(short):
        return Phone(None, raw, "service", short)
    number = _parsed(raw, region)
    if number is None:
        return Phone(None, raw, "unknown", " ".join(raw.split()))
    number.extension = None  # a message goes to the number; the extension stays in `raw`
    kind = KINDS.get(phonenumbers.number_type(number), "unknown")
    if kind == "unknown" and _looks_turkish_mobile(number):
        kind = "mobile"
    home = number.country_code == phonenumbers.country_code_for_region(region)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(number, style)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, raw, kind, shown)


def normalise_email(raw: str) -> str:
    """One spelling for an e-mail address, to compare and index it by.

    Letter case is levelled on both sides of the @: two people whose addresses differ only in it
    are rarer than one person who types it differently.
    """
    text = normal("NFKC", raw).strip().replace("İ", "i")
    return normal("NFKC", text.lower())


# Cases


def new_number(random: Random, digits: int = 9) -> str:
    """A case number whose last digit checks the others; the caller sees to it that it is free."""
    if digits not in NUMBER_LENGTHS:
        raise ValueError(f"a case number has {NUMBER_LENGTHS} digits, not {digits}")
    return with_check_digit(str(random.randrange(10 ** (digits - 2), 10 ** (digits - 1))))


def with_check_digit(body: str) -> str:
    """A case number of these digits and the one that checks them."""
    return body + str(_damm(body))


def read_number(text: str) -> str | None:
    """The digits of a case number as people type or read it aloud; nothing when it is wrong."""
    digits = _compact(text).removeprefix("#")
    well_formed = len(digits) in NUMBER_LENGTHS and _are_digits(digits, len(digits))
    return digits if well_formed and digits[0] != "0" and _damm(digits) == 0 else None


def group_number(number: str) -> str:
    """264839172 as 264 839 172."""
    return " ".join(number[place : place + 3] for place in range(0, len(number), 3))


def new_follow_key(random: Random) -> str:
    """The key that goes with a case number on a receipt: short, and hard to misread."""
    return "".join(random.choice(CROCKFORD) for _ in range(KEY_LENGTH))


def read_follow_key(text: str) -> str | None:
    """A key as somebody typed it: small letters, O for 0, I or L for 1, blanks within."""
    key = _compact(text).translate(MISREAD).upper()
    return key if len(key) == KEY_LENGTH and set(key) <= set(CROCKFORD) else None


def _parsed(raw: str, region: str) -> PhoneNumber | None:
    """The number in the text; when the text holds more than one number, the first."""
    number = _read(raw, region)
    if number is None:
        matches = phonenumbers.PhoneNumberMatcher(raw[:250], region)
        number = next((match.number for match in matches), None)
    return number


def _read(raw: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    # The list of valid ranges grows with the library's releases: what is possible, and either
    # looks like a mobile number or was written with its country code, is taken as well.
    abroad = raw.strip().startswith(("+", "00")) and phonenumbers.is_possible_number(number)
    valid = phonenumbers.is_valid_number(number)
    return number if valid or abroad or _looks_turkish_mobile(number) else None


def _looks_turkish_mobile(number: PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    return number.country_code == 90 and TURKISH_MOBILE.fullmatch(national) is not None


def _compact(text: str) -> str:
    """Without blanks and separators, with digits of other scripts as ours."""
    return SEPARATORS.sub("", "".join(_digit(letter) for letter in text))


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _are_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdecimal()


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim
