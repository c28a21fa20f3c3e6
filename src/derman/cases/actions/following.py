"""After the result: the survey, and the call to whoever is not satisfied (rows C9 to C11).

Whom to ask, what an answer means and who calls is decided in `derman.quality`, which keeps those
tables; this is what it does to the case.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases import clocks, escalating
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._cycle import begin_cycle
from derman.cases.actions.concluding import close
from derman.cases.actions.informing import add_contact, end_of_calling
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, ContactOutcome, Kind
from derman.words.life import State, Verb
from derman.words.loop import FollowUpState, SkipReason


@dataclass(frozen=True)
class FollowUpResult:
    """How a follow-up ended; `owner` goes on with the case where it begins anew."""

    state: FollowUpState
    channel: str
    note: str = ""  # what was said
    owner: User | None = None


@transaction.atomic
def ask_survey(
    case: Case, survey: UUID, *, channel: str, until: datetime, at: datetime, profile: Published
) -> None:
    """Ask whether the applicant is satisfied; silence does not close the case before `until`."""
    act = Act(None, at, profile)
    waits = case.state == State.RESOLVED and case.silent_at is not None
    also = {"silent_at": max(case.silent_at, until)} if waits and case.silent_at else {}
    touch(case, Verb.SURVEY, also=also)
    record(case, EventType.SURVEY_ASKED, act, survey=str(survey), channel=channel, cycle=case.cycle)


@transaction.atomic
def skip_survey(
    case: Case, survey: UUID, reason: SkipReason, *, cycle: int, at: datetime, profile: Published
) -> None:
    """Write down why nobody was asked. The version stays: nobody who types loses their place."""
    act = Act(None, at, profile)
    record(case, EventType.SURVEY_SKIPPED, act, survey=str(survey), reason=reason, cycle=cycle)


@transaction.atomic
def let_survey_expire(
    case: Case, survey: UUID, *, cycle: int, at: datetime, profile: Published
) -> None:
    """Nobody answered in time; the silence closes the case by itself (`cases.silence`)."""
    act = Act(None, at, profile)
    record(case, EventType.SURVEY_EXPIRED, act, survey=str(survey), cycle=cycle)


@transaction.atomic
def answer_survey(
    case: Case,
    survey: UUID,
    ratings: tuple[int, int],
    *,
    satisfied: bool,
    by: User | None,
    at: datetime,
    profile: Published,
) -> None:
    """The applicant rated the process and the action: satisfied, the case is closed.

    `by` is the member of staff who took it down, None when the applicant gave it.
    """
    act = Act(by, at, profile)
    touch(case, Verb.SURVEY)
    process, action = ratings
    record(
        case,
        EventType.SURVEY_ANSWERED,
        act,
        survey=str(survey),
        process=process,
        action=action,
        satisfied=satisfied,
        cycle=case.cycle,
    )
    if satisfied:
        _close_if_allowed(case, act)


@transaction.atomic
def open_follow_up(
    case: Case,
    follow_up: UUID,
    *,
    unit: str,
    owner: User | None,
    by: User | None,
    at: datetime,
    profile: Published,
) -> None:
    """Somebody is to call: meanwhile silence does not close the case, and it has an owner."""
    act = Act(by, at, profile)
    also: dict[str, object] = {"silent_at": None} if case.state == State.RESOLVED else {}
    if case.owner_user is None and owner is not None:
        also["owner_user"] = owner
    touch(case, Verb.FOLLOW_UP, also=also)
    record(
        case,
        EventType.FOLLOW_UP_OPENED,
        act,
        follow_up=str(follow_up),
        unit=unit,
        cycle=case.cycle,
    )


@transaction.atomic
def follow_up(
    case: Case,
    follow_up: UUID,
    result: FollowUpResult,
    *,
    by: User,
    at: datetime,
    profile: Published,
) -> None:
    """The results were shared, or the applicant could not be reached; the case goes its way.

    Satisfied: closed. Still not: the next cycle, with a named owner. Not reached: closed by
    silence.
    """
    act = Act(by, at, profile)
    if result.note:
        check_text(result.note, field="note")
    _take_down_call(case, result, act)
    cycle = case.cycle
    goes_on: dict[str, Any] = {}
    if result.state == FollowUpState.DISSATISFIED:
        owner = _who_goes_on(result.owner, act)
        goes_on = {"to": owner.pk}
        begin_cycle(case, Verb.FOLLOW_UP, act, also={"owner_user": owner})
    else:
        touch(case, Verb.FOLLOW_UP, also=_silence_again(case, result, act))
    record(
        case,
        EventType.FOLLOWED_UP,
        act,
        follow_up=str(follow_up),
        result=result.state,
        channel=result.channel,
        cycle=cycle,
        **goes_on,
    )
    if result.state == FollowUpState.SATISFIED:
        _close_if_allowed(case, act)
    if result.state == FollowUpState.DISSATISFIED:
        escalating.begin_again(case, act)


def _who_goes_on(owner: User | None, act: Act) -> User:
    """A person who works here; who is away today is covered."""
    if owner is None or not owner.is_active or owner.is_service:
        raise CannotDo(_("Choose who goes on with the case."), code="required", field="owner")
    return absence.stand_in(owner, absence.day_of(act.at, act.profile.profile))


def _take_down_call(case: Case, result: FollowUpResult, act: Act) -> None:
    is_reached = result.state != FollowUpState.NOT_REACHED
    add_contact(
        case,
        act,
        channel=result.channel,
        outcome=ContactOutcome.REACHED if is_reached else ContactOutcome.NOT_REACHED,
        concludes=case.state == State.RESOLVED,
        note=result.note,
    )


def _silence_again(case: Case, result: FollowUpResult, act: Act) -> dict[str, object]:
    """The days to object run anew; whoever was reached needs no other call to hear the result."""
    if case.state != State.RESOLVED:
        return {}
    days = act.profile.profile.clocks.closing_window_days
    ended = {} if result.state == FollowUpState.NOT_REACHED else end_of_calling(case, act)
    return {"silent_at": clocks.days_later(act.at, days), **ended}


def _close_if_allowed(case: Case, act: Act) -> None:
    """Close what may be closed now; what lacks proof or an action waits for its silence."""
    if case.state != State.RESOLVED:
        return
    information = case.kind in (Kind.INFORMATION, Kind.THANKS)
    reason = ClosingReason.INFORMATION_GIVEN if information else ClosingReason.RESOLVED
    with suppress(CannotDo):
        close(case, by=act.by, at=act.at, profile=act.profile, reason=reason)
