"""What other systems send. Unknown keys are refused; null counts as absent."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

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
from derman.words.loop import ActionKind

LONGEST = 100_000
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]{5,20}(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})")
# In an address, the `+` of an offset that was not written as %2B arrives as a space.
LOST_PLUS = re.compile(r"([T ][0-9]{2}:[0-9]{2}[0-9:.]*) ([0-9]{2}:?[0-9]{2})$")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)")
# Years that stay years on every clock of the world.
EARLIEST, LATEST = 1900, 2200


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", _("Remove the character NUL from the text."))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise PydanticCustomError("unicode", _("The text holds half a character."))
    return text


def _readable(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", _("Enter a text."))
    return _storable(text)


def _digits_too(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and 0 <= value < 10**40 else value


def _with_offset(value: Any) -> Any:
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return value
    raise PydanticCustomError("moment", _("Give date, time and the offset from UTC (RFC 3339)."))


def within_reach(value: datetime) -> datetime:
    """The moment, unless no calendar of ours will ever meet it."""
    if not EARLIEST <= value.year <= LATEST:
        raise PydanticCustomError("moment", _("Give a year between 1900 and 2200."))
    return value


def _day_or_moment(value: Any) -> Any:
    if isinstance(value, str) and DAY.match(value):
        return LOST_PLUS.sub(r"\1+\2", value)
    raise PydanticCustomError("moment", _("Give a date, or date and time (ISO 8601)."))


Prose = Annotated[str, Field(max_length=LONGEST, min_length=1), AfterValidator(_readable)]
Optional = Annotated[str, Field(max_length=LONGEST), AfterValidator(_storable)]
Short = Annotated[str, Field(max_length=254), AfterValidator(_storable)]
AsText = Annotated[
    str,
    BeforeValidator(_digits_too),
    Field(max_length=40),
    AfterValidator(_storable),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "integer", "minimum": 0}]}
    ),
]
Moment = Annotated[datetime, BeforeValidator(_with_offset), AfterValidator(within_reach)]
DayOrMoment = Annotated[
    datetime,
    BeforeValidator(_day_or_moment),
    AfterValidator(within_reach),
    WithJsonSchema({"type": "string", "pattern": f"^$|^{DAY.pattern}", "example": "2026-03-01"}),
]


class Body(BaseModel):
    """A JSON object in which null means that the key was left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        found = handler.resolve_ref_schema(schema)
        for name, said in found.get("properties", {}).items():
            if name not in found.get("required", ()) and {"type": "null"} not in said.get(
                "anyOf", ()
            ):
                found["properties"][name] = {"anyOf": [said, {"type": "null"}]}
        return schema


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
    topic: Annotated[str, Field(max_length=120), AfterValidator(_storable)]
    description: Prose
    proposal: Optional = ""
    language: Language | None = None
    reply_channel: ReplyChannel | None = None
    account_number: AsText = ""
    region: Annotated[str, Field(max_length=60), AfterValidator(_storable)] = ""
    applicant: ApplicantBody = ApplicantBody()
    answered: AnsweredBody | None = None


class Empty(Body):
    """Nothing needs to be said."""


class TaskBody(Body):
    unit: Annotated[str, Field(max_length=60), AfterValidator(_storable)]
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


Unit = Annotated[str, Field(max_length=60), AfterValidator(_storable)]


Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class OutcomeBody(Body):
    """`evidence` is what the decision rests on; only colleagues read it. Some reasons need it."""

    decision: Decision
    text: Prose
    reason_code: Annotated[str, Field(max_length=60), AfterValidator(_storable)] = ""
    evidence: Optional = ""
    compensation: Money | None = None


class OfferBody(Body):
    """Told on a spoken channel (phone, branch, …), else sent as a link."""

    text: Prose
    channel: Literal["phone", "branch", "online", "visit"] | None = None
    compensation: Money | None = None


class ActionBody(Body):
    kind: ActionKind
    text: Prose
    owner_unit: Unit = ""
    due_at: Moment | None = None


class ProofBody(Body):
    proof: Prose


class ApproveBody(Body):
    note: Optional = ""


class DeclineBody(Body):
    note: Prose


class CloseBody(Body):
    reason: ClosingReason


class ReasonBody(Body):
    reason: Prose
