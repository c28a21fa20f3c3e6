"""What people do with messages by hand: cancel one, send one again."""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.outbox.models import Message
from derman.words.kinds import MessageState

log = logging.getLogger("derman.outbox")

RETRIABLE = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.CANCELLED)


class CannotHandle(Exception):
    """The message is past that; the text is fit for the user."""


def cancel(message: Message, *, by: User, at: datetime) -> None:
    """Keep a queued message from leaving."""
    queued = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    if not queued.update(state=MessageState.CANCELLED, error=""):
        raise CannotHandle(_("The message has left already, or was cancelled before."))
    log.info("Message %s cancelled by user %s", message.pk, by.pk)


def retry(message: Message, *, by: User, at: datetime) -> None:
    """Queue a message again that failed, was cancelled, or that nobody confirmed."""
    stopped = Message.objects.filter(pk=message.pk, state__in=RETRIABLE, expires_at=None)
    again = {"state": MessageState.QUEUED, "attempts": 0, "next_at": at, "error": ""}
    if not stopped.update(claim=None, lease_until=None, calling_at=None, **again):
        raise CannotHandle(_("This message cannot be sent again."))
    log.info("Message %s queued again by user %s", message.pk, by.pk)
