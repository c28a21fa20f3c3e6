"""What the bulk cases say: the demo's texts, varied so that no two descriptions are alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from derman.demo import texts as demo
from derman.lib import turkish
from derman.lib.turkish import fold

# In one description of so many stands a word that few others hold, to be searched for.
RARE_WORD = "Kehribar"
RARE_EVERY = 5_000
COMMON_WORD = "sayaç"

T = TypeVar("T")


def pick(these: Sequence[T], random: Random) -> T:
    """One of them. `Random.choice` does it for cryptographers, at three times the price."""
    return these[int(random.random() * len(these))]


@dataclass(frozen=True)
class Said:
    """One description with the words in which a search finds it."""

    text: str
    words: str


@dataclass(frozen=True)
class Entry:
    """A text of the demo, ready for the table."""

    topic: str
    kind: str
    language: str
    text: str
    proposal: str
    words: str


class Texts:
    """The demo's texts of one organisation; `clean` writes a text as the table's loader wants."""

    def __init__(self, key: str, clean: Callable[[str], str]) -> None:
        found = demo.read(key)
        self.people = found.people
        self.entries = [
            Entry(
                topic=entry.topic,
                kind=str(entry.kind or ""),
                language=str(entry.language),
                text=clean(entry.text),
                proposal=clean(entry.proposal),
                words=_words(f"{entry.text} {entry.proposal}"),
            )
            for entry in found.entries
        ]
        self.questions = {
            topic: [clean(text) for text in texts] for topic, texts in found.questions.items()
        }
        self.endings = {
            topic: [(clean(end.answer), str(end.decision), clean(end.text)) for end in ends]
            for topic, ends in found.endings.items()
        }

    def name(self, random: Random) -> str:
        return f"{pick(self.people['first_names'], random)} {pick(self.people['surnames'], random)}"

    def address(self, random: Random) -> str:
        lists = self.people["addresses"]
        quarter, street = pick(lists["quarters"], random), pick(lists["streets"], random)
        return f"{quarter} Mahallesi, {street} No: {1 + int(random.random() * 148)}"

    def say(self, entry: Entry, index: int, address: str, names: str) -> Said:
        """The entry with a place and a meter of its own."""
        meter = f"{20_000_000 + index * 7919 % 79_999_999}"
        text = f"{entry.text} Adres: {address}, sayaç no {meter}."
        words = f"{entry.words} {_each(names)} {_each(address)} {meter}"
        if index % RARE_EVERY == 0:
            text, words = f"{text} {RARE_WORD} Apartmanı.", f"{words} {fold(RARE_WORD)}"
        return Said(text, words)


def _each(text: str) -> str:
    """Word by word, because the same few stand in many texts."""
    return " ".join([_words(word) for word in text.split()])


@lru_cache(maxsize=20_000)
def _words(text: str) -> str:
    return " ".join(turkish.words(text))
