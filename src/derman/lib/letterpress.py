"""Typesetting a letter as PDF/UA-1: tagged, titled, in its language, with fonts of its own.

Typst is loaded when the first letter is set, reads nothing but the template beside this module and
downloads nothing. Texts reach it as data, so markup in them is shown and never run.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from derman.lib.composing import normal

Paragraphs = list[list[str]]  # each a list of lines

# Where the fonts inside have signs for nearly every letter; whatever else is shown as a box.
COVERED = ((0x20, 0x058F), (0x1E00, 0x20CF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x25A0, 0x25FF))
BOX = "□"


@dataclass(frozen=True)
class Sender:
    """Whose letter it is, and the lines under the name."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    text: Paragraphs


@dataclass(frozen=True)
class Place:
    """Somewhere to turn to: what it decides, then facts as name and value."""

    label: str
    decides: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class LetterText:
    """Everything a letter says, in one language."""

    language: str
    title: str
    sender: Sender
    to: list[str]
    date: str
    reference: str
    greeting: str
    opening: Paragraphs
    parts: list[Section]
    bodies_heading: str
    bodies: list[Place]
    closing: Paragraphs
    regards: str
    signed: str
    footer: str
    page: str  # such as "Page {page} of {pages}"


def paragraphs(text: str) -> Paragraphs:
    """Prose as it was typed: blank lines part paragraphs, single breaks stay breaks."""
    blocks: Paragraphs = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def plain(letter: LetterText) -> str:
    """What the letter says after its title, without its looks: to be read before it is set."""
    lines = [letter.greeting, *_lines(letter.opening)]
    for part in letter.parts:
        lines += [part.heading.upper(), *_lines(part.text)]
    if letter.bodies:
        lines.append(letter.bodies_heading.upper())
    for body in letter.bodies:
        facts = [f"{name}: {value}" for name, value in body.facts]
        lines.append("\n".join([body.label, body.decides, *facts]))
    lines += [*_lines(letter.closing), letter.regards, letter.signed]
    return "\n\n".join(lines)


def _lines(text: Paragraphs) -> list[str]:
    return ["\n".join(paragraph) for paragraph in text]


def pdf(letter: LetterText) -> bytes:
    """The letter as PDF/UA-1."""
    made: bytes = _set(letter, format="pdf", pdf_standards=["ua-1"])
    return made


def pictures(letter: LetterText) -> list[bytes]:
    """The pages as PNG, to look at."""
    made = _set(letter, format="png", ppi=80)
    return made if isinstance(made, list) else [made]


def _set(letter: LetterText, **how: Any) -> Any:
    import typst  # a large library, needed for letters only

    source = resources.files("derman.lib").joinpath("letter.typ").read_bytes()
    data = _through(asdict(letter), printable)

    def compiled(said: Any) -> Any:
        return typst.compile(
            source,
            sys_inputs={"letter": json.dumps(said)},
            ignore_system_fonts=True,
            **how,
        )

    try:
        return compiled(data)
    except typst.TypstError:  # a letter that the fonts have no sign for
        return compiled(_through(data, _boxed))


def _through(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _through(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_through(one, change) for one in value]
    return value


def printable(text: str) -> str:
    """Composed, and without what has no sign by nature: controls and marks of direction."""
    composed = normal("NFC", text)
    spaced = "".join(" " if one.isspace() and one != "\n" else one for one in composed)
    return "".join(one for one in spaced if one == "\n" or one.isprintable())


def _boxed(text: str) -> str:
    return "".join(one if _is_covered(one) else BOX for one in text)


def _is_covered(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in COVERED)
