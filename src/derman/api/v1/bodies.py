"""What other systems send. Unknown keys are refused; null counts as absent."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from derman.words.kinds import (
    Channel,
    ClosingReason,
    ContactOutcome,
    Decision,
    Kind,
    Language,
    Relation,
    ReplyChannel,
)

LONGEST = 100_000


def _readable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "Remove the character NUL from the text.")
    if not text.strip():
        raise PydanticCustomError("blank", "Enter a text.")
    return text


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "Remove the character NUL from the text.")
    return text


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("timezone", "Give the moment with its offset from UTC.")
    return value


Prose = Annotated[str, Field(max_length=LONGEST, min_length=1), AfterValidator(_readable)]
Optional = Annotated[str, Field(max_length=LONGEST), AfterValidator(_no_nul)]
Short = Annotated[str, Field(max_length=254), AfterValidator(_no_nul)]
AsText = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    Field(max_length=40),
    AfterValidator(_no_nul),
]
Moment = Annotated[datetime, AfterValidator(_moment)]


class Body(BaseModel):
    """A JSON object in which null means that the key was left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


class ApplicantBody(Body):
    """Who speaks. A phone number of any shape is kept."""

    name: Short = ""
    phone: Short = ""
    email: Short = ""
    tckn: AsText = ""
    relation: Relation | None = None


class AnsweredBody(Body):
    """The answer that was given while the applicant was there."""

    decision: Decision
    text: Prose


class CaseBody(Body):
    """An application as it was made."""

    channel: Channel
    kind: Kind | None = None
    topic: Annotated[str, Field(max_length=120), AfterValidator(_no_nul)]
    description: Prose
    proposal: Optional = ""
    language: Language | None = None
    reply_channel: ReplyChannel | None = None
    account_number: AsText = ""
    region: Annotated[str, Field(max_length=60), AfterValidator(_no_nul)] = ""
    applicant: ApplicantBody = ApplicantBody()
    answered: AnsweredBody | None = None


class Empty(Body):
    """Nothing needs to be said."""


class TaskBody(Body):
    unit: Annotated[str, Field(max_length=60), AfterValidator(_no_nul)]
    question: Prose
    due_at: Moment | None = None


class TextBody(Body):
    text: Prose


class ContactBody(Body):
    channel: Channel
    outcome: ContactOutcome
    note: Optional = ""


class ReplyBody(Body):
    text: Prose
    channel: ReplyChannel | None = None


class OutcomeBody(Body):
    decision: Decision
    text: Prose
    reason_code: Annotated[str, Field(max_length=60), AfterValidator(_no_nul)] = ""


class CloseBody(Body):
    reason: ClosingReason


class ReasonBody(Body):
    reason: Prose
