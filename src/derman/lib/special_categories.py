"""Notices sensitive personal data in a text, so that whoever writes it can be warned.

The categories are those of KVKK art. 6 for Turkish and of GDPR art. 9 and 10 for German and
English, which know neither dress nor membership of an association. A list of words cannot know
what a sentence means: a hit is a reason to ask the writer, never to refuse or to decide.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from derman.lib.special_words import WORDS
from derman.lib.turkish import fold

DEFAULT_LANGUAGE = "en"
TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Hit:
    """A place in the text, as given, that may tell something of this category."""

    category: str
    start: int
    end: int


def categories(language: str) -> frozenset[str]:
    return frozenset(_words(language))


def find(text: str, language: str) -> list[Hit]:
    """Every place that may tell something sensitive, in the order of the text."""
    tokens = [(match.start(), match.end(), fold(match[0])) for match in TOKEN.finditer(text)]
    starts, folded, length = [], [], 0
    for _, _, word in tokens:
        starts.append(length)
        folded.append(word)
        length += len(word) + 1
    hits = []
    for match in _pattern(language).finditer(" ".join(folded)):
        first = bisect_right(starts, match.start()) - 1
        last = bisect_right(starts, match.end() - 1) - 1
        hits.append(Hit(match.lastgroup or "", tokens[first][0], tokens[last][1]))
    return hits


def _words(language: str) -> dict[str, list[str]]:
    lists = WORDS.get(language, WORDS[DEFAULT_LANGUAGE])
    return {
        category: [entry for part in re.split(r"[;\n]", text) if (entry := part.strip())]
        for category, text in lists.items()
    }


@lru_cache(maxsize=8)
def _pattern(language: str) -> re.Pattern[str]:
    groups = []
    for category, entries in _words(language).items():
        # Longer entries first: "hasta var" before a shorter word that it begins with.
        folded = sorted({_folded(entry) for entry in entries}, key=len, reverse=True)
        groups.append(f"(?P<{category}>{'|'.join(folded)})")
    return re.compile(rf"(?<!\S)(?:{'|'.join(groups)})(?!\S)")


def _folded(entry: str) -> str:
    plain = re.escape(fold(entry.removesuffix("*")))
    return plain + (r"\S*" if entry.endswith("*") else "")
