"""What the desk and the health page ask about messages. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from derman.cases.models import Dispatch
from derman.outbox.models import Message
from derman.words.events import EventType
from derman.words.kinds import MessageState

CAP = 500  # counts are shown as "500+" beyond this


@dataclass(frozen=True)
class Page:
    """One page of messages, newest first; `after` is the key of the next page, if there is one."""

    messages: list[Message]
    after: tuple[datetime, UUID] | None


def needing_attention() -> QuerySet[Message]:
    """Messages that will not leave by themselves."""
    return Message.objects.filter(state__in=[MessageState.FAILED, MessageState.UNKNOWN])


def by_state() -> dict[str, int]:
    """How many messages there are in each state, each count capped."""
    return {
        str(state): _capped(Message.objects.filter(state=state).order_by("-queued_at"))
        for state in MessageState
    }


def count_by_state() -> dict[str, int]:
    """How many messages there are in each state, to the last one: for the command line."""
    found = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    return {str(state): found.get(state, 0) for state in MessageState}


def oldest_waiting_at(at: datetime) -> datetime | None:
    """Since when the message that has been due the longest waits; None when none does."""
    due = Message.objects.filter(state=MessageState.QUEUED, next_at__lte=at)
    oldest: datetime | None = due.aggregate(oldest=Min("next_at"))["oldest"]
    return oldest


def oldest_undealt_at(at: datetime) -> datetime | None:
    """Since when the oldest event waits to be turned into messages."""
    due = Dispatch.objects.filter(done_at=None, not_before__lte=at)
    oldest: datetime | None = due.aggregate(oldest=Min("not_before"))["oldest"]
    return oldest


def page(
    *,
    state: MessageState | str = "",
    channel: str = "",
    after: tuple[datetime, UUID] | None = None,
    size: int = 50,
) -> Page:
    """Messages newest first, a page at a time by key, never by offset."""
    messages = Message.objects.select_related("case", "event").order_by("-queued_at", "-id")
    if state:
        messages = messages.filter(state=state)
    if channel:
        messages = messages.filter(channel=channel)
    if after:
        at, key = after
        messages = messages.filter(Q(queued_at__lt=at) | Q(queued_at=at, id__lt=key))
    found = list(messages[: size + 1])
    more = len(found) > size
    last = found[size - 1] if more else None
    return Page(found[:size], (last.queued_at, last.pk) if last else None)


def of_case(case_id: UUID) -> QuerySet[Message]:
    """The messages of a case in the order in which they were queued."""
    return Message.objects.filter(case_id=case_id).order_by("queued_at", "id")


def called_back(case_id: UUID) -> list[UUID]:
    """The replies of a case that were called back before anybody was told."""
    undone = Dispatch.objects.filter(event__case=case_id, event__type=EventType.REPLIED)
    undone = undone.filter(done_at__lt=F("not_before"))
    return [UUID(details["reply"]) for details in undone.values_list("event__details", flat=True)]


def _capped(messages: QuerySet[Message]) -> int:
    return len(messages.values_list("pk", flat=True)[: CAP + 1])
