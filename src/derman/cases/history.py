"""Reading the facts of a case as somebody outside may read them."""

from collections.abc import Iterable

from derman.cases.models import Event
from derman.words.events import EventType


def not_withdrawn(events: Iterable[Event]) -> list[Event]:
    """The events without replies that were called back: those were never sent."""
    events = list(events)
    back = {one.details["reply"] for one in events if one.type == EventType.REPLY_WITHDRAWN}
    return [
        one
        for one in events
        if not (one.type == EventType.REPLIED and one.details.get("reply") in back)
    ]
