"""The small types that every part of a profile is made of. Pure pydantic; knows no Django."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from derman.lib.worktime import Budget
from derman.words.kinds import Language

# A permanent name where a unit, topic, line, … is declared.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=29)]

# A reference to such a name. Dots part a topic from its sub-topic.
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=60)]


def _plain(value: object) -> object:
    """One kind of line break, and no mark of byte order, as in a text file that was read."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


# Prose without blank space around it, so that a text file holds exactly what the document does.
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000),
    BeforeValidator(_plain),
]


def _in_order(text: dict[Language, str]) -> dict[Language, str]:
    return {language: text[language] for language in Language if language in text}


# A text that a person may read, in every language of the organisation.
Text = Annotated[dict[Language, Prose], AfterValidator(_in_order)]


def _budget(value: object) -> object:
    return Budget.parse(value) if isinstance(value, str) else value


# An amount of time as people write it: "24 hours", "8 working hours", "10 working days".
Time = Annotated[Budget, BeforeValidator(_budget), PlainSerializer(str, return_type=str)]

WebAddress = Annotated[str, Field(pattern=r"^https://[^\s/?#]+\.[^\s]+$", max_length=500)]


class Part(BaseModel):
    """A table of a profile: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
