"""What is done about a justified case: planned, carried out with proof, its effect looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import acting, clocks
from derman.cases.actions._closing import close_once_told
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._repetition import check_differs, check_something_new
from derman.cases.models import Action, Case
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.life import State, Verb
from derman.words.loop import ActionKind, ActionState, Effect


@dataclass(frozen=True)
class Plan:
    """An action to be planned; without a unit the case's own does it, without a date the usual."""

    kind: ActionKind
    text: str
    owner_unit: str = ""
    due_at: datetime | None = None
    owner_user: User | None = None


@transaction.atomic
def plan_action(
    case: Case, plan: Plan, *, by: User | None, at: datetime, profile: Published
) -> Action:
    """Say what will be done, by whom and by when (row C7).

    A case that was only waiting for it ends: its applicant was referred to bodies outside.
    """
    act = Act(by, at, profile)
    planned = plan_now(case, plan, act)
    close_once_told(case, act)
    return planned


def plan_now(case: Case, plan: Plan, act: Act, *, prefix: str = "") -> Action:
    """The writing part of `plan_action`; errors name the fields with `prefix` before them."""
    profile = act.profile.profile
    due_at = plan.due_at or clocks.reckon(profile.decisions.action_time, act.at, profile).at
    _check(case, plan, act, prefix)
    touch(case, Verb.PLAN_ACTION, also=_goes_on(case, act))
    action = Action.objects.create(
        case=case,
        cycle=case.cycle,
        kind=plan.kind,
        text=plan.text,
        owner_unit=plan.owner_unit or case.unit or case.owner_unit,
        owner_user=plan.owner_user,
        planned_at=act.at,
        planned_by=act.by,
        due_at=due_at,
        next_at=first_reminder(due_at, act.at, profile),
    )
    record(case, EventType.ACTION_PLANNED, act, **_keys(action))
    return action


def plan_first(case: Case, plan: Plan | None, act: Act) -> None:
    """What is planned in the same act as a decision, before it: closing looks for it."""
    if plan is not None:
        plan_now(case, plan, act, prefix="action_")


def check_first(case: Case, plan: Plan | None, act: Act) -> None:
    """Refuse what could not be planned, before a decision waits with it."""
    if plan is not None:
        _check(case, plan, act, "action_")


def _check(case: Case, plan: Plan, act: Act, prefix: str) -> None:
    check_text(plan.text, field=f"{prefix}text")
    if plan.due_at is not None and plan.due_at <= act.at:
        message = _("Choose a time that lies ahead.")
        raise CannotDo(message, code="past", field=f"{prefix}due_at")
    unit = act.profile.profile.units.get(plan.owner_unit)
    if plan.owner_unit and (unit is None or unit.retired):
        message = _("Choose a unit from the list.")
        raise CannotDo(message, code="unknown_unit", field=f"{prefix}owner_unit")
    check_differs(case, plan.text, field=f"{prefix}text")


def _goes_on(case: Case, act: Act) -> dict[str, Any]:
    """A case that could not be closed for want of an action can be closed by silence again."""
    waited = case.state == State.RESOLVED and case.silent_at is None
    return {"silent_at": act.at} if waited and acting.is_missing(case, act.profile.profile) else {}


@transaction.atomic
def do_action(
    action: Action, proof: str, *, by: User | None, at: datetime, profile: Published
) -> None:
    """It was carried out; `proof` says what shows it. The applicant may be told (row C8)."""
    act = Act(by, at, profile)
    check_text(proof, field="proof")
    _must_be_open(action)
    days = profile.profile.decisions.check_after_days
    check_at = clocks.days_later(at, days) if days else None
    touch(action.case, Verb.DO_ACTION)
    _change(
        action,
        state=ActionState.DONE,
        done_at=at,
        done_by=by,
        proof=proof,
        check_at=check_at,
        next_at=check_at,
    )
    record(action.case, EventType.ACTION_DONE, act, **_keys(action))


@transaction.atomic
def check_action(
    action: Action,
    effect: Effect,
    finding: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    instead: Plan | None = None,
) -> Action | None:
    """Say whether it helped. Where it did not, another is owed: planned here as `instead`, or it
    stands in the list of cases without an action."""
    act = Act(by, at, profile)
    check_text(finding, field="finding")
    if action.state != ActionState.DONE or action.effect:
        raise CannotDo(_("Only what was carried out is checked, and once."), code="not_done")
    touch(action.case, Verb.CHECK_ACTION)
    _change(action, effect=effect, finding=finding, checked_at=at, checked_by=by, next_at=None)
    record(action.case, EventType.ACTION_CHECKED, act, effect=effect, **_keys(action))
    return plan_now(action.case, instead, act, prefix="action_") if instead else None


@transaction.atomic
def cancel_action(
    action: Action, reason: str, *, by: User | None, at: datetime, profile: Published
) -> None:
    """It will not be done after all; where one is needed, another has to be planned.

    Of a closed case the last one that stands is not cancelled: nothing would ask for another. Nor
    is the only new one behind a result that was told to an applicant who had not been satisfied.
    """
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    _must_be_open(action)
    touch(action.case, Verb.PLAN_ACTION)
    _change(action, state=ActionState.CANCELLED, proof=reason, next_at=None)
    case = action.case
    if case.state == State.CLOSED and acting.is_missing(case, profile.profile):
        raise CannotDo(_("Plan an action first: the complaint is justified."), code="no_action")
    check_something_new(case, case.decision)
    record(case, EventType.ACTION_CANCELLED, act, **_keys(action))


@transaction.atomic
def remind_of_action(action: Action, *, at: datetime, profile: Published) -> bool:
    """Remind whoever owes it, or who checks it; beside another worker only one of the two does.

    The case's version stays: nobody who types loses their place.
    """
    act = Act(None, at, profile)
    claimed = Action.objects.filter(pk=action.pk, next_at=action.next_at, next_at__lte=at)
    if not claimed.update(next_at=_next_reminder(action, at, profile.profile)):
        return False
    to_check = {"to_check": True} if action.state == ActionState.DONE else {}
    record(action.case, EventType.ACTION_DUE, act, **_keys(action), **to_check)
    return True


@transaction.atomic
def ask_for_action(case: Case, *, at: datetime, profile: Published) -> None:
    """A justified case could be closed but for an action: it stays with its owner until one is
    planned."""
    act = Act(None, at, profile)
    if case.state != State.RESOLVED or not acting.is_missing(case, profile.profile):
        raise CannotDo(_("No action is missing on this case."))
    touch(case, Verb.PLAN_ACTION, also={"silent_at": None, "snoozed_until": None})
    record(case, EventType.ACTION_DUE, act, missing=True, unit=case.owner_unit)


def first_reminder(due_at: datetime, at: datetime, profile: Profile) -> datetime:
    """Some days before the date, or on the date where those days have begun already."""
    before = due_at - timedelta(days=profile.decisions.remind_days_before)
    return before if before > at else due_at


def _next_reminder(action: Action, at: datetime, profile: Profile) -> datetime | None:
    """On the date, then again and again; of a check only once."""
    if action.state != ActionState.OPEN:
        return None
    if at < action.due_at:
        return action.due_at
    return at + timedelta(days=profile.decisions.remind_every_days)


def _must_be_open(action: Action) -> None:
    if action.state != ActionState.OPEN:
        raise CannotDo(_("The action is carried out or cancelled already."), code="not_open")


def _change(action: Action, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(action, name, value)
    action.save(update_fields=list(changes))


def _keys(action: Action) -> dict[str, Any]:
    """What every event of an action holds."""
    owner = {"user": action.owner_user_id} if action.owner_user_id else {}
    return {
        "action": str(action.pk),
        "action_kind": action.kind,
        "unit": action.owner_unit,
        "cycle": action.cycle,
        **owner,
    }
