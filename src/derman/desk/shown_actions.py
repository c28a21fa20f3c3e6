"""An action as the desk shows it: in the list, on its page and beside its case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from derman.accounts.models import User
from derman.cases.models import Action
from derman.desk.chips import Chip, Chips
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.words.loop import ActionKind, ActionState, Effect

TONES = {
    ActionState.OPEN: ("warn", "hourglass"),
    ActionState.DONE: ("ok", "check"),
    ActionState.CANCELLED: ("", "x"),
}
EFFECT_TONES = {
    Effect.EFFECTIVE: ("ok", "check-check"),
    Effect.NOT_EFFECTIVE: ("danger", "octagon-alert"),
}


@dataclass(frozen=True)
class ShownAction:
    """One action, its texts masked."""

    id: UUID
    number: str
    url: str
    kind: str
    text: str
    unit: str
    person: str
    state: str
    state_key: str
    tone: str
    icon: str
    effect: str
    effect_tone: str
    effect_icon: str
    chip: Chip
    check_at: datetime | None
    is_open: bool
    awaits_check: bool
    topic: str


def shown(action: Action, labels: Labels, chips: Chips, reader: User) -> ShownAction:
    """Its case is read with it; of whoever owes it the name, where it is a person."""
    tone, icon = TONES[ActionState(action.state)]
    effect_tone, effect_icon = EFFECT_TONES[Effect(action.effect)] if action.effect else ("", "")
    return ShownAction(
        id=action.pk,
        number=action.case.number,
        url=reverse("desk:action", args=[action.case.number, action.pk]),
        kind=word(ActionKind, action.kind),
        text=Applicant(action.case, reader).readable(action.text),
        unit=labels.unit(action.owner_unit),
        person=action.owner_user.name if action.owner_user else "",
        state=word(ActionState, action.state),
        state_key=action.state,
        tone=tone,
        icon=icon,
        effect=word(Effect, action.effect),
        effect_tone=effect_tone,
        effect_icon=effect_icon,
        chip=chips.of_action(action),
        check_at=action.check_at,
        is_open=action.state == ActionState.OPEN,
        awaits_check=action.state == ActionState.DONE
        and not action.effect
        and action.check_at is not None,
        topic=labels.topic(action.case.topic),
    )
