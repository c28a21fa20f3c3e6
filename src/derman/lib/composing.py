"""Unicode's normal forms of text that anybody may send: the only place that asks for them.

Bringing marks on one letter into their order takes the square of their number, so that a hundred
thousand of them would keep a process busy for many seconds. No writing needs more than thirty
(Unicode's stream-safe text has the same limit).
"""

import unicodedata
from functools import lru_cache
from typing import Literal

MOST_MARKS = 30  # on one letter
SHORT = 200  # a text in which no number of marks costs anything
FIRST_MARK = "\u0300"


def normal(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """The text in this form; of marks on one letter those after the thirtieth are left out."""
    return unicodedata.normalize(form, thinned(text))


def thinned(text: str) -> str:
    """The text without marks that no reader could tell apart."""
    if len(text) <= SHORT or max(text) < FIRST_MARK:
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if is_mark(letter) else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


@lru_cache(maxsize=10_000)
def is_mark(letter: str) -> bool:
    """Whether it stands on the letter before it, itself or by what it is made of."""
    return unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]) != 0
