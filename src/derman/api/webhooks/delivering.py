"""Calling webhooks: several at once, a slow one holding up no other and no message to a person.

A delivery is claimed for `LEASE`, called by a thread, and its answer is written in a later round:
no round waits for a receiver. What died in between is called again under the same id, by which
receivers know a repeat.
"""

import logging
import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from derman.api.models import Delivery, Webhook
from derman.api.webhooks.calling import Answer, call
from derman.words.kinds import DeliveryState, OffReason

log = logging.getLogger(__name__)

# Three days, as Standard Webhooks advises: wait so long after each try that failed.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LEASE = timedelta(seconds=60)
AT_ONCE = 8  # calls in flight
EACH = 2  # of them to one receiver
MOMENT = 0.05  # seconds to wait for calls in flight
KEPT = timedelta(days=30)  # how long what ended can be looked at


class Deliveries:
    """The calls of one process, from round to round."""

    def __init__(self) -> None:
        self.flying: dict[Future[Answer], Delivery] = {}
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")

    def run(self, at: datetime, limit: int) -> int:
        """Write what landed, start what is due; returns how many are being dealt with."""
        landed = self._land(at)
        started = self._start(at, limit)
        return landed + started + len(self.flying)

    def _land(self, at: datetime) -> int:
        if not self.flying:
            return 0
        done, _ = wait(self.flying, timeout=MOMENT)
        for future in done:
            write(self.flying.pop(future), _said(future), at=at)
        return len(done)

    def _start(self, at: datetime, limit: int) -> int:
        free = min(AT_ONCE - len(self.flying), limit)
        busy = Counter(delivery.webhook_id for delivery in self.flying.values())
        claimed = claim(at, free, busy=busy) if free > 0 else []
        for delivery in claimed:
            hook = delivery.webhook
            future = self.pool.submit(
                call, hook.url, hook.secrets_at(at), id_=str(delivery.pk), body=delivery.body, at=at
            )
            self.flying[future] = delivery
        return len(claimed)


def _said(future: Future[Answer]) -> Answer:
    """The answer; a fault of ours is one too, so that it is counted and ends."""
    fault = future.exception()
    if fault is None:
        return future.result()
    log.error("A webhook could not be called", exc_info=fault)
    return Answer(None, type(fault).__name__)


_here = Deliveries()


def deliver_due(at: datetime, limit: int) -> int:
    """One round of this process; safe beside any number of other workers."""
    return _here.run(at, limit)


def claim(at: datetime, limit: int, *, busy: Counter[UUID]) -> list[Delivery]:
    """Take deliveries that are due, of each receiver no more than it may have at once."""
    waiting = Delivery.objects.filter(
        state=DeliveryState.WAITING, next_at__lte=at, webhook__off_at=None
    )
    if not waiting.exists():  # read before the write lock is taken
        return []
    hooks = waiting.order_by().values_list("webhook", flat=True).distinct()
    found: list[Delivery] = []
    with transaction.atomic():
        for hook in list(hooks):
            room = min(EACH - busy[hook], limit - len(found))
            if room <= 0:
                continue
            rows = waiting.filter(webhook=hook).select_related("webhook").order_by("next_at", "id")
            found += rows.select_for_update(skip_locked=True, of=("self",))[:room]
        Delivery.objects.filter(pk__in=[row.pk for row in found]).update(next_at=at + LEASE)
    return found


@transaction.atomic
def write(delivery: Delivery, answer: Answer, *, at: datetime) -> None:
    """What came of a call: done, again later, given up, or the webhook switched off.

    Nothing where another worker, who took over a call that lasted too long, has written already.
    """
    waiting = Delivery.objects.select_for_update().filter(state=DeliveryState.WAITING)
    if not waiting.filter(pk=delivery.pk).exists():
        return
    delivery.attempts += 1
    delivery.status, delivery.error = answer.status, answer.error[:200]
    if answer.is_good:
        delivery.state, delivery.ended_at = DeliveryState.DELIVERED, at
    elif answer.is_gone or delivery.attempts > len(WAITS):
        delivery.state, delivery.ended_at = DeliveryState.FAILED, at
        if answer.is_gone:
            _switch_off(delivery, OffReason.GONE, at)
        elif not _has_heard_since(delivery):
            _switch_off(delivery, OffReason.FAILING, at)
    else:
        delivery.next_at = at + max(_pause(delivery.attempts), answer.wait or timedelta())
    delivery.save(update_fields=["attempts", "status", "error", "state", "ended_at", "next_at"])


def _has_heard_since(delivery: Delivery) -> bool:
    """Whether the receiver took a younger message: then only this one displeases it."""
    return Delivery.objects.filter(
        webhook=delivery.webhook_id,
        state=DeliveryState.DELIVERED,
        ended_at__gte=delivery.created_at,
    ).exists()


def _switch_off(delivery: Delivery, reason: OffReason, at: datetime) -> None:
    Webhook.objects.filter(pk=delivery.webhook_id, off_at=None).update(off_at=at, off_reason=reason)


def again(delivery: Delivery, *, at: datetime) -> None:
    """Call it once more, now, because somebody asked for it."""
    delivery.state, delivery.ended_at = DeliveryState.WAITING, None
    delivery.attempts, delivery.next_at = 0, at
    delivery.save(update_fields=["state", "ended_at", "attempts", "next_at"])


def forget(*, at: datetime) -> None:
    """Drop what ended long ago."""
    Delivery.objects.filter(ended_at__lt=at - KEPT).delete()


def _pause(attempts: int) -> timedelta:
    """With some chance in it, so that many do not come back at once."""
    return WAITS[attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311 (no secret)
