"""Talking with the applicant: contacts as proof, replies, questions, promises, what they add."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks, escalating
from derman.cases.actions._closing import close_once_told
from derman.cases.actions._core import Act, CannotDo, check_text, move, record, touch
from derman.cases.actions._letter import post_instead
from derman.cases.actions._promising import come_back, owe_again, said_of
from derman.cases.merged import goes_on_in, is_of_one_person
from derman.cases.models import Case, Contact, Dispatch, Event, Reply
from derman.cases.proof import has_been_told
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import OPEN_TASK_STATES, ClockKind, ContactOutcome, ReplyChannel
from derman.words.life import State, Verb
from derman.words.loop import OfferState

# Here nobody owes a call but for an offer that no message can tell of.
BEFORE_ANSWER = (State.IN_REVIEW, State.REFERRED, State.AWAITING_APPLICANT)
FARTHEST = timedelta(days=366)  # a later promise is a slip of the keyboard


@transaction.atomic
def contact(
    case: Case,
    *,
    channel: str,
    outcome: ContactOutcome,
    by: User | None,
    at: datetime,
    profile: Published,
    note: str = "",
) -> Contact:
    """Log an attempt to reach the applicant. In `answered` or `resolved` it tells the result.

    Whoever reaches them on the promised day, or later, has come back to them.
    """
    act = Act(by, at, profile)
    if note:
        check_text(note, field="note")
    made = add_contact(
        case,
        act,
        channel=channel,
        outcome=outcome,
        concludes=case.state in (State.ANSWERED, State.RESOLVED),
        note=note,
    )
    is_reached = outcome == ContactOutcome.REACHED
    ended = come_back(case, act) if is_reached else {}
    said = said_of(case, ended)
    touch(case, Verb.CONTACT, also={**end_of_calling(case, act), **ended})
    record(case, EventType.CONTACTED, act, channel=channel, outcome=outcome, **said)
    if is_reached:
        clocks.stop(case, ClockKind.ACKNOWLEDGE, at=at)
    close_once_told(case, act)
    return made


def add_contact(
    case: Case,
    act: Act,
    *,
    channel: str,
    outcome: ContactOutcome,
    concludes: bool,
    note: str = "",
) -> Contact:
    """The row that proves an attempt; the caller holds the transaction and writes the event."""
    return Contact.objects.create(
        case=case,
        cycle=case.cycle,
        channel=channel,
        outcome=outcome,
        concludes=concludes,
        note=note,
        at=act.at,
        by=act.by,
    )


@transaction.atomic
def reply(
    case: Case,
    text: str,
    *,
    by: User,
    at: datetime,
    profile: Published,
    channel: ReplyChannel | str = "",
) -> Reply:
    """Write to the applicant; it leaves after the undo window, and keeps a promise that is due."""
    act = Act(by, at, profile)
    check_text(text)
    ended = come_back(case, act)
    said = said_of(case, ended)
    touch(case, Verb.REPLY, also=ended)
    wire = channel or case.reply_channel
    return _write(case, text, EventType.REPLIED, act, channel=wire, **said)


@transaction.atomic
def withdraw(reply: Reply, *, by: User, at: datetime, profile: Published) -> None:
    """Call a reply back while its undo window lasts: nobody is told, and the history says so.

    Only what moved no state can be called back: a question has stopped the clock and the applicant
    may have seen the state that it led to.
    """
    act = Act(by, at, profile)
    case = reply.case
    written = case.events.filter(type=EventType.REPLIED, by=by, details__reply=str(reply.pk))
    event = written.first()
    if event is None:
        raise CannotDo(_("Only whoever wrote it can call it back."), code="not_yours")
    waiting = Dispatch.objects.filter(event=event, done_at=None, not_before__gt=at)
    if not waiting.update(done_at=at):
        raise CannotDo(_("It is too late: the message is on its way."), code="too_late")
    touch(case, Verb.REPLY, also=owe_again(case, event, profile))
    record(case, EventType.REPLY_WITHDRAWN, act, reply=str(reply.pk))


@transaction.atomic
def ask(case: Case, text: str, *, by: User, at: datetime, profile: Published) -> Reply:
    """Ask the applicant for something; the resolve clock stands still until they answer."""
    act = Act(by, at, profile)
    check_text(text)
    silent_at = clocks.days_later(at, profile.profile.clocks.answer_by_applicant_days)
    also = {"silent_at": silent_at, "inform_unit": ""}
    move(case, Verb.ASK, State.AWAITING_APPLICANT, act, also=also)
    clocks.pause(case, at=at)
    return _write(case, text, EventType.ASKED, act, channel=case.reply_channel, asks=True)


def _write(
    case: Case,
    text: str,
    type_: EventType,
    act: Act,
    *,
    channel: str,
    asks: bool = False,
    **said: Any,
) -> Reply:
    written = Reply.objects.create(
        case=case, text=text, channel=channel, asks=asks, at=act.at, by=act.by
    )
    record(case, type_, act, undo=True, reply=str(written.pk), channel=channel, **said)
    return written


@transaction.atomic
def hear(case: Case, text: str, *, by: User | None, at: datetime, profile: Published) -> Reply:
    """The applicant says something: the answer we waited for, or more information.

    `by` is the member of staff who took it down, None when the applicant wrote it.
    """
    act = Act(by, at, profile)
    check_text(text)
    said = Reply.objects.create(case=case, text=text, from_applicant=True, at=at, by=by)
    if case.merged_into_id is not None:
        _pass_on(case, said, act)
        return said
    _take_in(case, act, reply=str(said.pk))
    return said


def _take_in(case: Case, act: Act, *, is_answer: bool = True, **details: Any) -> None:
    """Let the case go on where it waited for this, else wake it."""
    if is_answer and case.state == State.AWAITING_APPLICANT:
        _go_on(case, act)
        record(case, EventType.APPLICANT_ANSWERED, act, **details)
    else:
        touch(case, Verb.NOTE, also={"snoozed_until": None})
        record(case, EventType.INFORMATION_ADDED, act, **details)
        escalating.hear(case, act)


def _pass_on(case: Case, said: Reply, act: Act) -> None:
    """What is sent on a merged case reaches the one as whose part it goes on.

    The words stay where they were said: another applicant must not read them (row E11), and what
    somebody else sends is no answer to what we asked of the target's applicant.
    """
    target = goes_on_in(case)
    if target is None:
        return
    target = Case.objects.select_for_update(of=("self",)).get(pk=target.pk)
    touch(case, Verb.NOTE)
    reply = str(said.pk)
    record(case, EventType.INFORMATION_ADDED, act, reply=reply, into=target.number, quiet=True)
    origin: dict[str, Any] = {"reply": reply, "from": case.number}
    _take_in(target, act, is_answer=is_of_one_person(case, target), **origin)


@transaction.atomic
def hear_silence(case: Case, *, at: datetime, profile: Published) -> None:
    """The applicant did not answer in the profile's days: the case goes on without."""
    act = Act(None, at, profile)
    if case.silent_at is None or case.silent_at > at:
        raise CannotDo(_("The applicant still has time to answer."))
    _go_on(case, act)
    record(case, EventType.APPLICANT_SILENT, act)


def _go_on(case: Case, act: Act) -> None:
    due_at = clocks.resume(case, at=act.at, profile=act.profile)
    waiting = case.tasks.filter(state__in=OPEN_TASK_STATES).exists()
    to = State.REFERRED if waiting else State.IN_REVIEW
    also = {"silent_at": None, "due_at": due_at or case.due_at}
    move(case, Verb.HEAR, to, act, also=also)


@transaction.atomic
def promise(
    case: Case,
    due_at: datetime,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    reason: str = "",
) -> None:
    """Tell the applicant when we come back; moving a promise needs a reason (`design.md` §5).

    The message says the date that was promised here, whatever the case says when it leaves.
    """
    act = Act(by, at, profile)
    _check_date(case, due_at, at)
    moved: dict[str, Any] = {}
    if case.promised_at is not None:
        check_text(reason, field="reason")
        moved["before_at"] = case.promised_at.isoformat()
        clocks.cancel(case, at=at, kind=ClockKind.PROMISE)  # neither kept nor broken: moved
    touch(case, Verb.PROMISE, also={"promised_at": due_at})
    clock = clocks.build_dated(
        case, ClockKind.PROMISE, start=at, due_at=due_at, profile=profile.profile
    )
    clock.save(force_insert=True)
    if reason:
        filing_note(case, reason, act)
    record(case, EventType.PROMISED, act, next_at=due_at.isoformat(), **moved)


def _check_date(case: Case, due_at: datetime, at: datetime) -> None:
    """Refuse a date that is no promise: behind us, in years, or the one that they know already."""
    refused = ""
    if due_at <= at:
        refused, code = _("Choose a time that lies ahead."), "past"
    elif due_at > at + FARTHEST:
        refused, code = _("Choose a time within a year: the applicant waits for it."), "far"
    elif due_at == case.promised_at:
        refused, code = _("This is the date that was promised already."), "same"
    if refused:
        raise CannotDo(refused, code=code, field="due_at")


def filing_note(case: Case, text: str, act: Act) -> None:
    """Keep the reason of a move as an internal note."""
    case.notes.create(text=text, at=act.at, by=act.by)


@transaction.atomic
def acknowledge(case: Case, *, at: datetime, profile: Published) -> None:
    """A provider took the message that confirms receipt: the acknowledge clock is met."""
    acknowledge_all([case], at=at, profile=profile)


@transaction.atomic
def acknowledge_all(cases: Collection[Case], *, at: datetime, profile: Published) -> None:
    """Acknowledge many cases in a few statements: receipts leave by the hundred."""
    waiting = clocks.stop_acknowledging(cases, at=at)
    events = [
        Event(
            case_id=case_id,
            type=EventType.ACKNOWLEDGED,
            at=at,
            profile_id=profile.version_id,
        )
        for case_id in waiting
    ]
    Event.objects.bulk_create(events)


@transaction.atomic
def told(case: Case, *, channel: str, at: datetime, profile: Published) -> None:
    """A provider took the concluding message: proof that the applicant was informed."""
    act = Act(None, at, profile)
    add_contact(case, act, channel=channel, outcome=ContactOutcome.MESSAGE_LEFT, concludes=True)
    if also := end_of_calling(case, act):
        touch(case, Verb.CONTACT, also=also)
    record(
        case,
        EventType.CONTACTED,
        act,
        channel=channel,
        outcome=ContactOutcome.MESSAGE_LEFT,
    )
    close_once_told(case, act)


@transaction.atomic
def fail_to_tell(case: Case, *, at: datetime, profile: Published) -> None:
    """No message proved that the result arrived: somebody has to call (`design.md` §7).

    A letter that should have gone with the message waits to be posted.
    """
    act = Act(None, at, profile)
    if case.state != State.RESOLVED or has_been_told(case, profile.profile):
        raise CannotDo(_("The applicant has been told, or there is nothing to tell yet."))
    post_instead(case)
    owe_call(case, act)


def owe_call(case: Case, act: Act, **details: Any) -> None:
    """No message tells what there is to tell: whoever owns the case has to call."""
    touch(case, Verb.CONTACT, also={"inform_unit": case.owner_unit, "snoozed_until": None})
    record(case, EventType.NOT_TOLD, act, **details)


def end_of_calling(case: Case, act: Act) -> dict[str, object]:
    """Where a call was owed and has told what there was to tell; after a result the days to object
    begin now."""
    profile = act.profile.profile
    if not case.inform_unit or not _offer_was_told(case, profile):
        return {}
    if case.state in BEFORE_ANSWER:
        return {"inform_unit": ""}
    if case.state != State.RESOLVED or not has_been_told(case, profile):
        return {}
    silent_at = clocks.days_later(act.at, profile.clocks.closing_window_days)
    return {"inform_unit": "", "silent_at": silent_at}


def _offer_was_told(case: Case, profile: Profile) -> bool:
    """Whether the applicant knows of the offer that waits; there may be none."""
    waiting = case.offers.filter(state=OfferState.OPEN, channel="").first()
    if waiting is None:
        return True
    proofs = [ContactOutcome.REACHED]
    if profile.process.message_left_proves:
        proofs.append(ContactOutcome.MESSAGE_LEFT)
    return case.contacts.filter(at__gte=waiting.made_at, outcome__in=proofs).exists()
