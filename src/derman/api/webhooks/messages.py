"""What a message to another system says, and how the OpenAPI document describes it.

It names the case and its state, never a person: whoever needs more asks the API.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from derman.cases.models import Event
from derman.words.events import DISPATCHED, EventType
from derman.words.kinds import Channel, ClosingReason, Decision, Kind, Priority
from derman.words.life import State

# The types of message, as other systems know them.
TYPES: dict[str, str] = {str(fact): f"case.{fact}" for fact in sorted(DISPATCHED)}
PING = "ping"


class WebhookCase(BaseModel):
    """The case as it stood when the message was written."""

    event: int = Field(description="Of what happened; a higher one happened later.")
    number: str
    version: int = Field(description="Read the case again where yours is lower.")
    state: State
    kind: Kind
    channel: Channel
    topic: str
    unit: str
    owner_unit: str
    priority: Priority
    cycle: int
    decision: Decision | Literal[""] = Field(description="Empty until there is one.")
    closing_reason: ClosingReason | Literal[""] = Field(description="Empty until it is closed.")
    received_at: datetime
    resolve_due_at: datetime


class WebhookMessage(BaseModel):
    """One message about one case."""

    type: str
    timestamp: datetime = Field(description="When it happened, however late it is told.")
    data: WebhookCase


class WebhookNothing(BaseModel):
    """Nothing: a trial message is about no case."""


class WebhookTrial(BaseModel):
    """A trial message."""

    type: str
    timestamp: datetime
    data: WebhookNothing


class WebhookHeaders(BaseModel):
    """By which the receiver knows a repeat and a forgery (Standard Webhooks)."""

    id: UUID = Field(alias="webhook-id", description="The message's; the same for every try.")
    timestamp: int = Field(alias="webhook-timestamp", description="Of this try; Unix seconds.")
    signature: str = Field(
        alias="webhook-signature",
        description="`v1,` and Base64 of HMAC-SHA256; several with spaces between them.",
    )


def of_event(event: Event) -> str:
    """The body of the message about an event."""
    case = event.case
    told = WebhookCase(
        event=event.pk,
        number=case.number,
        version=case.version,
        state=State(case.state),
        kind=Kind(case.kind),
        channel=Channel(case.channel),
        topic=case.topic,
        unit=case.unit,
        owner_unit=case.owner_unit,
        priority=Priority(case.priority),
        cycle=case.cycle,
        decision=Decision(case.decision) if case.decision else "",
        closing_reason=ClosingReason(case.closing_reason) if case.closing_reason else "",
        received_at=case.received_at,
        resolve_due_at=case.due_at,
    )
    return WebhookMessage(type=TYPES[event.type], timestamp=event.at, data=told).model_dump_json()


def of_trial(at: datetime) -> str:
    """The body of a trial message."""
    return WebhookTrial(type=PING, timestamp=at, data=WebhookNothing()).model_dump_json()


def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """The `webhooks` of the OpenAPI document, and the schemas that they name."""
    models: list[Any] = [(WebhookMessage, "serialization"), (WebhookTrial, "serialization")]
    found, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")
    body, ping = (found[model]["$ref"] for model in models)
    about = {TYPES[fact]: (EventType(fact).label, body) for fact in TYPES}
    about[PING] = ("Trial message", ping)
    hooks = {
        type_: {"post": _operation(type_, label, ref)} for type_, (label, ref) in about.items()
    }
    return hooks, definitions["$defs"]


def _operation(type_: str, label: str, ref: str) -> dict[str, Any]:
    body = {"allOf": [{"$ref": ref}, {"properties": {"type": {"const": type_}}}]}
    return {
        "operationId": f"told_{type_.replace('.', '_')}",
        "summary": label,
        "tags": ["webhooks"],
        "security": [],
        "parameters": _headers(),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Taken; nobody reads the body"},
            "410": {"description": "Not wanted any more: the webhook is switched off"},
            "default": {"description": "Told again, for about three days"},
        },
    }


def _headers() -> list[dict[str, Any]]:
    schema = WebhookHeaders.model_json_schema()
    return [
        {
            "in": "header",
            "name": name,
            "required": True,
            "description": said["description"],
            "schema": {key: said[key] for key in ("type", "format") if key in said},
        }
        for name, said in schema["properties"].items()
    ]
