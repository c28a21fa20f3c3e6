"""What arrived where, as the demo's phones and mailboxes show it."""

from dataclasses import dataclass, field

from derman.lib.identifiers import normalise_email, parse_phone
from derman.outbox.models import Message
from derman.people.fields import digests_of
from derman.words.kinds import MessageState

SENT = (MessageState.ACCEPTED, MessageState.DELIVERED)
MOST = 300  # the latest messages that are looked at
DEVICES = 12


@dataclass
class Device:
    """A phone or a mailbox, with what arrived on it, newest last."""

    channel: str
    address: str
    messages: list[Message] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The address as people read it."""
        return parse_phone(self.address).national if self.channel == "sms" else self.address


def sent_to(to: str) -> list[Message]:
    """What was sent to an address, or to all where it is empty; newest last."""
    messages = Message.objects.filter(state__in=SENT).select_related("case", "event")
    if to:
        messages = messages.filter(
            address_index__in=digests_of(Message, "address_index", _normal(to))
        )
    return list(messages.order_by("-sent_at", "-queued_at", "-id")[:MOST])[::-1]


def devices(to: str = "") -> list[Device]:
    """The phones and mailboxes on which something arrived lately, the latest first."""
    found: dict[tuple[str, str], Device] = {}
    for message in reversed(sent_to(to)):
        key = (message.channel, message.address)
        if key not in found and len(found) == DEVICES:
            continue
        found.setdefault(key, Device(*key)).messages.insert(0, message)
    return list(found.values())


def _normal(to: str) -> str:
    if "@" in to:
        return normalise_email(to)
    return parse_phone(to).e164 or to
