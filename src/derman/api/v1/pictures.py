"""How a case looks from outside. Prefetches once; a list costs as many queries as one case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch
from ninja import Schema

from derman.accounts.models import User
from derman.api.v1 import solutions
from derman.api.v1.solutions import ActionPicture, ApprovalPicture, OfferPicture
from derman.cases.history import not_withdrawn
from derman.cases.models import Action, Approval, Case, CaseTag, Clock, Event, Offer, Task
from derman.cases.permissions import is_concealed
from derman.cases.querysets import CaseQuerySet
from derman.lib.secrecy import without_name
from derman.outbox.models import Message


class EventPicture(Schema):
    type: str
    at: datetime


class TaskPicture(Schema):
    id: UUID
    unit: str
    state: str
    question: str
    due_at: datetime
    answer: str


class ClockPicture(Schema):
    kind: str
    due_at: datetime
    state: str
    derivation: list[dict[str, Any]]


class MessagePicture(Schema):
    """`to` says to whom: the `applicant`, a `unit`, a `user`, or a contact that was replaced."""

    id: UUID
    event: str | None
    to: str
    channel: str
    template: str
    state: str
    sent_at: datetime | None


class CasePicture(Schema):
    """A case as the contract names its fields."""

    number: str
    follow_key: str
    version: int
    state: str
    kind: str
    channel: str
    topic: str
    description: str
    proposal: str
    region: str
    unit: str
    owner_unit: str
    owner_user: str | None
    priority: str
    language: str
    reply_channel: str
    account_number: str
    received_at: datetime
    resolve_due_at: datetime | None
    acknowledge_due_at: datetime | None
    promised_at: datetime | None
    cycle: int
    decision: str
    closing_reason: str
    first_contact: bool
    tags: list[str]
    events: list[EventPicture]
    tasks: list[TaskPicture]
    clocks: list[ClockPicture]
    actions: list[ActionPicture]
    offers: list[OfferPicture]
    approvals: list[ApprovalPicture]
    messages: list[MessagePicture]


class CasePage(Schema):
    """One page of cases, newest first; `next` leads to the following one."""

    items: list[CasePicture]
    next: str | None


SAME = (
    "number", "follow_key", "version", "state", "kind", "channel", "topic", "description",
    "proposal", "region", "unit", "owner_unit", "priority", "language", "reply_channel",
    "account_number", "received_at", "acknowledge_due_at", "promised_at", "cycle", "decision",
    "closing_reason", "first_contact",
)  # fmt: skip

PROSE = {"description", "proposal", "question", "answer", "text", "reason", "note"}


def with_everything(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases with all that a picture shows, in a fixed number of queries."""
    return cases.select_related("owner_user", "applicant").prefetch_related(
        Prefetch("events", Event.objects.order_by("id")),
        Prefetch("tasks", Task.objects.order_by("asked_at", "id")),
        Prefetch("clocks", Clock.objects.order_by("started_at", "kind", "id")),
        Prefetch("actions", Action.objects.order_by("planned_at", "id")),
        Prefetch("offers", Offer.objects.order_by("made_at", "id")),
        Prefetch("approvals", Approval.objects.order_by("asked_at", "id")),
        Prefetch("tags", CaseTag.objects.order_by("tag")),
        Prefetch("messages", Message.objects.select_related("event").order_by("queued_at", "id")),
    )


def picture(case: Case, user: User) -> dict[str, Any]:
    """One case as the user may see it; call it on a case from `with_everything`."""
    shown = _picture(
        case, case.events.all(), case.tasks.all(), case.clocks.all(), case.messages.all()
    )
    shown["tags"] = [row.tag for row in case.tags.all()]
    shown["actions"] = [solutions.of_action(action) for action in case.actions.all()]
    shown["approvals"] = [solutions.of_approval(one) for one in case.approvals.all()]
    shown["offers"] = [solutions.of_offer(offer) for offer in case.offers.all()]
    return _concealed(shown, case.applicant.name) if is_concealed(case, user) else shown


def _concealed(shown: dict[str, Any], name: str) -> dict[str, Any]:
    """A picture that does not say who asked for secrecy: no account, and no name in any prose."""
    return {**_without_name(shown, name), "account_number": ""}


def _without_name(shown: dict[str, Any], name: str) -> dict[str, Any]:
    found = dict(shown)
    for key, value in shown.items():
        if key in PROSE:
            found[key] = without_name(value, name)
        elif isinstance(value, list):
            found[key] = [_without_name(x, name) if isinstance(x, dict) else x for x in value]
    return found


def picture_new(case: Case, rows: Iterable[Model]) -> dict[str, Any]:
    """A case that was just opened, from the rows that were written with it."""
    rows = list(rows)
    clocks = sorted(
        (row for row in rows if isinstance(row, Clock)), key=lambda clock: (clock.kind, clock.pk)
    )
    events = [row for row in rows if isinstance(row, Event)]
    tasks = [row for row in rows if isinstance(row, Task)]
    return _picture(case, events, tasks, clocks, [])


def _picture(
    case: Case,
    events: Iterable[Event],
    tasks: Iterable[Task],
    clocks: Iterable[Clock],
    messages: Iterable[Message],
) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in SAME},
        "owner_user": case.owner_user.username if case.owner_user else None,
        "resolve_due_at": case.due_at,
        "tags": [],
        "events": [{"type": event.type, "at": event.at} for event in not_withdrawn(events)],
        "tasks": [
            {
                "id": task.pk,
                "unit": task.unit,
                "state": task.state,
                "question": task.question,
                "due_at": task.due_at,
                "answer": task.answer,
            }
            for task in tasks
        ],
        "clocks": [
            {
                "kind": clock.kind,
                "due_at": clock.due_at,
                "state": clock.state,
                "derivation": clock.derivation,
            }
            for clock in clocks
        ],
        "actions": [],
        "offers": [],
        "approvals": [],
        "messages": [
            {
                "id": message.pk,
                "event": message.event.type if message.event else None,
                "to": message.recipient.partition(":")[0],
                "channel": message.channel,
                "template": message.template,
                "state": message.state,
                "sent_at": message.sent_at,
            }
            for message in messages
        ],
    }


def fresh(case: Case, user: User) -> dict[str, Any]:
    """The case as it stands in the database now."""
    return picture(with_everything(Case.objects.all()).get(pk=case.pk), user)
