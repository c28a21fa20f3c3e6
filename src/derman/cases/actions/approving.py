"""The second pair of eyes: somebody else approves a decision that waits, or declines it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import authority, granted
from derman.cases.actions import concluding, offering
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._ruling import Ruling
from derman.cases.actions.remedies import Plan
from derman.cases.models import Approval, Case
from derman.people.reaching import can_be_written_to
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import Decision
from derman.words.life import Verb
from derman.words.loop import ActionKind, ApprovalState


@transaction.atomic
def approve(
    approval: Approval, *, by: User, at: datetime, profile: Published, note: str = ""
) -> None:
    """Let the decision be carried out as it was asked for, by whoever decided it.

    Where the applicant was to be told on the spot, the message tells them now, or somebody has to
    call.
    """
    if note:
        check_text(note, field="note")
    _settle(approval, ApprovalState.APPROVED, note, by, at, profile)
    case = approval.case
    record(case, EventType.APPROVED, Act(by, at, profile), **_keys(approval))
    act = Act(approval.asked_by, at, profile)
    if approval.verb == Verb.OFFER:
        amount = approval.compensation
        told_by = approval.channel
        offering.check_offer(case, approval.text, act, channel=told_by, compensation=amount)
        owes_call = not can_be_written_to(case.applicant.contact_points.all())
        offering.offer_now(
            case, approval.text, act, channel="", compensation=amount, owes_call=owes_call
        )
        return
    ruling = Ruling(
        Decision(approval.decision),
        approval.text,
        approval.reason_code,
        approval.evidence,
        approval.compensation,
        approved_by=by,
    )
    _check_fits(ruling, case, act)
    concluding.conclude_now(case, Verb(approval.verb), ruling, act, plan=_plan(approval, at))


def _check_fits(ruling: Ruling, case: Case, act: Act) -> None:
    """Refuse what was right when it was asked: its topic was changed since, or the profile."""
    try:
        ruling.check(case, act)
    except CannotDo as fault:
        message = _("The case has changed since: send it back, so that it is decided again.")
        raise CannotDo(message, code=fault.code) from fault


@transaction.atomic
def decline(approval: Approval, note: str, *, by: User, at: datetime, profile: Published) -> None:
    """Send the decision back to whoever asked, saying why."""
    check_text(note, field="note")
    _settle(approval, ApprovalState.DECLINED, note, by, at, profile)
    touch(approval.case, Verb.APPROVE)
    record(approval.case, EventType.DECLINED, Act(by, at, profile), **_keys(approval))


def _settle(
    approval: Approval, to: ApprovalState, note: str, by: User, at: datetime, profile: Published
) -> None:
    """Set how it ended; of two answers the first counts."""
    if by.pk == approval.asked_by_id:
        message = _("Somebody else has to look at your decision.")
        raise CannotDo(message, code="own_decision")
    case, decision = approval.case, approval.decision
    in_all = granted.in_all(case, decision, approval.compensation)
    may = authority.may_approve(by, case, decision, in_all, profile.profile)
    if not may:
        message = _("This is above your authority as well.")
        raise CannotDo(message, code="authority")
    changes = {"state": to, "decided_at": at, "decided_by": by, "note": note}
    waiting = Approval.objects.filter(pk=approval.pk, state=ApprovalState.WAITING)
    if not waiting.update(**changes):
        raise CannotDo(_("This decision does not wait any more."), code="approval_ended")
    for name, value in changes.items():
        setattr(approval, name, value)


def _keys(approval: Approval) -> dict[str, Any]:
    return {
        "approval": str(approval.pk),
        "asked_by": approval.asked_by_id,
        "verb": approval.verb,
        "limit": approval.limit,
        "decision": approval.decision,
        "cycle": approval.cycle,
    }


def _plan(approval: Approval, at: datetime) -> Plan | None:
    kept = approval.plan
    if not kept:
        return None
    user = User.objects.filter(pk=kept["owner_user"]).first() if kept["owner_user"] else None
    due_at = datetime.fromisoformat(kept["due_at"]) if kept["due_at"] else None
    if due_at and due_at <= at:  # it waited for too long: the usual time begins now
        due_at = None
    return Plan(ActionKind(kept["kind"]), kept["text"], kept["owner_unit"], due_at, user)
