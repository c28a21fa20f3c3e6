"""Ending a cycle: the outcome with its decision, closing, closing early, reopening."""

from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks, compliance
from derman.cases.actions._closing import close_if_acted_on, close_now, close_unjustified_once_told
from derman.cases.actions._core import Act, CannotDo, check_text, move, record
from derman.cases.actions._cycle import begin_cycle
from derman.cases.actions._ruling import Grounds, Ruling
from derman.cases.actions.informing import add_contact, filing_note
from derman.cases.actions.referring import cancel_tasks
from derman.cases.actions.remedies import plan_first
from derman.cases.models import Case, Outcome, Reply
from derman.cases.proof import has_been_told
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
) -> Outcome:
    """Record what was decided, and conclude: the one closing notice follows from the event.

    With `plan` the first action is planned in the same act (row C7).
    """
    act = Act(by, at, profile)
    ruling = Ruling.of(decision, text, more)
    ruling.check(case, profile.profile)
    plan_first(case, more.get("plan"), act)
    if case.state == State.REFERRED:
        _answer_by_informing(case, text, act)
    made = _conclude(case, Verb.OUTCOME, ruling, act)
    close_unjustified_once_told(case, act)
    return made


def _answer_by_informing(case: Case, text: str, act: Act) -> None:
    """Where the unit informs (row G17), the result it tells is its answer."""
    if act.profile.profile.process.informs != "unit":
        raise CannotDo(_("Wait for the unit's answer, or take the case back first."))
    waiting = list(case.tasks.filter(state__in=OPEN_TASK_STATES))
    if len(waiting) > 1:
        raise CannotDo(_("Another unit has not answered yet."))
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
) -> None:
    """Conclude without asking a unit: no work was needed (row G16)."""
    act = Act(by, at, profile)
    ruling = Ruling.of(decision, text, more)
    ruling.check(case, profile.profile)
    plan_first(case, more.get("plan"), act)
    conclude_at_once(case, ruling, act, channel=channel)


def conclude_at_once(case: Case, ruling: Ruling, act: Act, *, channel: str) -> None:
    """The writing part of `answer_at_once`; the caller has checked and holds the transaction.

    A justified complaint stays resolved while an action is missing that the profile asks for.
    """
    _conclude(case, Verb.ANSWER_AT_ONCE, ruling, act)
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


def _conclude(case: Case, verb: Verb, ruling: Ruling, act: Act) -> Outcome:
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
        at=act.at,
        by=act.by,
    )
    clocks.end_cycle(case, at=act.at)
    record(
        case,
        EventType.RESOLVED,
        act,
        decision=ruling.decision,
        outcome=str(made.pk),
        cycle=case.cycle,
        first_contact=case.first_contact,
    )
    return made


@transaction.atomic
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
    if reason in EARLY_CLOSING or (reason == ClosingReason.REFERRED_EXTERNALLY and case.cycle == 1):
        raise CannotDo(
            _("Choose another reason: others can be named only after a result was refused."),
            code="reason",
            field="reason",
        )
    if not has_been_told(case, profile.profile):
        raise CannotDo(
            _("Inform the applicant first: log the call, or wait until the message has gone."),
            code="not_told",
        )
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
