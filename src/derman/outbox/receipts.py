"""What providers report later: it arrived, or it will not."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from derman.outbox import results
from derman.outbox.models import Message
from derman.words.kinds import MessageState

BEFORE_RECEIPT = (MessageState.CLAIMED, MessageState.ACCEPTED, MessageState.UNKNOWN)


def find(channel: str, *, ours: UUID | None = None, ref: str = "") -> Message | None:
    """The message that a receipt is about, by our id or by the provider's reference."""
    messages = Message.objects.filter(channel=channel).select_related("case", "event")
    if ours is not None:
        return messages.filter(pk=ours).first()
    return messages.filter(provider_ref=ref).first() if ref else None


@transaction.atomic
def delivered(message: Message, *, at: datetime) -> None:
    """It arrived. A receipt that comes twice, or before our own record, changes nothing more."""
    was_sure = message.sent_at is not None
    changes = {"state": MessageState.DELIVERED, "delivered_at": at, "error": ""}
    if not was_sure:
        changes["sent_at"] = at
    if _change(message, **changes):
        if not was_sure:
            results.prove_acceptance(message, at)
        results.prove_delivery(message, at)


@transaction.atomic
def failed(message: Message, reason: str, *, at: datetime) -> None:
    """It will not arrive: the next wire of the notice has its turn."""
    if _change(message, state=MessageState.FAILED, error=reason[:300]):
        results.fall_back(message, at)


def _change(message: Message, **changes: object) -> int:
    waiting = Message.objects.filter(pk=message.pk, state__in=BEFORE_RECEIPT)
    return waiting.update(claim=None, lease_until=None, calling_at=None, **changes)
