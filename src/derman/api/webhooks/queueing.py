"""From events to deliveries, one for each webhook that wants to know, as the worker expands."""

from collections.abc import Sequence
from datetime import datetime

from derman.api.models import Delivery, Webhook
from derman.api.webhooks import messages
from derman.api.webhooks.messages import PING, TYPES
from derman.cases.models import Event


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
            body=messages.of_event(event),
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
    return Delivery.objects.create(
        webhook=webhook, type=PING, body=messages.of_trial(at), created_at=at, next_at=at
    )
