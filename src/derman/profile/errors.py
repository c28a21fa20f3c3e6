"""What is wrong with a profile, and where: file, line and key."""

from dataclasses import dataclass

from derman.profile.layout import Path


class Sentence(str):
    """What is wrong, in English; it keeps its pattern and values, so that a page can translate it.

    A value that is itself a pattern (see `hints.KINDS`) is translated as well.
    """

    pattern: str
    values: dict[str, str]


def say(pattern: str, **values: object) -> Sentence:
    """Fill a pattern that was marked for translation."""
    texts = {name: str(value) for name, value in values.items()}
    sentence = Sentence(pattern.format(**texts))
    sentence.pattern, sentence.values = pattern, texts
    return sentence


@dataclass(frozen=True, order=True)
class ProfileError:
    """One mistake in a profile's folder."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.message}"


@dataclass(frozen=True)
class Finding:
    """One mistake in a document: the path to it and, in a long text, how many lines further on."""

    path: Path
    message: str
    line: int = 0


class InvalidProfile(Exception):
    """The profile cannot be used; `errors` holds everything that is wrong with it."""

    def __init__(self, errors: list[ProfileError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(str(error) for error in self.errors))
