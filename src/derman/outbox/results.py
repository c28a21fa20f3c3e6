"""What becomes of a message after its call, and what that proves about the case."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case as ByRow
from django.db.models import Value, When

from derman.cases import actions, escalating
from derman.cases.models import Case, Offer
from derman.cases.proof import has_been_told
from derman.outbox import expansion, transports
from derman.outbox.models import Message
from derman.outbox.transports import Accepted, Permanent, Temporary, Unconfirmed
from derman.profile.publishing import current
from derman.words.events import EventType
from derman.words.kinds import MessageState
from derman.words.life import State
from derman.words.loop import OfferState

log = logging.getLogger("derman.outbox")

TRIES = 8
FIRST_WAIT = 30.0  # seconds, doubled with every try
LONGEST_WAIT = 30 * 60.0
JITTER = 0.2  # so that a provider that comes back is not met by everybody at once

FREE: Mapping[str, None] = {"claim": None, "lease_until": None, "calling_at": None}

_random = secrets.SystemRandom()


def write(landed: Mapping[Message, Accepted | Exception], *, claim: UUID, at: datetime) -> None:
    """Record the results of calls in one transaction, in an order that two workers share."""
    in_order = sorted(landed, key=lambda message: (message.case_id, message.pk))
    plain = {message: result.ref for message in in_order if (result := _plain_yes(landed[message]))}
    with transaction.atomic():
        done = _write_accepted(plain, claim, at) if plain else set()
        for message in in_order:
            if message.pk not in done:
                _write_one(message, landed[message], claim, at)
        _prove_together([message for message in plain if message.pk in done], at)


def backoff(attempts: int, *, asked: int = 0) -> timedelta:
    """How long to wait after so many tries; longer when the provider asked for it."""
    plain = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    spread = plain * _random.uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=min(max(spread, asked), LONGEST_WAIT))


def _plain_yes(result: Accepted | Exception) -> Accepted | None:
    return result if isinstance(result, Accepted) and not result.delivered else None


def _write_accepted(refs: Mapping[Message, str], claim: UUID, at: datetime) -> set[UUID]:
    """The usual case, in two statements for all; return those that were still ours."""
    ours = Message.objects.filter(
        pk__in=[message.pk for message in refs], claim=claim, state=MessageState.CLAIMED
    )
    done = set(ours.select_for_update().values_list("pk", flat=True))
    whens = [When(pk=m.pk, then=Value(ref[:120])) for m, ref in refs.items() if ref]
    ours.update(
        state=MessageState.ACCEPTED,
        sent_at=at,
        provider_ref=ByRow(*whens, default=Value("")),
        error="",
        **FREE,
    )
    return done


def _prove_together(messages: Sequence[Message], at: datetime) -> None:
    """The receipts of all these at once; should that fail, one by one."""
    receipts = [message for message in messages if message.acknowledges]
    cases = [message.case for message in receipts]
    try:
        with transaction.atomic():
            actions.acknowledge_all(cases, at=at, profile=current())
    except Exception:
        log.exception("%s receipts could not be acknowledged together", len(cases))
        for message in receipts:
            _acknowledge(message, at)
    for message in messages:
        _tell_if_accepted(message, at)


def prove_acceptance(message: Message, at: datetime) -> None:
    """A provider took it: the receipt is acknowledged, the result told where that is the proof."""
    if message.acknowledges:
        _acknowledge(message, at)
    _tell_if_accepted(message, at)


def prove_delivery(message: Message, at: datetime) -> None:
    """It arrived: the result is told where only that is the proof."""
    if message.concludes and current().profile.process.message_proves == "delivered":
        _tell(message, at)


def _acknowledge(message: Message, at: datetime) -> None:
    _act(message, lambda: actions.acknowledge(message.case, at=at, profile=current()))


def _tell_if_accepted(message: Message, at: datetime) -> None:
    if message.concludes and current().profile.process.message_proves == "accepted":
        _tell(message, at)


def _write_one(message: Message, result: Accepted | Exception, claim: UUID, at: datetime) -> None:
    changes = _changes(message, result, at)
    ours = Message.objects.filter(pk=message.pk, claim=claim, state=MessageState.CLAIMED)
    if not ours.update(**FREE, **changes):
        # The lease ran out during the call and another worker settled it.
        _write_late(message, result, at)
        return
    _follow(message, result, changes, at)


def _write_late(message: Message, result: Accepted | Exception, at: datetime) -> None:
    """A late yes is still a yes: it ends the doubt, or spares a second call."""
    if not isinstance(result, Accepted):
        return
    changes = _changes(message, result, at)
    given_up = (MessageState.UNKNOWN, MessageState.QUEUED)
    doubtful = Message.objects.filter(pk=message.pk, state__in=given_up)
    if doubtful.update(**changes):
        _follow(message, result, changes, at)


def _follow(
    message: Message, result: Accepted | Exception, changes: Mapping[str, object], at: datetime
) -> None:
    if isinstance(result, Accepted):
        prove_acceptance(message, at)
        if result.delivered:
            prove_delivery(message, at)
    elif changes["state"] == MessageState.FAILED:
        fall_back(message, at)


def _changes(message: Message, result: Accepted | Exception, at: datetime) -> dict[str, object]:
    """The new values of the row."""
    if isinstance(result, Accepted):
        return {
            "state": MessageState.DELIVERED if result.delivered else MessageState.ACCEPTED,
            "sent_at": at,
            "delivered_at": at if result.delivered else None,
            "provider_ref": result.ref[:120],
            "error": "",
        }
    error = _plain(result, message)
    if isinstance(result, Permanent):
        return {"state": MessageState.FAILED, "error": error}
    if not isinstance(result, Temporary):
        return _changes_in_doubt(message, result, error, at)
    return _changes_again(message, MessageState.FAILED, error, at, asked=result.after)


def _changes_in_doubt(
    message: Message, result: Exception, error: str, at: datetime
) -> dict[str, object]:
    if not isinstance(result, Unconfirmed):
        log.error("Sending %s failed unexpectedly", message.pk, exc_info=result)
    if transports.transport(message.channel).repeatable:
        return _changes_again(message, MessageState.UNKNOWN, error, at)
    return {"state": MessageState.UNKNOWN, "error": error}


def _changes_again(
    message: Message, end: MessageState, error: str, at: datetime, *, asked: int = 0
) -> dict[str, object]:
    if message.attempts >= TRIES:
        return {"state": end, "error": error}
    again = at + backoff(message.attempts, asked=asked)
    return {"state": MessageState.QUEUED, "next_at": again, "error": error}


def fall_back(message: Message, at: datetime) -> None:
    """It will not arrive: the next wire has its turn; after the last, people call or post."""
    next_one = None
    try:
        with transaction.atomic():
            next_one = expansion.fallback(message, at)
    except Exception:
        log.exception("No other wire could be prepared for message %s", message.pk)
    if next_one is None:
        _raise(message, at)
        if message.concludes:
            _act(message, lambda: _ask_for_a_call(message, at))
        elif message.event and message.event.type == EventType.OFFERED:
            key = message.event.details["offer"]
            _act(message, lambda: _ask_to_tell_of_offer(message, key, at))


def _raise(message: Message, at: datetime) -> None:
    """Nothing written reaches the applicant any more: the case is raised where profiles say so."""
    if message.event_id and message.recipient == "applicant":
        _act(
            message,
            lambda: escalating.bounce(
                message.case, channel=message.channel, at=at, profile=current()
            ),
        )


def _ask_for_a_call(message: Message, at: datetime) -> None:
    case = _as_concluded(message)
    if case is None:
        return
    published = current()
    if case.state == State.RESOLVED and not has_been_told(case, published.profile):
        actions.fail_to_tell(case, at=at, profile=published)
    else:  # they know the result; a letter that went with the message has still to reach them
        actions.post_instead(case)


def _ask_to_tell_of_offer(message: Message, key: str, at: datetime) -> None:
    held = Offer.objects.select_related("case").select_for_update(of=("case",))
    offer = held.get(pk=key)
    waits = offer.state == OfferState.OPEN and not offer.case.inform_unit
    if waits and message.recipient == "applicant":
        actions.fail_to_offer(offer, at=at, profile=current())


def _tell(message: Message, at: datetime) -> None:
    """Proof for the cycle that the message concluded; a case reopened since needs another."""
    _act(message, lambda: _tell_concluded(message, at))


def _tell_concluded(message: Message, at: datetime) -> None:
    case = _as_concluded(message)
    if case:
        actions.told(case, channel=message.channel, at=at, profile=current())


def _as_concluded(message: Message) -> Case | None:
    """The case as it stands, unless it was opened again since the message was written.

    It is held: whoever changes it at this moment would keep it from ever hearing of the message.
    """
    details = message.event.details if message.event else {}
    case = message.case
    case.refresh_from_db(
        fields=["cycle", "version", "state", "inform_unit", "silent_at"],
        from_queryset=Case.objects.select_for_update(of=("self",)),
    )
    return case if details.get("cycle", case.cycle) == case.cycle else None


def _act(message: Message, act: Callable[[], None]) -> None:
    """Let the case file hear of it; an error there does not make the message unsent."""
    try:
        with transaction.atomic():
            act()
    except Exception:
        log.exception("Message %s left, but its case did not take note", message.pk)


def _plain(reason: Exception, message: Message) -> str:
    """The provider's words without the address, fit for a page."""
    text = " ".join(str(reason).split()) or type(reason).__name__
    return text.replace(message.address, "…")[:300] if message.address else text[:300]
