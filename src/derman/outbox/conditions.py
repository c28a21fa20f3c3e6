"""Whether a notice of the profile is meant for an event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derman.cases.models import Case
from derman.profile.schema import Condition, Notice, Profile
from derman.words.events import EventType
from derman.words.kinds import EARLY_CLOSING, ClosingReason
from derman.words.life import State
from derman.words.loop import OfferState

# What nobody needs to hear any more once there is a result.
WHILE_OPEN = (EventType.ACKNOWLEDGE_DUE, EventType.INTERIM)


@dataclass(frozen=True)
class Occasion:
    """What a notice's conditions are compared with: keys only."""

    channel: str
    kind: str
    topic: str
    decision: str
    first_contact: bool
    reply_channel: str
    action_kind: str = ""


def occasion_of(case: Case, details: Mapping[str, Any]) -> Occasion:
    """The occasion of an event; what the event itself says wins over the case of today."""
    return Occasion(
        channel=case.channel,
        kind=case.kind,
        topic=case.topic,
        decision=details.get("decision", case.decision),
        first_contact=details.get("first_contact", case.first_contact),
        reply_channel=case.reply_channel,
        action_kind=details.get("action_kind", ""),
    )


def matches(when: Condition, occasion: Occasion) -> bool:
    """Whether every filled field of the condition holds; an empty field matches all."""
    return (
        _among(occasion.channel, when.channels)
        and _among(occasion.kind, when.kinds)
        and _among(occasion.decision, when.decisions)
        and _among(occasion.reply_channel, when.reply_channels)
        and occasion.reply_channel not in when.except_reply_channels
        and (not when.topics or any(_is_under(occasion.topic, key) for key in when.topics))
        and _among(occasion.action_kind, when.action_kinds)
        and when.first_contact in (None, occasion.first_contact)
    )


Untold = Callable[[Mapping[str, Any], Case], bool]
# When an event that may speak says nothing: there is nothing to tell, or it is told already.
UNTOLD: Mapping[EventType, Untold] = {
    # the applicant's own wish
    EventType.CLOSED_EARLY: lambda said, case: said.get("reason") == ClosingReason.WITHDRAWN,
    # no contact took the place of another
    EventType.CORRECTED: lambda said, case: not said.get("former"),
    # the answer to the task says it
    EventType.VISIT_REPORTED: lambda said, case: bool(said.get("answered")),
    # it ended without a result, so nothing was put right for the applicant
    EventType.ACTION_DONE: lambda said, case: case.closing_reason in EARLY_CLOSING,
    # it was said on the phone or at the desk
    EventType.OFFERED: lambda said, case: bool(said.get("channel")),
    # nobody has to look at it any more
    EventType.ESCALATED: lambda said, case: case.state == State.CLOSED,
    # somebody of ours took it back
    EventType.OFFER_ENDED: lambda said, case: said.get("state") != OfferState.LAPSED,
}


def notices_for(
    type_: str, details: Mapping[str, Any], case: Case, profile: Profile
) -> list[tuple[str, Notice]]:
    """The notices that this event sets off, each with its name in the table."""
    is_untold = UNTOLD.get(EventType(type_))
    if is_untold and is_untold(details, case):
        return []
    if type_ in WHILE_OPEN and not case.is_open:
        return []  # the message with the result says it
    if details.get("quiet"):
        return []  # it is told on the other of two cases, or there was nothing to take back
    occasion = occasion_of(case, details)
    return [
        (f"{notice.on}.{index}", notice)
        for index, notice in enumerate(profile.notices)
        if notice.on == type_ and matches(notice.when, occasion)
    ]


def notice_named(name: str, profile: Profile) -> Notice | None:
    """The notice behind a name that `notices_for` gave under this profile."""
    on, _, index = name.rpartition(".")
    if not index.isdecimal() or int(index) >= len(profile.notices):
        return None
    notice = profile.notices[int(index)]
    return notice if notice.on == on else None


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _is_under(topic: str, key: str) -> bool:
    return topic == key or topic.startswith(f"{key}.")
