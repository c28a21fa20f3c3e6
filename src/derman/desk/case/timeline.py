"""The history of a case for its page: each event joined with the words that belong to it.

Events hold keys only; what people wrote lies in notes, replies, tasks, outcomes and contacts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.models import (
    Action,
    Approval,
    Case,
    Contact,
    Event,
    Note,
    Offer,
    Outcome,
    Reply,
    Task,
)
from derman.cases.repeats import REASONS as REASONS_OF_REPEATS
from derman.desk import raised
from derman.desk.labels import Labels, word
from derman.lib.masks import mask_in_text
from derman.statements import kept
from derman.words.events import EventType
from derman.words.kinds import (
    Channel,
    ClosingReason,
    ContactOutcome,
    Decision,
    NoReceipt,
    SnoozeReason,
    Word,
)
from derman.words.loop import ActionKind, Effect, FollowUpState, LinkKind, SkipReason

ICONS = {
    EventType.OPENED: "inbox",
    EventType.TAKEN: "hand",
    EventType.ASSIGNED: "user-check",
    EventType.REFERRED: "arrow-right",
    EventType.TASK_STARTED: "play",
    EventType.TASK_ANSWERED: "message-circle-reply",
    EventType.TASK_SENT_BACK: "undo-2",
    EventType.TAKEN_BACK: "undo-2",
    EventType.ASKED: "message-circle-question-mark",
    EventType.APPLICANT_ANSWERED: "message-circle",
    EventType.APPLICANT_SILENT: "message-circle-off",
    EventType.INFORMATION_ADDED: "message-circle-plus",
    EventType.CONTACTED: "phone",
    EventType.REPLIED: "send",
    EventType.NOTED: "sticky-note",
    EventType.ACKNOWLEDGED: "check-check",
    EventType.PROMISED: "calendar-clock",
    EventType.RESOLVED: "circle-check",
    EventType.CLOSED: "archive",
    EventType.CLOSED_EARLY: "archive-x",
    EventType.REOPENED: "rotate-ccw",
    EventType.CORRECTED: "user-pen",
    EventType.RECLASSIFIED: "list-tree",
    EventType.TAGGED: "tag",
    EventType.UNTAGGED: "tag",
    EventType.SNOOZED: "alarm-clock",
    EventType.WOKEN: "alarm-clock-check",
    EventType.REPLY_WITHDRAWN: "undo-2",
    EventType.ALERTED: "siren",
    EventType.ATTACHED: "paperclip",
    EventType.NOT_TOLD: "octagon-alert",
    EventType.ESCALATED: "chevrons-up",
    EventType.ESCALATION_SEEN: "eye",
    EventType.APPROVAL_ASKED: "stamp",
    EventType.APPROVED: "check-check",
    EventType.DECLINED: "undo-2",
    EventType.LINKED: "link",
    EventType.UNLINKED: "unlink",
    EventType.MERGED: "git-merge",
    EventType.UNMERGED: "split",
    EventType.REPEAT_FOUND: "repeat",
    EventType.CONTACT_DISPUTED: "user-x",
    EventType.PEOPLE_MERGED: "merge",
    EventType.PEOPLE_PARTED: "split",
    EventType.ACKNOWLEDGE_DUE: "check",
    EventType.NOT_ACKNOWLEDGED: "octagon-alert",
    EventType.INTERIM: "megaphone",
    EventType.SURVEY_ASKED: "clipboard-list",
    EventType.SURVEY_ANSWERED: "clipboard-check",
    EventType.SURVEY_SKIPPED: "clipboard-x",
    EventType.SURVEY_EXPIRED: "clock-fading",
    EventType.FOLLOW_UP_OPENED: "frown",
    EventType.FOLLOWED_UP: "phone-call",
    EventType.OFFERED: "handshake",
    EventType.OFFER_ACCEPTED: "thumbs-up",
    EventType.OFFER_REFUSED: "thumbs-down",
    EventType.OFFER_ENDED: "clock-fading",
    EventType.REFERRED_EXTERNALLY: "landmark",
    EventType.ACTION_PLANNED: "list-checks",
    EventType.ACTION_DONE: "check",
    EventType.ACTION_CHECKED: "search-check",
    EventType.ACTION_CANCELLED: "x",
    EventType.ACTION_DUE: "bell",
    EventType.VISIT_PLANNED: "map-pin",
    EventType.VISIT_MOVED: "calendar-clock",
    EventType.VISIT_REPORTED: "map-pin-check",
    EventType.VISIT_MISSED: "door-closed",
    EventType.VISIT_CANCELLED: "calendar-x",
}
MESSAGE_ICONS = {Channel.SMS: "message-square", Channel.EMAIL: "mail"}
# Events whose words were filed at the same moment, under no key that they hold, and as what.
FOUND_BY_MOMENT: Mapping[EventType, str] = {
    EventType.PROMISED: "note",
    EventType.REOPENED: "note",
    EventType.SNOOZED: "note",
    EventType.VISIT_MOVED: "note",
    EventType.VISIT_CANCELLED: "note",
    EventType.CONTACTED: "contact",
    EventType.FOLLOWED_UP: "contact",
    EventType.OFFER_REFUSED: "answer",
    EventType.OFFER_ENDED: "answer",
    EventType.APPROVED: "approval",
    EventType.DECLINED: "approval",
}
REASONS: dict[str, type[Word]] = {
    EventType.NOT_ACKNOWLEDGED: NoReceipt,
    EventType.SNOOZED: SnoozeReason,
    EventType.SURVEY_SKIPPED: SkipReason,
}
OF_TWO = (
    EventType.LINKED,
    EventType.UNLINKED,
    EventType.MERGED,
    EventType.UNMERGED,
    EventType.REPEAT_FOUND,
    EventType.INFORMATION_ADDED,
    EventType.APPLICANT_ANSWERED,
)
BY_MOMENT = frozenset(FOUND_BY_MOMENT.values())
ANSWERS = ("answer", "approval")  # further words of rows that have words of their own


@dataclass
class Entry:
    """One line of the timeline, ready to be shown."""

    id: int
    type: str
    at: datetime
    by: str
    icon: str
    text: str = ""
    channel: str = ""
    outcome: str = ""
    is_reached: bool = False  # somebody spoke with the applicant
    unit: str = ""
    due_at: datetime | None = None
    decision: str = ""
    reason: str = ""
    person: str = ""
    topic: str = ""
    before: str = ""
    tag_key: str = ""
    tag: str = ""
    reply_id: str = ""
    until: datetime | None = None
    before_at: datetime | None = None
    undo_until: datetime | None = None
    can_undo: bool = False  # it is the reader's own
    is_called_back: bool = False
    proposal: str = ""
    ratings: tuple[int, int] | None = None  # of the process and the action, from 1 to 5
    visit_begins: datetime | None = None
    visit_ends: datetime | None = None
    by_staff: bool = True
    action_kind: str = ""
    effect: str = ""  # of an action
    is_to_check: bool = False
    lacks_action: bool = False
    other: str = ""  # the number of another case
    is_target: bool = False  # the other case was merged into this one
    is_internal: bool = False  # somebody else than the applicant said it
    link: str = ""  # what the other case is to this one
    grounds: list[str] = field(default_factory=list)  # why it is taken for a repeat
    promise: datetime | None = None  # the date that this came back to the applicant for
    is_promise_kept: bool = False

    @property
    def label(self) -> str:
        """What kind of fact it is, in a few words."""
        return word(EventType, self.type)

    @property
    def template(self) -> str:
        return f"desk/events/{self.type}.html"


@dataclass(frozen=True)
class _Words:
    """Everything that was written on a case, by its row and by its moment."""

    by_id: dict[str, str]
    by_moment: dict[tuple[str, datetime], str]
    tasks: dict[str, Task]


def entries(
    case: Case, tasks: list[Task], labels: Labels, at: datetime, *, reader: User | None = None
) -> list[Entry]:
    """The timeline, oldest first. Three queries, one more where the case was assigned."""
    events = _events(case.pk)
    written = _written(case, tasks)
    people = _people(events)
    shown = [_entry(event, case, written, people, labels, at) for event in events]
    for event, entry in zip(events, shown, strict=True):
        entry.can_undo = bool(entry.undo_until and reader and event.by_id == reader.pk)
    return shown


def unconfirmed(shown: list[Entry]) -> str:
    """Why the receipt was not confirmed to the applicant; empty where it was, or they were told."""
    why = ""
    for entry in shown:
        if entry.type == EventType.NOT_ACKNOWLEDGED:
            why = entry.reason
        elif entry.type == EventType.ACKNOWLEDGED or entry.is_reached:
            why = ""
    return why


@kept
def _events(case: UUID) -> QuerySet[Event]:
    return Event.objects.filter(case=case).select_related("by", "dispatch").order_by("id")


def _written(case: Case, tasks: list[Task]) -> _Words:
    by_id, by_moment = {}, {}
    for key, at, text, kind in _texts(case.pk):
        if kind not in ANSWERS:
            by_id[str(key)] = text
        if kind in BY_MOMENT:
            by_moment[kind, at] = text
    return _Words(by_id, by_moment, {str(task.pk): task for task in tasks})


@kept
def _texts(case: UUID) -> QuerySet[Any, tuple[UUID, datetime, str, str]]:
    rows = (
        Note.objects.filter(case=case).values_list("id", "at", "text", _kind("note")),
        Reply.objects.filter(case=case).values_list("id", "at", "text", _kind("reply")),
        Outcome.objects.filter(case=case).values_list("id", "at", "text", _kind("outcome")),
        Contact.objects.filter(case=case).values_list("id", "at", F("note"), _kind("contact")),
        Action.objects.filter(case=case).values_list("id", "planned_at", "text", _kind("action")),
        Approval.objects.filter(case=case).values_list("id", "asked_at", "text", _kind("asked")),
        Approval.objects.filter(case=case, decided_at__isnull=False).values_list(
            "id", "decided_at", F("note"), _kind("approval")
        ),
        Offer.objects.filter(case=case).values_list("id", "made_at", "text", _kind("offer")),
        Offer.objects.filter(case=case, answered_at__isnull=False).values_list(
            "id", "answered_at", F("reason"), _kind("answer")
        ),
    )
    return rows[0].union(*rows[1:], all=True)


def _kind(name: str) -> Value:
    return Value(name, output_field=CharField())


def _people(events: list[Event]) -> dict[int, str]:
    """Names of those to whom the case was given."""
    given = (EventType.ASSIGNED, EventType.FOLLOWED_UP)
    ids = {e.details.get("to") for e in events if e.type in given} - {None}
    return {user.pk: user.name for user in User.objects.filter(pk__in=ids)} if ids else {}


def _entry(
    event: Event,
    case: Case,
    written: _Words,
    people: dict[int, str],
    labels: Labels,
    at: datetime,
) -> Entry:
    details = event.details
    task = written.tasks.get(details.get("task", ""))
    entry = Entry(
        id=event.pk,
        type=event.type,
        at=event.at,
        by=event.by.name if event.by else "",
        icon=ICONS[EventType(event.type)],
        text=mask_in_text(_text(event, case, written, task)),
        channel=word(Channel, details.get("channel", "")),
        outcome=details.get("outcome", ""),
        unit=labels.unit(details.get("unit", "")),
        due_at=task.due_at if task and event.type == EventType.REFERRED else None,
        decision=word(Decision, details.get("decision", "")),
        reason=word(REASONS.get(event.type, ClosingReason), details.get("reason", "")),
        person=people.get(details.get("to") or 0, ""),
        topic=labels.topic(details.get("topic", "")),
        tag_key=details.get("tag", ""),
        tag=labels.tag(details.get("tag", "")),
        before=labels.topic(details.get("before", "")),
        by_staff=event.by_id is not None,
    )
    if event.type == EventType.CONTACTED:
        entry.outcome = word(ContactOutcome, details.get("outcome", ""))
        entry.is_reached = details.get("outcome") == ContactOutcome.REACHED
        if event.by_id is None:  # a provider took the message that tells the result
            entry.outcome = _("the result was delivered")
            entry.icon = MESSAGE_ICONS.get(details.get("channel", ""), "send")
    elif event.type == EventType.OPENED:
        entry.channel = word(Channel, case.channel)
        entry.proposal = mask_in_text(case.proposal)
    elif event.type in OF_TWO:
        _mark_other(entry, details)
    elif event.type == EventType.REPLIED:
        _mark_undo(entry, event, at)
    elif event.type in raised.EVENTS:
        entry.outcome, entry.person, entry.reason = raised.told_of(details, labels)
    _read_details(entry, details)
    if promise := _moment(details.get("promise")):
        entry.promise, entry.is_promise_kept = promise, event.at <= promise
    return entry


def _read_details(entry: Entry, details: dict[str, Any]) -> None:
    """Moments, ratings and results, where the event says any."""
    if until := details.get("until") or details.get("next_at"):
        entry.until = datetime.fromisoformat(until)
        entry.before_at = _moment(details.get("before_at"))
    if "begins" in details:
        entry.visit_begins = datetime.fromisoformat(details["begins"])
        entry.visit_ends = datetime.fromisoformat(details["ends"])
    if "action_kind" in details or "missing" in details:
        entry.action_kind = word(ActionKind, details.get("action_kind", ""))
        entry.effect = word(Effect, details.get("effect", ""))
        entry.is_to_check = bool(details.get("to_check"))
        entry.lacks_action = bool(details.get("missing"))
    if "process" in details:
        entry.ratings = (details["process"], details["action"])
    if "result" in details:
        entry.outcome = word(FollowUpState, details["result"])


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _text(event: Event, case: Case, written: _Words, task: Task | None) -> str:
    details = event.details
    if event.type == EventType.OPENED:
        return case.description
    if event.type == EventType.REFERRED and task:
        return task.question
    if event.type in (EventType.TASK_ANSWERED, EventType.TASK_SENT_BACK) and task:
        return task.answer
    if kind := FOUND_BY_MOMENT.get(EventType(event.type)):
        return written.by_moment.get((kind, event.at), "")
    for name in ("note", "reply", "outcome", "offer", "approval", "action"):
        if key := details.get(name):
            return written.by_id.get(str(key), "")
    return ""


def _mark_other(entry: Entry, details: dict[str, Any]) -> None:
    """The other case that a link, a merge or a repeat is about."""
    entry.is_target = "from" in details
    entry.is_internal = "note" in details
    entry.other = details.get("from") or details.get("into") or details.get("other", "")
    entry.link = word(LinkKind, details.get("kind", ""))
    entry.grounds = [_(REASONS_OF_REPEATS[key]) for key in details.get("reasons", ())]


def _mark_undo(entry: Entry, event: Event, at: datetime) -> None:
    """Whether the reply can still be called back, or was."""
    dispatch: Any = getattr(event, "dispatch", None)
    if dispatch is None:
        return
    entry.reply_id = event.details.get("reply", "")
    entry.is_called_back = bool(dispatch.done_at and dispatch.done_at < dispatch.not_before)
    if dispatch.done_at is None and dispatch.not_before > at:
        entry.undo_until = dispatch.not_before
