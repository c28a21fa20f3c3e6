"""How the actions of a case look from outside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from derman.cases.models import Action


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
