"""A decision above somebody's authority waits; the caller holds the transaction."""

from decimal import Decimal as Amount
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from derman.cases import authority
from derman.cases.actions._core import Act, CannotDo, record, touch
from derman.cases.actions._ruling import Ruling
from derman.cases.actions.remedies import Plan, check_first
from derman.cases.models import Approval, Case
from derman.words.events import EventType
from derman.words.life import Verb
from derman.words.loop import ApprovalState, OfferState


def wait(
    case: Case,
    verb: Verb,
    ruling: Ruling,
    act: Act,
    *,
    channel: str = "",
    plan: Plan | None = None,
) -> Approval | None:
    """Let the decision wait for a second pair of eyes where it is above the person's authority.

    None: it is theirs to carry out. The case keeps its state; it may not wait for two at a time.
    """
    key = _passed_limit(case, ruling, act)
    if act.by is None or key is None:
        return None
    if case.approvals.filter(state=ApprovalState.WAITING).exists():
        raise CannotDo(_("Another decision already waits for approval."), code="approval_waits")
    check_first(case, plan, act)
    touch(case, verb)
    asked = Approval.objects.create(
        case=case,
        cycle=case.cycle,
        verb=verb,
        decision=ruling.decision,
        reason_code=ruling.reason_code,
        text=ruling.text,
        evidence=ruling.evidence,
        compensation=ruling.compensation,
        channel=channel,
        plan=_kept(plan),
        limit=key,
        asked_at=act.at,
        asked_by=act.by,
    )
    record(
        case,
        EventType.APPROVAL_ASKED,
        act,
        approval=str(asked.pk),
        verb=verb,
        limit=key,
        decision=ruling.decision or "",
        cycle=case.cycle,
    )
    return asked


def _passed_limit(case: Case, ruling: Ruling, act: Act) -> str | None:
    """Above which limit it is; of what was approved and accepted as an offer only the decision."""
    profile = act.profile.profile
    key = authority.check(act.by, case, ruling.decision, ruling.compensation, profile)
    if key and ruling.decision and _was_approved(case, ruling.compensation):
        return authority.check(act.by, case, ruling.decision, None, profile)
    return key


def _was_approved(case: Case, compensation: Amount | None) -> bool:
    """Whether a second pair of eyes agreed to this sum before the applicant accepted it."""
    if not compensation:
        return False
    approved = case.approvals.filter(
        verb=Verb.OFFER,
        state=ApprovalState.APPROVED,
        cycle=case.cycle,
        text=OuterRef("text"),
        compensation=OuterRef("compensation"),
    )
    accepted = case.offers.filter(state=OfferState.ACCEPTED, cycle=case.cycle)
    return accepted.filter(Exists(approved), compensation=compensation).exists()


def _kept(plan: Plan | None) -> dict[str, Any]:
    """The action planned with it, as it is kept until then."""
    if plan is None:
        return {}
    return {
        "kind": plan.kind,
        "text": plan.text,
        "owner_unit": plan.owner_unit,
        "due_at": plan.due_at.isoformat() if plan.due_at else None,
        "owner_user": plan.owner_user.pk if plan.owner_user else None,
    }
