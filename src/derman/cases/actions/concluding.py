"""Ending a cycle: the outcome with its decision, closing, closing early, reopening."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks, compliance, escalating, unsettled
from derman.cases.actions._closing import close_if_acted_on, close_now, close_once_told
from derman.cases.actions._core import Act, CannotDo, check_possible, check_text, move, record
from derman.cases.actions._cycle import begin_cycle, end_offers
from derman.cases.actions._letter import letter_for_closing, send_letter
from derman.cases.actions._repetition import check_something_new
from derman.cases.actions._ruling import Grounds, Ruling
from derman.cases.actions._waiting import wait
from derman.cases.actions.informing import add_contact, filing_note, owe_call
from derman.cases.actions.referring import cancel_tasks
from derman.cases.actions.remedies import Plan, plan_first
from derman.cases.models import Approval, Case, Outcome, Reply, Task
from derman.cases.proof import has_been_told, is_proven
from derman.people.reaching import can_be_written_to
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import (
    EARLY_CLOSING,
    OPEN_TASK_STATES,
    SPOKEN,
    ClockKind,
    ClosingReason,
    ContactOutcome,
    Decision,
    Kind,
    TaskState,
)
from derman.words.life import State, Verb


@transaction.atomic
def outcome(
    case: Case,
    decision: Decision,
    text: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    **more: Unpack[Grounds],
) -> Outcome | Approval:
    """Record what was decided, and conclude: the one closing notice follows from the event.

    With `plan` the first action is planned in the same act (row C7). What is above the authority
    of `by` waits for a second pair of eyes.
    """
    act = Act(by, at, profile)
    ruling = Ruling.of(decision, text, more)
    ruling.check(case, act)
    if case.state == State.REFERRED:
        _owed_by_informer(case, act)
    plan = more.get("plan")
    check_something_new(case, decision, is_planned=plan is not None)
    asked = wait(case, Verb.OUTCOME, ruling, act, plan=plan)
    return asked or conclude_now(case, Verb.OUTCOME, ruling, act, plan=plan)


def conclude_now(
    case: Case, verb: Verb, ruling: Ruling, act: Act, *, plan: Plan | None = None
) -> Outcome:
    """The writing part of `outcome`; the caller has checked and holds the transaction."""
    waiting = _owed_by_informer(case, act) if case.state == State.REFERRED else []
    plan_first(case, plan, act)
    check_something_new(case, ruling.decision)
    _answer_by_informing(case, waiting, ruling.text, act)
    made = conclude(case, verb, ruling, act)
    close_once_told(case, act)
    if case.state == State.RESOLVED and _needs_call(case, ruling, act):
        owe_call(case, act)
    return made


def _needs_call(case: Case, ruling: Ruling, act: Act) -> bool:
    """Whether nobody has told the result and no message can.

    With no contact on file whoever decides is the last who can tell it; what somebody else approved
    they could not tell yet.
    """
    if can_be_written_to(case.applicant.contact_points.all()):
        return False
    is_told = is_proven if ruling.approved_by else has_been_told
    return not is_told(case, act.profile.profile)


def _owed_by_informer(case: Case, act: Act) -> list[Task]:
    """Where the unit informs (row G17), the result it tells is its answer to this task."""
    if act.profile.profile.process.informs != "unit":
        raise CannotDo(_("Wait for the unit's answer, or take the case back first."))
    waiting = list(case.tasks.filter(state__in=OPEN_TASK_STATES))
    if len(waiting) > 1:
        raise CannotDo(_("Another unit has not answered yet."))
    return waiting


def _answer_by_informing(case: Case, waiting: Iterable[Task], text: str, act: Act) -> None:
    for task in waiting:
        task.state = TaskState.ANSWERED
        task.answer = text
        task.answered_at = act.at
        task.answered_by = act.by
        task.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        clocks.stop(case, ClockKind.TASK, at=act.at, task=task)


@transaction.atomic
def answer_at_once(
    case: Case,
    decision: Decision,
    text: str,
    *,
    channel: str,
    by: User,
    at: datetime,
    profile: Published,
    **more: Unpack[Grounds],
) -> Approval | None:
    """Conclude without asking a unit: no work was needed (row G16).

    What is above the authority of `by` waits: then somebody has to tell the applicant so.
    """
    act = Act(by, at, profile)
    ruling = Ruling.of(decision, text, more)
    ruling.check(case, act)
    plan = more.get("plan")
    check_something_new(case, decision, is_planned=plan is not None)
    asked = wait(case, Verb.ANSWER_AT_ONCE, ruling, act, channel=channel, plan=plan)
    if asked is None:
        plan_first(case, plan, act)
        conclude_at_once(case, ruling, act, channel=channel)
    return asked


def conclude_at_once(case: Case, ruling: Ruling, act: Act, *, channel: str) -> None:
    """The writing part of `answer_at_once`; the caller has checked and holds the transaction.

    A justified complaint stays resolved while an action is missing that the profile asks for.
    """
    conclude(case, Verb.ANSWER_AT_ONCE, ruling, act)
    if channel in SPOKEN:
        add_contact(case, act, channel=channel, outcome=ContactOutcome.REACHED, concludes=True)
        record(
            case,
            EventType.CONTACTED,
            act,
            channel=channel,
            outcome=ContactOutcome.REACHED,
        )
        if act.profile.profile.process.closes_when_answered_at_once:
            information = case.kind in (Kind.INFORMATION, Kind.THANKS)
            reason = ClosingReason.INFORMATION_GIVEN if information else ClosingReason.RESOLVED
            close_if_acted_on(case, reason, act)


def conclude(
    case: Case,
    verb: Verb,
    ruling: Ruling,
    act: Act,
    *,
    event: EventType = EventType.RESOLVED,
    **details: Any,
) -> Outcome:
    """To `resolved` with an outcome, by the one event that tells the applicant."""
    silent_at = clocks.days_later(act.at, act.profile.profile.clocks.closing_window_days)
    also = {
        "resolved_at": act.at,
        "decision": ruling.decision,
        "silent_at": silent_at,
        "inform_unit": "",
    }
    move(case, verb, State.RESOLVED, act, also=also)
    made = Outcome.objects.create(
        case=case,
        cycle=case.cycle,
        decision=ruling.decision,
        reason_code=ruling.reason_code,
        text=ruling.text,
        evidence=ruling.evidence,
        compensation=ruling.compensation,
        approved_by=ruling.approved_by,
        at=act.at,
        by=act.by,
    )
    clocks.end_cycle(case, at=act.at)
    record(
        case,
        event,
        act,
        decision=ruling.decision,
        outcome=str(made.pk),
        cycle=case.cycle,
        first_contact=case.first_contact,
        **details,
    )
    return made


def close(
    case: Case,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    reason: ClosingReason = ClosingReason.RESOLVED,
) -> None:
    """Close a resolved case, silently; needs proof that the applicant was told."""
    act = Act(by, at, profile)
    is_referred = reason == ClosingReason.REFERRED_EXTERNALLY
    if reason in EARLY_CLOSING or (is_referred and case.cycle == 1):
        raise CannotDo(
            _("Choose another reason: others can be named only after a result was refused."),
            code="reason",
            field="reason",
        )
    check_possible(case, Verb.CLOSE)
    if by is not None and not is_referred and unsettled.awaits_call(case):
        raise CannotDo(
            _("Log the follow-up first: the applicant is not satisfied and is to be called."),
            code="follow_up_open",
        )
    if not has_been_told(case, profile.profile):
        raise CannotDo(
            _("Inform the applicant first: log the call, or wait until the message has gone."),
            code="not_told",
        )
    paper = letter_for_closing(case, act) if is_referred else None
    with transaction.atomic():
        if paper:
            send_letter(case, paper, act)
        close_now(case, reason, act)


@transaction.atomic
def close_early(
    case: Case,
    reason: ClosingReason,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    text: str = "",
) -> None:
    """End an open case without a decision; the applicant is told why, unless they withdrew."""
    act = Act(by, at, profile)
    if reason not in EARLY_CLOSING:
        raise CannotDo(_("Choose a reason from the list."), code="reason", field="reason")
    also = {
        "closed_at": at,
        "closing_reason": reason,
        "decision": Decision.NOT_APPLICABLE,
        "silent_at": None,
        "inform_unit": "",
    }
    move(case, Verb.CLOSE_EARLY, State.CLOSED, act, also=also)
    end_offers(case, act)
    cancel_tasks(case, act)
    clocks.cancel(case, at=at)
    check = compliance.store(case, at=at, profile=profile)
    details: dict[str, Any] = {"reason": reason, "cycle": case.cycle, "passed": check.passed}
    if text:
        written = Reply.objects.create(case=case, text=check_text(text), at=at, by=by)
        details["reply"] = str(written.pk)
    record(case, EventType.CLOSED_EARLY, act, **details)


@transaction.atomic
def reopen(case: Case, reason: str, *, by: User | None, at: datetime, profile: Published) -> None:
    """Begin the next cycle: a new resolve clock, the last decision kept in its outcome."""
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    begin_cycle(case, Verb.REOPEN, act)
    filing_note(case, reason, act)
    record(case, EventType.REOPENED, act, cycle=case.cycle)
    escalating.reopen(case, act)
