"""Handing queued messages to the providers. Only `channels` talk; here is when, and what then.

A message is claimed for `LEASE`, then marked as being called, then called, then its result is
written, each in a transaction of its own; none is open during the call. Whatever dies in between is
found by `recover_leases`: a message not yet marked goes back to the queue, a marked one only when
its transport says that a repeat does no harm; else nobody knows, and it is shown as `unknown`.
"""

import logging
import time
from collections import deque
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from derman.outbox import enclosures, results, switch, transports
from derman.outbox.breaker import Breaker
from derman.outbox.models import WAITING, Message
from derman.outbox.transports import Accepted, Outgoing
from derman.words.events import EventType
from derman.words.kinds import MessageState
from derman.words.life import State

log = logging.getLogger("derman.outbox")

LEASE = timedelta(seconds=30)
AT_ONCE = 16  # calls in flight
WAITS = (0.0, 0.5, 2.0)  # seconds before each try to write results
TOGETHER = 0.02  # seconds

Result = Accepted | Exception

_breakers: dict[str, Breaker] = {}


def send_due(at: datetime, limit: int) -> int:
    """Send up to `limit` messages that are due, the urgent ones first; return how many were done.

    Safe beside any number of other workers.
    """
    open_wires = [wire for wire in transports.wires() if _breaker(wire).allows(at)]
    if not open_wires or switch.is_paused():
        return 0
    claim = uuid4()
    claimed = _claim(claim, [wire for wire in open_wires if not _breaker(wire).probing], at, limit)
    for wire in open_wires:
        if _breaker(wire).probing:
            claimed += _claim(claim, [wire], at, 1)
    return _Round(claim, at).run(claimed)


def recover_leases(at: datetime, limit: int = 1000) -> int:
    """Settle the messages of workers that died: back to the queue, or `unknown`."""
    expired = Message.objects.filter(state=MessageState.CLAIMED, lease_until__lt=at)
    if not expired.exists():
        return 0
    repeatable = [wire for wire in transports.wires() if transports.transport(wire).repeatable]
    chosen = Message.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:limit]))
    chosen = chosen.filter(state=MessageState.CLAIMED, lease_until__lt=at)
    free = {"claim": None, "lease_until": None}
    again = chosen.filter(Q(calling_at=None) | Q(channel__in=repeatable)).update(
        state=MessageState.QUEUED, next_at=at, calling_at=None, **free
    )
    lost = chosen.update(
        state=MessageState.UNKNOWN,
        error="The worker ended before the provider confirmed.",
        **free,
    )
    return again + lost


def forget_failures() -> None:
    """Close every breaker, as between two tests."""
    _breakers.clear()


def _breaker(wire: str) -> Breaker:
    return _breakers.setdefault(wire, Breaker())


def _due(wires: list[str], at: datetime) -> QuerySet[Message]:
    earlier = Message.objects.filter(
        WAITING,
        case=OuterRef("case"),
        recipient=OuterRef("recipient"),
        queued_at__lt=OuterRef("queued_at"),
    )
    return (
        Message.objects.filter(state=MessageState.QUEUED, next_at__lte=at, channel__in=wires)
        .filter(Q(urgent=True) | ~Exists(earlier))  # people hear things in their order
        .order_by(F("urgent").desc(), "next_at", "id")
    )


def _claim(claim: UUID, wires: list[str], at: datetime, limit: int) -> list[Message]:
    due = _due(wires, at)
    if not due.exists():  # read before the write lock is taken
        return []
    with transaction.atomic():
        rows = due.select_related("case", "event").select_for_update(skip_locked=True, of=("self",))
        found = list(rows[:limit])
        stale = [message.pk for message in found if _is_stale(message, at)]
        good = [message for message in found if message.pk not in stale]
        Message.objects.filter(pk__in=stale).update(
            state=MessageState.CANCELLED, error="Overtaken: nobody needs it any more."
        )
        Message.objects.filter(pk__in=[message.pk for message in good]).update(
            state=MessageState.CLAIMED, claim=claim, lease_until=at + LEASE, calling_at=None
        )
    return good


def _is_stale(message: Message, at: datetime) -> bool:
    if message.expires_at is not None:
        return message.expires_at <= at
    opened = message.event is not None and message.event.type == EventType.OPENED
    return opened and message.recipient == "applicant" and message.case.state == State.CLOSED


class _Round:
    """One round of calls. This thread alone speaks to the database; the others call providers."""

    def __init__(self, claim: UUID, at: datetime) -> None:
        self.claim = claim
        self.at = at
        self.began = time.monotonic()

    def run(self, claimed: list[Message]) -> int:
        """Call the provider for every message, never more than `AT_ONCE` at a time."""
        if not claimed:
            return 0
        done = 0
        waiting = deque(claimed)
        flying: dict[Future[Result], Message] = {}
        with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(claimed))) as pool:
            while waiting or flying:
                free = min(AT_ONCE - len(flying), len(waiting))
                for message in self._mark([waiting.popleft() for _ in range(free)]):
                    flying[pool.submit(_call, message.channel, _outgoing(message))] = message
                landed = _land(flying)
                self._write({flying.pop(future): future.result() for future in landed})
                done += len(landed)
        return done

    def _moment(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def _mark(self, messages: list[Message]) -> list[Message]:
        """Write down that these are being called; leave out what is no longer ours."""
        if not messages:
            return []
        at = self._moment()
        allowed = [m for m in messages if _breaker(m.channel).allows(at)]
        self._release([m for m in messages if m not in allowed], at)
        ours = Message.objects.filter(
            pk__in=[m.pk for m in allowed], claim=self.claim, state=MessageState.CLAIMED
        )
        changes = {"calling_at": at, "lease_until": at + LEASE, "attempts": F("attempts") + 1}
        marked = ours.update(**changes)
        if marked < len(allowed):
            still = set(ours.filter(calling_at=at).values_list("pk", flat=True))
            allowed = [message for message in allowed if message.pk in still]
        for message in allowed:
            message.attempts += 1
        return allowed

    def _release(self, messages: list[Message], at: datetime) -> None:
        """Back to the queue uncalled: their provider is being given a rest."""
        if messages:
            Message.objects.filter(pk__in=[m.pk for m in messages], claim=self.claim).update(
                state=MessageState.QUEUED, claim=None, lease_until=None
            )

    def _write(self, landed: dict[Message, Result]) -> None:
        if not landed:
            return  # nothing flew: all of these had become somebody else's
        at = self._moment()
        for message, result in landed.items():
            _breaker(message.channel).note(answered=_is_answer(result), at=at)
        for wait_first in WAITS:
            time.sleep(wait_first)
            try:
                results.write(landed, claim=self.claim, at=at)
            except (OperationalError, InterfaceError) as reason:
                # What providers said must not be lost to a database that is busy for a moment.
                log.warning("The results of %s calls cannot be written: %s", len(landed), reason)
                if connection.errors_occurred and not connection.is_usable():
                    connection.close()
            else:
                return
        raise OperationalError("The results of calls could not be written.")


def _land(flying: Collection[Future[Result]]) -> set[Future[Result]]:
    """The calls that ended, those of a short while together: they are written at once."""
    landed, _ = wait(flying, timeout=TOGETHER)
    if not landed:
        landed, _ = wait(flying, return_when=FIRST_COMPLETED)
    return landed


def _is_answer(result: Result) -> bool:
    """Whether the provider was there to talk to."""
    if isinstance(result, transports.Temporary):
        return not result.down
    return isinstance(result, Accepted | transports.Permanent)


def _outgoing(message: Message) -> Outgoing:
    return Outgoing(
        id=message.pk,
        case_id=message.case_id,
        address=message.address,
        subject=message.subject,
        body=message.body,
        language=message.language,
        enclosures=enclosures.enclosed(message),
    )


def _call(wire: str, message: Outgoing) -> Result:
    """The call itself, in a thread; whatever happens is a result."""
    try:
        return transports.transport(wire).send(message)
    except Exception as reason:
        return reason
