"""From events to deliveries: one for each webhook that wants to know, in the worker's transaction.

What is said names the case and its state, never a person: whoever needs more asks the API.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from derman.api.models import Delivery, Webhook
from derman.cases.models import Case, Event
from derman.words.events import DISPATCHED, EventType

# The types of message, as other systems know them.
TYPES: dict[str, str] = {str(fact): f"case.{fact}" for fact in EventType if fact in DISPATCHED}
PING = "ping"


def queue(events: Sequence[Event], *, at: datetime) -> None:
    """Add the deliveries of these events; `derman.worker` hands this to the outbox."""
    hooks = list(Webhook.objects.filter(off_at=None))
    if not hooks:
        return
    rows = [
        Delivery(
            webhook=hook,
            event=event,
            type=TYPES[event.type],
            body=body_of(event),
            created_at=at,
            next_at=at,
        )
        for event in events
        for hook in hooks
        if hook.wants(TYPES[event.type])
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def ping(webhook: Webhook, *, at: datetime) -> Delivery:
    """A message without a case, to see whether the receiver is there."""
    body = _body(PING, at, {})
    return Delivery.objects.create(webhook=webhook, type=PING, body=body, created_at=at, next_at=at)


def body_of(event: Event) -> str:
    """The message about an event, with the case as it stands now."""
    return _body(TYPES[event.type], event.at, {"event": event.pk, **_said_of(event.case)})


def _body(type_: str, at: datetime, data: dict[str, object]) -> str:
    message = {"type": type_, "timestamp": at.isoformat(), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _said_of(case: Case) -> dict[str, object]:
    return {
        "number": case.number,
        "version": case.version,
        "state": case.state,
        "kind": case.kind,
        "channel": case.channel,
        "topic": case.topic,
        "unit": case.unit,
        "owner_unit": case.owner_unit,
        "priority": case.priority,
        "cycle": case.cycle,
        "decision": case.decision,
        "closing_reason": case.closing_reason,
        "received_at": case.received_at.isoformat(),
        "resolve_due_at": case.due_at.isoformat(),
    }
