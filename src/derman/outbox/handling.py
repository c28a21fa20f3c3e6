"""What people do with messages by hand: call one back, send one again."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.models import Dispatch, Event
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


@transaction.atomic
def call_back(event: Event, *, by: User, at: datetime) -> None:
    """Undo the sending of what was typed, while its undo window lasts: nobody is told."""
    waiting = Dispatch.objects.filter(event=event, done_at=None, not_before__gt=at)
    if not waiting.update(done_at=at):
        raise CannotHandle(_("It is too late: the message is on its way."))
    log.info("Event %s called back by user %s", event.pk, by.pk)


def retry(message: Message, *, by: User, at: datetime) -> None:
    """Queue a message again that failed, was cancelled, or that nobody confirmed."""
    stopped = Message.objects.filter(pk=message.pk, state__in=RETRIABLE, expires_at=None)
    again = {"state": MessageState.QUEUED, "attempts": 0, "next_at": at, "error": ""}
    if not stopped.update(claim=None, lease_until=None, calling_at=None, **again):
        raise CannotHandle(_("This message cannot be sent again."))
    log.info("Message %s queued again by user %s", message.pk, by.pk)
