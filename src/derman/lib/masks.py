"""Personal numbers made unreadable for those who need not know them.

Masks keep what people need to recognise their own number. `mask_in_text` covers what is certain
by a checksum (TCKN, IBAN, payment card) and Turkish phone numbers written in free text; case and
account numbers stay, but for about one in a hundred that happens to satisfy a checksum.
"""

import re
from collections.abc import Callable, Iterator

from derman.lib.identifiers import is_tckn, parse_phone

DOT = "•"
DIGIT = r"[0-9]"
GAP = r"[ .\-\u00a0]?"
ALONE = rf"(?<!{DIGIT}){{}}(?!{DIGIT})"

TCKN = re.compile(ALONE.format(rf"[1-9](?:{GAP}{DIGIT}){{10}}"))
CARD = re.compile(ALONE.format(rf"{DIGIT}(?:{GAP}{DIGIT}){{14,15}}"))
CARD_START = re.compile(r"3[47][0-9]{13}|(4|5[1-5]|2[2-7]|6011|65|9792)[0-9]+")
# A country's IBANs all have one length; countries that customers here bank in.
IBAN_LENGTHS = {
    "TR": 26,
    "DE": 22,
    "AT": 20,
    "CH": 21,
    "LI": 21,
    "NL": 18,
    "BE": 16,
    "LU": 20,
    "FR": 27,
    "GB": 22,
    "IE": 22,
    "IT": 27,
    "ES": 24,
    "PT": 25,
    "GR": 27,
    "CY": 28,
    "MT": 31,
    "DK": 18,
    "NO": 15,
    "SE": 24,
    "FI": 18,
    "EE": 20,
    "LV": 21,
    "LT": 20,
    "PL": 28,
    "CZ": 24,
    "SK": 24,
    "HU": 28,
    "RO": 24,
    "BG": 22,
    "HR": 21,
    "SI": 19,
    "RS": 22,
    "BA": 20,
    "ME": 22,
    "MK": 19,
    "AL": 28,
    "XK": 20,
    "MD": 24,
    "UA": 29,
    "GE": 22,
    "AZ": 28,
    "KZ": 20,
    "IL": 23,
    "JO": 30,
    "KW": 30,
    "QA": 29,
    "SA": 24,
    "AE": 23,
    "BH": 22,
    "LB": 28,
    "IS": 26,
    "MC": 27,
    "SM": 27,
}
IBAN = re.compile(
    "(?<![A-Z0-9])(?:"
    + "|".join(
        rf"{country}{DIGIT}{{2}}(?: ?[A-Z0-9]){{{length - 4}}}"
        for country, length in IBAN_LENGTHS.items()
    )
    + ")(?![A-Z0-9])",
    re.IGNORECASE,
)
PHONE = re.compile(
    ALONE.format(
        r"(?:(?:\+|00)90 ?|0)?\(?0?5[03-6][0-9]\)?"
        + rf"{GAP}{DIGIT}{{3}}{GAP}{DIGIT}{{2}}{GAP}{DIGIT}{{2}}"
    )
    + "|"
    + ALONE.format(
        r"(?:(?:\+|00)90 ?|\(?0)\(?[2-4][0-9]{2}\)?"
        + rf"{GAP}{DIGIT}{{3}}{GAP}{DIGIT}{{2}}{GAP}{DIGIT}{{2}}"
    )
)


def mask_phone(number: str) -> str:
    """0532 ••• •• 67: the operator or area and the last two digits stay."""
    phone = parse_phone(number)
    if phone.kind == "service" and phone.e164 is None:
        return phone.national  # 153 is nobody's own
    shown = phone.national
    places = [place for place, letter in enumerate(shown) if letter.isalnum()]
    open_places = {*places[:4], *places[-2:]} if len(places) > 8 else set(places[-2:])
    if len(places) < 6:
        open_places = set()
    return "".join(
        DOT if letter.isalnum() and place not in open_places else letter
        for place, letter in enumerate(shown)
    )


def mask_tckn(number: str) -> str:
    """172•••••60; for tax numbers as well."""
    return _ends(number, 3, 2)


def mask_email(address: str) -> str:
    """a•••@ornek.com: of the name before the @ the first letter stays."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{DOT * 3}{at}{domain}" if name else _ends(address, 1, 0)


def mask_in_text(text: str) -> str:
    """The text with every identity number, IBAN, card and Turkish phone number masked."""
    for find, mask in (
        (_ibans, lambda found: _ends(found, 2, 2)),
        (_cards, lambda found: _ends(found, 0, 4)),
        (_tckns, lambda found: mask_tckn(_digits(found))),
        (_phones, mask_phone),
    ):
        text = _replaced(text, find(text), mask)
    return text


def _replaced(text: str, places: Iterator[tuple[int, int]], mask: Callable[[str], str]) -> str:
    pieces, done = [], 0
    for start, end in places:
        pieces += [text[done:start], mask(text[start:end])]
        done = end
    return "".join((*pieces, text[done:]))


def _matches(
    pattern: re.Pattern[str], holds: Callable[[str], bool], text: str
) -> Iterator[tuple[int, int]]:
    """Where the pattern matches and its checksum holds; a wrong match hides no right one in it."""
    place = 0
    while match := pattern.search(text, place):
        if holds(match[0]):
            yield match.span()
            place = match.end()
        else:
            place = match.start() + 1


def _tckns(text: str) -> Iterator[tuple[int, int]]:
    return _matches(TCKN, lambda found: is_tckn(_digits(found)), text)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    return _matches(CARD, _is_card, text)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    return _matches(PHONE, lambda _: True, text)


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    return _matches(IBAN, _is_iban, text)


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    digits = _digits(text)
    if not CARD_START.fullmatch(digits) or (len(digits) == 15) != digits.startswith("3"):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _ends(text: str, first: int, last: int) -> str:
    """The ends of a text with five dots between; only dots when nothing would be hidden."""
    if len(text) < first + last + 4:
        return DOT * len(text)
    return text[:first] + DOT * 5 + (text[-last:] if last else "")
