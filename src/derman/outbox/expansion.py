"""From events to messages: the notice table of the profile version the event happened under."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from derman.cases import access_codes
from derman.cases.models import Case, Dispatch, Event
from derman.outbox import quota, way_out, wording
from derman.outbox.conditions import notice_named, notices_for
from derman.outbox.doors import DOORS, Door
from derman.outbox.models import Message
from derman.outbox.recipients import Recipient, applicant, recipients, wires
from derman.outbox.wording import Said
from derman.people.models import ContactPoint
from derman.profile.publishing import Published, version
from derman.profile.schema import Notice, Wire
from derman.words.events import EventType
from derman.words.kinds import MessageState
from derman.words.life import State

log = logging.getLogger("derman.outbox")

LATER = timedelta(minutes=5)  # an event that cannot be expanded is tried again then

After = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class Links:
    """How links are made: the real ones open something, those of a preview only look like it."""

    opening: Callable[["_Context", ContactPoint, Door], str]
    not_mine: Callable[[UUID, ContactPoint], str]


def expand(at: datetime, limit: int, *, after: After | None = None) -> int:
    """Turn up to `limit` events that may speak by now into messages; return how many were settled.

    Safe to run twice or beside another worker. `after` is given the events in the same transaction.
    """
    waiting = _waiting(at)
    if not waiting.exists():  # read before the write lock is taken
        return 0
    with transaction.atomic():
        rows = list(
            waiting.select_related("event__case__applicant", "event__case__owner_user")
            .prefetch_related("event__case__applicant__contact_points")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        settled = [row.event for row in rows if _expand_one(row, at)]
        Dispatch.objects.filter(event__in=settled).update(done_at=at)
        if after and settled:
            after(settled)
    return len(settled)


def messages_for(event: Event, at: datetime, *, links: Links | None = None) -> list[Message]:
    """What the profile wants said about this event. Saves nothing, so it can be previewed."""
    published = Published(version(event.profile_id), event.profile_id)
    return _compose(event, wording.said_in(event), published, at, links or SAMPLES)


def preview(
    case: Case,
    type_: EventType,
    *,
    profile: Published,
    at: datetime,
    text: str = "",
    decision: str = "",
    reply_channel: str = "",
    first_contact: bool = False,
) -> list[Message]:
    """The messages that this event would set off, exactly as they would be sent, unsaved."""
    asks = type_ == EventType.ASKED
    details = {"decision": decision, "first_contact": first_contact}
    event = Event(case=case, type=type_, at=at, profile_id=profile.version_id, details=details)
    said = Said(
        question=text if asks else "",
        answer="" if asks else text,
        decision=decision,
        unit=case.unit,
        due_at=case.due_at,
        next_at=case.silent_at if asks else _offer_lapses(type_, profile, at),
        reply_channel=reply_channel,
        state=BECOMES.get(type_, case.state),
    )
    return _compose(event, said, profile, at, SAMPLES)


def fallback(message: Message, at: datetime) -> Message | None:
    """The same notice by its next wire, queued, when one has failed for good; None if no more."""
    event = message.event
    if event is None:
        return None
    published = Published(version(message.profile_id), message.profile_id)
    notice = notice_named(message.notice, published.profile)
    if notice is None or notice.to != "applicant":
        return None
    tried = Message.objects.filter(event=event, notice=message.notice, recipient=message.recipient)
    used = set(tried.values_list("channel", flat=True))
    reached = applicant(event.case, published.profile)
    left = [wire for wire in wires(notice, "", reached) if wire not in used]
    if not left:
        return None
    said = wording.said_in(event)
    context = _Context(event, said, published, at, real_links(at))
    made = context.message(message.notice, notice, reached, left[0])
    made.save(force_insert=True)
    return made


BECOMES = {
    EventType.RESOLVED: State.RESOLVED,
    EventType.ASKED: State.AWAITING_APPLICANT,
    EventType.REFERRED: State.REFERRED,
    EventType.REFERRED_EXTERNALLY: State.RESOLVED,
}


class _Context:
    """What all messages of one event share."""

    def __init__(
        self, event: Event, said: Said, published: Published, at: datetime, links: Links
    ) -> None:
        self.event = event
        self.case = event.case
        self.said = said
        self.published = published
        self.at = at
        self.links = links

    def message(self, name: str, notice: Notice, recipient: Recipient, wire: Wire) -> Message:
        """One message, unsaved."""
        profile = self.published.profile
        values = wording.values_for(
            self.case,
            self.said,
            profile=profile,
            language=recipient.language,
            link=self._link(notice, recipient, wire),
        )
        written = wording.write(
            notice.send[wire],
            recipient.language,
            values,
            allowed=wording.allowed_names(notice, wire),
            profile=profile,
        )
        id_, point = uuid4(), recipient.points.get(wire)
        if wire == "email" and point:
            link = self.links.not_mine(id_, point)
            written = wording.with_way_out(written, link, recipient.language)
        return Message(
            id=id_,
            case=self.case,
            event=self.event,
            notice=name,
            recipient=recipient.key,
            template=notice.send[wire],
            profile_id=self.published.version_id,
            channel=wire,
            language=recipient.language,
            address=recipient.addresses[wire],
            subject="" if wire == "sms" else written.subject,
            body=written.body,
            parts=written.parts if wire == "sms" else 0,
            urgent=notice.urgent,
            concludes=notice.concludes,
            acknowledges=notice.acknowledges,
            queued_at=self.at,
            next_at=self.at,
        )

    def _link(self, notice: Notice, recipient: Recipient, wire: Wire) -> str:
        if notice.to != "applicant":
            return wording.desk_link(self.case)
        point = recipient.points.get(wire)
        door = DOORS.get(EventType(self.event.type))
        if door and point and wording.holds(notice.send[wire], "link", self.published.profile):
            return self.links.opening(self, point, door)
        return wording.tracking_link(self.case)


def _compose(
    event: Event, said: Said, published: Published, at: datetime, links: Links
) -> list[Message]:
    context = _Context(event, said, published, at, links)
    wanted = said.reply_channel or event.case.reply_channel
    messages: list[Message] = []
    if event.type == EventType.ACKNOWLEDGE_DUE and _is_confirming(event.case):
        return messages
    for name, notice in notices_for(event.type, event.details, event.case, published.profile):
        reached = recipients(notice, event.case, said.unit, published.profile, event.details, at=at)
        for recipient in reached:
            order = wires(notice, wanted, recipient)
            if order and recipient.key != f"user:{event.by_id}":  # they did it themselves
                messages.append(context.message(name, notice, recipient, order[0]))
    return messages


def _is_confirming(case: Case) -> bool:
    """Whether a message that confirms the receipt is on its way already, and a second is none."""
    on_its_way = (MessageState.QUEUED, MessageState.CLAIMED)
    return Message.objects.filter(case=case, acknowledges=True, state__in=on_its_way).exists()


def _offer_lapses(type_: EventType, profile: Published, at: datetime) -> datetime | None:
    if type_ != EventType.OFFERED:
        return None
    return at + timedelta(days=profile.profile.clocks.offer_days)


def _waiting(at: datetime) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(done_at=None, not_before__lte=at).order_by("not_before", "event")


def _expand_one(row: Dispatch, at: datetime) -> bool:
    """Write the messages of one event; one that fails waits and keeps no other from its turn."""
    try:
        with transaction.atomic():
            messages = messages_for(row.event, at, links=real_links(at))
            for message in messages:
                message.urgent = message.urgent or row.urgent
                if quota.is_used_up(message, at):
                    message.state, message.error = MessageState.CANCELLED, quota.WHY
            Message.objects.bulk_create(messages, ignore_conflicts=True)
    except (OperationalError, InterfaceError):
        raise  # the database has a bad moment, not the event
    except Exception:
        log.exception("Event %s cannot be expanded; trying again later", row.pk)
        Dispatch.objects.filter(pk=row.pk).update(not_before=at + LATER)
        return False
    return True


def real_links(at: datetime) -> Links:
    """Links that open the case or one thing in it once, and that dispute a contact."""

    def opening(context: _Context, point: ContactPoint, door: Door) -> str:
        token = access_codes.make_link(
            context.case,
            point,
            at,
            purpose=door.purpose,
            about=door.about(context.event.details),
            lives=door.lives(context.published.profile),
        )
        return wording.single_use_link(door.path, token)

    def not_mine(message_id: UUID, point: ContactPoint) -> str:
        return wording.not_mine_link(way_out.token(message_id, point))

    return Links(opening, not_mine)


SAMPLES = Links(
    opening=lambda context, point, door: wording.single_use_link(door.path, "…"),
    not_mine=lambda message_id, point: wording.not_mine_link("…"),
)
