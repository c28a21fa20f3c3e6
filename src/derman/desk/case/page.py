"""What the page of one case shows around its timeline. Built once for a request."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Attachment, Case, Clock
from derman.cases.permissions import files_of
from derman.desk.case import derivations, macros, timeline
from derman.desk.chips import Chip, Chips
from derman.desk.labels import word
from derman.desk.lists import workbench
from derman.desk.sections import on_page
from derman.desk.sections.section import Shown
from derman.desk.shown_people import Applicant, replaced_contact
from derman.desk.verbs import drafts, previews
from derman.desk.verbs.form import Scene, VerbForm, sensitive_words
from derman.desk.verbs.offered import FORMS, Offered, can_start, offered
from derman.desk.verbs.talking import NoteForm, ReplyForm
from derman.outbox import queries
from derman.outbox.models import Message
from derman.statements import kept
from derman.words.events import EventType
from derman.words.kinds import (
    Channel,
    ClockKind,
    ClockState,
    Decision,
    Kind,
    MessageState,
    Priority,
    Relation,
    ReplyChannel,
    TaskState,
)
from derman.words.life import State
from derman.words.rights import Place
from derman.workplace.drafts import of_case as drafts_of_case
from derman.workplace.models import Draft

MOST_EARLIER = 6
STATE_TONES = {
    State.RECEIVED: ("info", "inbox"),
    State.IN_REVIEW: ("info", "eye"),
    State.REFERRED: ("brand", "arrow-right"),
    State.ANSWERED: ("warn", "message-circle-reply"),
    State.AWAITING_APPLICANT: ("warn", "circle-pause"),
    State.RESOLVED: ("ok", "circle-check"),
    State.CLOSED: ("", "archive"),
}
TASK_TONES = {
    TaskState.OPEN: ("warn", "hourglass"),
    TaskState.STARTED: ("info", "play"),
    TaskState.ANSWERED: ("ok", "check"),
    TaskState.SENT_BACK: ("", "undo-2"),
    TaskState.CANCELLED: ("", "x"),
}
MESSAGE_TONES = {
    MessageState.QUEUED: ("", "hourglass"),
    MessageState.CLAIMED: ("", "hourglass"),
    MessageState.ACCEPTED: ("ok", "check"),
    MessageState.DELIVERED: ("ok", "check-check"),
    MessageState.FAILED: ("danger", "octagon-alert"),
    MessageState.UNKNOWN: ("warn", "circle-question-mark"),
    MessageState.CANCELLED: ("", "x"),
}


@dataclass(frozen=True)
class ShownClock:
    """A clock with its chip and how it came about."""

    label: str
    chip: Chip
    sentences: list[str]


@dataclass(frozen=True)
class ShownTask:
    """A question to a unit, as the side panel has it."""

    id: UUID
    url: str
    unit: str
    state: str
    tone: str
    icon: str
    chip: Chip
    can_start: bool


@dataclass(frozen=True)
class ShownMessage:
    """A message of the case."""

    channel: str
    to: str
    state: str
    state_key: str
    tone: str
    icon: str
    at: object
    error: str


@dataclass(frozen=True)
class Earlier:
    """Another case of the same people or account."""

    case: Case
    topic: str
    state: str


@kept
def _clocks(case: UUID, *, cycle: int) -> QuerySet[Clock]:
    found = Clock.objects.filter(case=case, cycle=cycle).exclude(state=ClockState.CANCELLED)
    return found.order_by("due_at", "kind", "id")


_messages = kept(queries.of_case)


@kept
def _earlier(
    user: User, case: UUID, applicant: UUID, customer: UUID, account: UUID | None
) -> QuerySet[Case]:
    people = (applicant, customer)
    same = Q(applicant__in=people) | Q(customer__in=people)
    if account:
        same |= Q(account=account)
    found = Case.objects.visible_to(user).filter(same, secret_reporter=False).exclude(pk=case)
    shown = found.only("number", "topic", "state", "received_at")
    return shown.order_by("-received_at", "-id")[:MOST_EARLIER]


class CasePage:
    """Everything beside and between; `list_query` keeps the list that the case is read from."""

    def __init__(self, scene: Scene, list_query: str, *, wanted: str = "") -> None:
        self.scene = scene
        self.case = scene.case
        self.list_query = list_query
        self.wanted = wanted if wanted in FORMS else ""
        self.labels = scene.labels
        self.chips = Chips(scene.profile.profile, scene.at)
        prefetch_related_objects([self.case], "contacts")
        self.applicant = Applicant(self.case, scene.user)

    @cached_property
    def offered(self) -> Offered:
        return offered(self.scene)

    @cached_property
    def main_sections(self) -> list[Shown]:
        """What stands above the timeline: what waits for somebody."""
        return on_page.shown(self.scene, "main")

    @cached_property
    def side_sections(self) -> list[Shown]:
        return on_page.shown(self.scene, "side")

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        found = timeline.entries(
            self.case, self.scene.tasks, self.labels, self.scene.at, reader=self.scene.user
        )
        for entry in found:
            entry.text = self.applicant.without_name(entry.text)
            entry.proposal = self.applicant.without_name(entry.proposal)
        return found

    @property
    def days(self) -> list[tuple[object, list[timeline.Entry]]]:
        """The timeline by day."""
        dated = groupby(self.entries, key=lambda entry: timezone.localtime(entry.at).date())
        return [(day, list(entries)) for day, entries in dated]

    @property
    def unconfirmed(self) -> str:
        return timeline.unconfirmed(self.entries)

    @property
    def tags(self) -> list[workbench.Tag]:
        """As its history says, which is read anyway."""
        now: dict[str, workbench.Tag] = {}
        for entry in self.entries:
            if entry.type == EventType.TAGGED:
                now[entry.tag_key] = workbench.tag_of(entry.tag_key, self.labels)
            elif entry.type == EventType.UNTAGGED:
                now.pop(entry.tag_key, None)
        return list(now.values())

    @cached_property
    def macros(self) -> list[macros.Choice]:
        """The macros that are offered on the case as it stands."""
        return macros.choices(self.scene)

    @property
    def last_event(self) -> int:
        return self.entries[-1].id if self.entries else 0

    @property
    def undoable(self) -> timeline.Entry | None:
        """The reader's own answer that has not left yet, the newest if there are several."""
        return next((entry for entry in reversed(self.entries) if entry.can_undo), None)

    @property
    def head(self) -> dict[str, str]:
        case = self.case
        tone, icon = STATE_TONES[State(case.state)]
        return {
            "topic": self.labels.topic(case.topic),
            "main": self.labels.topic(case.main_topic) if case.main_topic != case.topic else "",
            "state": word(State, case.state),
            "tone": tone,
            "icon": icon,
            "kind": word(Kind, case.kind),
            "channel": word(Channel, case.channel),
            "region": self.labels.region(case.region),
            "priority": "" if case.priority == Priority.NORMAL else word(Priority, case.priority),
            "decision": word(Decision, case.decision),
            "owner": case.owner_user.name if case.owner_user else "",
            "owner_unit": self.labels.unit(case.owner_unit),
            "relation": word(Relation, case.relation),
            "reply_channel": word(ReplyChannel, case.reply_channel),
        }

    @property
    def asleep_until(self) -> datetime | None:
        """When it comes back, where it is laid aside."""
        until = self.case.snoozed_until
        return until if until and until > self.scene.at else None

    @property
    def chip(self) -> Chip:
        return self.chips.of_case(self.case)

    @cached_property
    def clocks(self) -> list[ShownClock]:
        """Clocks of this cycle that still mean something, the resolve clock first."""
        found = _clocks(self.case.pk, cycle=self.case.cycle)
        order = [ClockKind.RESOLVE, ClockKind.PROMISE, ClockKind.ACKNOWLEDGE, ClockKind.INTERIM]
        shown = [
            clock
            for clock in found
            if clock.kind in order and (clock.kind != ClockKind.INTERIM or clock.stopped_at is None)
        ]
        shown.sort(key=lambda clock: order.index(ClockKind(clock.kind)))
        return [
            ShownClock(
                word(ClockKind, clock.kind),
                self.chips.of_clock(clock),
                derivations.sentences(clock.derivation),
            )
            for clock in shown
        ]

    @property
    def tasks(self) -> list[ShownTask]:
        return [
            ShownTask(
                task.pk,
                f"{reverse('desk:task', args=[self.case.number, task.pk])}?{self.list_query}",
                self.labels.unit(task.unit),
                word(TaskState, task.state),
                *TASK_TONES[TaskState(task.state)],
                self.chips.of_task(task),
                can_start(task, self.scene),
            )
            for task in self.scene.tasks
        ]

    @cached_property
    def attachments(self) -> list[Attachment]:
        return files_of(self.case, self.scene.user)

    @cached_property
    def messages(self) -> list[ShownMessage]:
        """What was sent about this case, to the applicant and to staff."""
        return [self._message(one) for one in _messages(self.case.pk)]

    @property
    def may_see_messages(self) -> bool:
        return rights.may_enter(self.scene.user, Place.MESSAGES)

    def _message(self, message: Message) -> ShownMessage:
        to_applicant = message.recipient == "applicant"
        unit = message.recipient.removeprefix("unit:")
        to = self.applicant.name if to_applicant else self.labels.unit(unit)
        if message.recipient.startswith("user:"):
            to = _("A colleague")
        elif message.recipient.startswith(("former:", "new:")):
            to = replaced_contact(message.recipient)
        state = MessageState(message.state)
        return ShownMessage(
            word(ReplyChannel, message.channel),
            to,
            word(MessageState, state),
            state,
            *MESSAGE_TONES[state],
            message.sent_at or message.queued_at,
            message.error,
        )

    @cached_property
    def earlier(self) -> list[Earlier]:
        """Other cases of the applicant, the customer or the account, newest first."""
        case = self.case
        if self.applicant.is_concealed:
            return []
        keys = (case.pk, case.applicant_id, case.customer_id, case.account_id)
        found = _earlier(self.scene.user, *keys)
        return [Earlier(c, self.labels.topic(c.topic), word(State, c.state)) for c in found]

    @cached_property
    def sensitive(self) -> list[str]:
        """Words of the description that may tell something sensitive (threats P2)."""
        return sensitive_words(f"{self.case.description} {self.case.proposal}", self.case.language)

    @cached_property
    def reply_form(self) -> VerbForm:
        return self._composer(ReplyForm)

    @cached_property
    def note_form(self) -> VerbForm:
        return self._composer(NoteForm)

    def _composer(self, form_class: type[VerbForm]) -> VerbForm:
        kept = self.kept.get(form_class.noun)
        form = form_class(scene=self.scene, initial={**self._seen, **drafts.initial(kept)})
        form.kept = kept
        return form

    @cached_property
    def kept(self) -> dict[str, Draft]:
        """What the reader began to write on this case, by form."""
        return drafts_of_case(self.scene.user, self.case.pk)

    @cached_property
    def starters(self) -> list[previews.Starter]:
        return previews.starters(self.scene)

    @property
    def _seen(self) -> dict[str, int]:
        return {"version": self.case.version, "seen": self.last_event}
