"""Turkish text: letter case, and folding for search and comparison.

Python's own `lower` and `upper` do not know that Turkish pairs ı with I and i with İ. Folded text
is for matching only and is never shown. Indexes hold it: changing `fold` means building them anew.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import snowballstemmer

from derman.lib.composing import normal

LONGEST_TOKEN = 40
MOST_TOKENS = 2_000
MOST_TERMS = 8

CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
PLAIN = str.maketrans("ıİşŞğĞçÇöÖüÜâÂîÎûÛ", "iIsSgGcCoOuUaAiIuU") | str.maketrans({"ß": "ss"})
FOLDING = PLAIN | CONTROLS
# A word; what follows an apostrophe is a suffix of a name (Isparta'da) and tells nothing.
TOKEN = re.compile(r"([^\W_]+)(?:['’][^\W_]+)?")

_of_thread = threading.local()


def lower_tr(text: str) -> str:
    composed = normal("NFC", text)
    return composed.replace("I", "ı").replace("İ", "i").lower()


def upper_tr(text: str) -> str:
    return normal("NFC", text).replace("i", "İ").upper()


def fold(text: str) -> str:
    """One spelling for all that look alike to a Turkish or German reader: ISPARTA is isparta.

    Case, dots, accents, kind and number of blanks, and invisible characters are levelled.
    """
    text = text.translate(FOLDING)
    if not text.isascii():
        text = _fold_rest(text)
    return " ".join(text.lower().split())


def words(text: str) -> list[str]:
    """What a search index keeps of a text: each distinct word folded, and its folded stem."""
    found: dict[str, None] = {}
    for token in islice(tokens(text), MOST_TOKENS):
        found.update(dict.fromkeys(_forms(token)))
    return list(found)


def search_terms(query: str) -> list[tuple[str, ...]]:
    """The words of a query, each with the forms of which a match must hold one, as typed first."""
    terms = dict.fromkeys(_forms(token) for token in tokens(query))
    return list(islice(terms, MOST_TERMS))


def _fold_rest(text: str) -> str:
    """The same for the scripts and signs that the short table does not know."""
    previous = None
    while text != previous:  # folding one character may bring out another one
        previous = text
        text = normal("NFKD", text).casefold().translate(FOLDING)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
    return text


def tokens(text: str) -> Iterator[str]:
    """The words of a text in small letters, without what follows an apostrophe."""
    for match in TOKEN.finditer(lower_tr(text)):
        yield match[1][:LONGEST_TOKEN]


@lru_cache(maxsize=20_000)
def _forms(token: str) -> tuple[str, ...]:
    forms = (fold(token), fold(_stem(token)))
    return tuple(dict.fromkeys(form.replace(" ", "") for form in forms if form))


def _stem(token: str) -> str:
    # A stemmer keeps the word it works on in itself, so each thread has its own.
    if not hasattr(_of_thread, "stemmer"):
        _of_thread.stemmer = snowballstemmer.stemmer("turkish")
    return str(_of_thread.stemmer.stemWord(token))
