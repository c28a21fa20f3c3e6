"""How the actions and offers of a case look from outside."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema

from derman.cases.models import Action, Approval, Offer


class ActionPicture(Schema):
    """`effect` is empty until somebody has looked; `done_at` null until it is carried out."""

    id: UUID
    kind: str
    text: str
    owner_unit: str
    due_at: datetime
    state: str
    done_at: datetime | None
    effect: str
    cycle: int


def of_action(action: Action) -> dict[str, Any]:
    """One action; its proof and the finding of its check stay inside."""
    return {
        "id": action.pk,
        **{name: getattr(action, name) for name in ActionPicture.model_fields if name != "id"},
    }


class OfferPicture(Schema):
    """`reason` is why it was refused or taken back; `answered_at` null while it is open."""

    id: UUID
    text: str
    state: str
    made_at: datetime
    answered_at: datetime | None
    reason: str
    cycle: int
    compensation: Decimal | None


class ApprovalPicture(Schema):
    """A decision or offer (`verb`) that was above somebody's authority, and what became of it."""

    id: UUID
    verb: str
    decision: str
    compensation: Decimal | None
    limit: str
    state: str
    asked_at: datetime
    decided_at: datetime | None
    note: str
    cycle: int


def of_approval(approval: Approval) -> dict[str, Any]:
    """One decision that waits or waited; its words stay inside until they are told."""
    names = ApprovalPicture.model_fields
    return {"id": approval.pk, **{name: getattr(approval, name) for name in names if name != "id"}}


def of_offer(offer: Offer) -> dict[str, Any]:
    """One offer, as it was told to the applicant."""
    names = OfferPicture.model_fields
    return {"id": offer.pk, **{name: getattr(offer, name) for name in names if name != "id"}}
