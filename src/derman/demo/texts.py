"""What people say in the demo: read from the preset's `demo/` folder, as plain data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from derman.lib import turkish
from derman.profile import presets
from derman.words.kinds import ClosingReason, Decision, Kind, Language

COMMON = Path(__file__).with_name("loop.toml")


class NoDemo(Exception):
    """The organisation has no demo texts; the message says so."""


@dataclass(frozen=True)
class Entry:
    """What somebody wrote, and how it ends where the text itself asks for one ending."""

    topic: str
    language: Language
    text: str
    proposal: str = ""
    kind: Kind | None = None
    special: bool = False
    answer: str = ""
    decision: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Ending:
    """A unit's answer, and what the applicant is told because of it."""

    answer: str
    decision: Decision
    text: str


@dataclass(frozen=True)
class Texts:
    """Everything that is said in one organisation's demo."""

    entries: tuple[Entry, ...]
    questions: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, tuple[Ending, ...]]
    strays: Mapping[str, tuple[Entry, ...]]
    phrases: Mapping[str, Any]
    people: Mapping[str, Any]
    staff: tuple[Mapping[str, Any], ...]
    articles: tuple[Mapping[str, Any], ...] = ()

    def question(self, topic: str, random: Random) -> str:
        """What a unit is asked about this topic."""
        return random.choice(self.questions[topic])

    def ending(self, entry: Entry, random: Random) -> Ending:
        """How this matter ends."""
        if entry.outcome:
            answer = entry.answer or self.internal("answers", random)
            return Ending(answer, Decision(entry.decision), entry.outcome)
        if entry.language is not Language.TURKISH:
            raise ValueError(f"in {entry.language} an entry has its own outcome: {entry.text[:40]}")
        endings = self.endings[entry.topic]
        return random.choices(endings, [1 + _likeness(entry, one) ** 2 for one in endings])[0]

    def internal(self, what: str, random: Random) -> str:
        """Something that staff write among themselves."""
        return str(random.choice(self.phrases["internal"][what]))

    def outward(self, what: str, language: str, turn: int) -> str:
        """Something between us and the applicant, in their language; each turn another one."""
        found: Any = self.phrases
        for step in what.split("."):
            found = found[step]
        return str(found[language][turn % len(found[language])]).strip()


def read(key: str) -> Texts:
    """The texts of the organisation with this key; NoDemo when its preset brings none."""
    folder = presets.SHIPPED / key / "demo"
    if not (folder / "staff.toml").exists():
        raise NoDemo(f"There are no demo cases for {key} yet.")
    found = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.toml"))
    }
    pool = {
        f"{main}.{sub}": texts
        for main, subs in found["answers"].items()
        for sub, texts in subs.items()
    }
    results, strays = (found["phrases"].pop(name) for name in ("results", "strays"))
    phrases = _with_common(found["phrases"])
    return Texts(
        entries=tuple(
            _entry(row)
            for name in ("complaints", "complaints-other")
            for row in found[name]["complaints"]
        ),
        questions={
            topic: tuple(map(str.strip, texts["questions"])) for topic, texts in pool.items()
        },
        endings={
            topic: _endings(texts, results.get(topic, range(len(texts["answers"]))))
            for topic, texts in pool.items()
        },
        strays={
            reason: tuple(_stray(row) for row in strays if row["reason"] == reason)
            for reason in (ClosingReason.NOT_OURS, ClosingReason.INVALID)
        },
        phrases=phrases,
        people=found["people"],
        staff=tuple(found["staff"]["staff"]),
        articles=tuple(found.get("articles", {}).get("articles", ())),
    )


def _with_common(phrases: dict[str, Any]) -> dict[str, Any]:
    """With what every organisation says; its own words win."""
    common = tomllib.loads(COMMON.read_text(encoding="utf-8"))
    internal = {**common.pop("internal"), **phrases["internal"]}
    return {**common, **phrases, "internal": internal}


def _entry(row: dict[str, Any]) -> Entry:
    said: dict[str, Any] = {
        key: value.strip() if isinstance(value, str) else value for key, value in row.items()
    }
    kind = said.pop("kind", None)
    return Entry(language=Language(said.pop("language")), kind=Kind(kind) if kind else None, **said)


def _stray(row: dict[str, str]) -> Entry:
    return Entry(row["topic"], Language.TURKISH, row["text"].strip())


def _likeness(entry: Entry, ending: Ending) -> int:
    """How many words a text shares with one of its topic's endings."""
    said = set(turkish.words(f"{entry.text} {entry.proposal}"))
    return len(said & set(turkish.words(f"{ending.answer} {ending.text}")))


def _endings(texts: dict[str, Any], results: Any) -> tuple[Ending, ...]:
    """Pair each answer with the outcome that `results` names; those without one are left out."""
    outcomes = texts["outcomes"]
    return tuple(
        Ending(
            answer.strip(),
            Decision(outcomes[result]["decision"]),
            outcomes[result]["text"].strip(),
        )
        for answer, result in zip(texts["answers"], results, strict=True)
        if 0 <= result < len(outcomes)
    )
