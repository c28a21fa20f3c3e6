"""What is sent, what waits and what failed; sending again and holding back by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages as said
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from derman.accounts import rights
from derman.audit import access
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.desk import frame, worklists
from derman.desk.case.page import MESSAGE_TONES
from derman.desk.frame import DeskRequest, go, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant, masked_address, replaced_contact
from derman.outbox import handling, queries, switch
from derman.outbox.models import Message
from derman.words.events import EventType
from derman.words.kinds import MessageState, ReplyChannel
from derman.words.life import Verb
from derman.words.rights import Place

SIZE = 50


@dataclass(frozen=True)
class Line:
    """One message, masked."""

    id: UUID
    number: str
    state: str
    state_key: str
    tone: str
    icon: str
    channel: str
    to: str
    address: str
    about: str
    subject: str
    body: str
    is_secret: bool
    queued_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    next_at: datetime | None
    attempts: int
    parts: int
    error: str
    can_retry: bool
    can_cancel: bool


@never_cache
@require_GET
@page(place=Place.MESSAGES)
def messages(request: DeskRequest) -> HttpResponse:
    """All messages, newest first, by state and channel."""
    state = request.GET.get("state", "")
    state = state if state in tuple(MessageState) else ""
    channel = request.GET.get("channel", "")
    channel = channel if channel in ("sms", "email") else ""
    found = queries.page(
        state=state,
        channel=channel,
        after=worklists.read_key(request.GET.get("after", "")),
        size=SIZE,
    )
    listed = _with_people(found.messages)
    lines = [_line(message, request) for message in listed]
    access.record_list(
        sorted({line.number for line in lines}), what="messages", by=request.user, at=request.at
    )
    counts = queries.by_state()
    context = {
        "lines": lines,
        "states": [
            (key, word(MessageState, key), count, MESSAGE_TONES[MessageState(key)])
            for key, count in counts.items()
        ],
        "state": state,
        "channel": channel,
        "total": sum(counts.values()),
        "after": f"{found.after[0].isoformat()}~{found.after[1]}" if found.after else "",
        "current": "messages",
        "paused_at": switch.paused_at(),
    }
    return frame.render(request, "desk/messages/list.html", context)


@never_cache
@require_GET
@page(verb=Verb.READ)
def of_case(request: DeskRequest, number: str) -> HttpResponse:
    """The messages of one case with their words."""
    if not rights.may_enter(request.user, Place.MESSAGES):
        raise Http404
    case = find_case(request.user, number, verb=Verb.READ, what="case messages", at=request.at)
    found = list(queries.of_case(case.pk))
    for message in found:
        message.case = case
    lines = [_line(message, request) for message in found]
    context = {"lines": lines, "case": case, "current": "messages"}
    return frame.render(request, "desk/messages/case.html", context)


@require_POST
@page(place=Place.RETRY_MESSAGES)
def retry(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """Queue a message again that did not arrive."""
    return _handle(request, message_id, handling.retry, _("The message is queued again."))


@require_POST
@page(place=Place.RETRY_MESSAGES)
def cancel(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """Hold a message back that has not left yet."""
    return _handle(request, message_id, handling.cancel, _("The message was held back."))


def _handle(request: DeskRequest, message_id: UUID, act, done: str) -> HttpResponse:
    message = Message.objects.filter(pk=message_id).select_related("case").first()
    visible = Case.objects.visible_to(request.user)
    if message is None or not visible.filter(pk=message.case_id).exists():
        raise Http404
    try:
        act(message, by=request.user, at=request.at)
    except handling.CannotHandle as reason:
        said.error(request, str(reason))
    else:
        said.success(request, done)
    if request.POST.get("back") == "case":
        return go(request, reverse("desk:case_messages", args=[message.case.number]))
    return go(request, reverse("desk:messages"))


def _with_people(found: list[Message]) -> list[Message]:
    """With the applicants, whose names a line shows, in one query."""
    keys = {message.case_id for message in found}
    cases = {c.pk: c for c in Case.objects.filter(pk__in=keys).select_related("applicant")}
    for message in found:
        message.case = cases[message.case_id]
    return found


def _line(message: Message, request: DeskRequest) -> Line:
    case = message.case
    applicant = Applicant(case, request.user)
    to_applicant = message.recipient == "applicant"
    hidden = applicant.is_concealed and to_applicant
    labels = Labels.for_reader(request.profile.profile)
    may = rights.may_enter(request.user, Place.RETRY_MESSAGES)
    state = MessageState(message.state)
    tone, icon = MESSAGE_TONES[state]
    event = message.event if message.event_id else None
    return Line(
        id=message.pk,
        number=case.number,
        state=word(MessageState, state),
        state_key=state,
        tone=tone,
        icon=icon,
        channel=word(ReplyChannel, message.channel),
        to=applicant.name if to_applicant else _staff(message.recipient, labels),
        address="" if hidden else masked_address(message.channel, message.address),
        about=word(EventType, event.type) if event else _("One-time code"),
        subject=applicant.without_name(message.subject),
        body=applicant.readable(message.shown_body),
        is_secret=message.is_secret,
        queued_at=message.queued_at,
        sent_at=message.sent_at,
        delivered_at=message.delivered_at,
        next_at=message.next_at if state == MessageState.QUEUED and message.attempts else None,
        attempts=message.attempts,
        parts=message.parts,
        error=message.error,
        can_retry=may and state in handling.RETRIABLE and message.expires_at is None,
        can_cancel=may and state == MessageState.QUEUED,
    )


def _staff(recipient: str, labels: Labels) -> str:
    if recipient.startswith(("former:", "new:")):
        return replaced_contact(recipient)
    if recipient.startswith("unit:"):
        return labels.unit(recipient.removeprefix("unit:"))
    return _("A colleague")
