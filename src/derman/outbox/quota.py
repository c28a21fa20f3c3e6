"""Nobody can use our forms to flood a stranger's phone: receipts to one address have a limit.

It holds for cases that an applicant opened without us; what staff or another system registers has
been through their hands.
"""

from datetime import datetime, timedelta

from derman.outbox.models import Message
from derman.people.fields import digests_of
from derman.words.events import EventType
from derman.words.kinds import MessageState

RECEIPTS = 10
WITHIN = timedelta(hours=1)
WHY = "Too many receipts to this address within an hour."


def is_used_up(message: Message, at: datetime) -> bool:
    """Whether this receipt, not saved yet, would be one too many."""
    event = message.event
    if event is None or event.type != EventType.OPENED or event.by_id is not None:
        return False
    if message.recipient != "applicant":
        return False
    lately = Message.objects.filter(
        address_index__in=digests_of(Message, "address_index", message.address),
        template=message.template,
        queued_at__gt=at - WITHIN,
    ).exclude(state=MessageState.CANCELLED)
    return lately.values("pk")[:RECEIPTS].count() >= RECEIPTS
