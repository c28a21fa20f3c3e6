"""What is done about a case, beside it; and the line above its history where nothing is yet."""

from typing import Any

from django.db.models import Exists, OuterRef

from derman.cases import acting
from derman.cases.models import Action, Case
from derman.desk import shown_actions
from derman.desk.chips import Chips
from derman.desk.sections.section import Section
from derman.desk.shown_actions import ShownAction
from derman.desk.verbs.acting import MISSING
from derman.desk.verbs.form import Scene


def _actions(scene: Scene) -> list[ShownAction]:
    """The newest cycle first, in each what is due first."""
    found = Action.objects.filter(case=scene.case).select_related("owner_user")
    chips = Chips(scene.profile.profile, scene.at)
    lines = []
    for action in found.order_by("-cycle", "due_at", "id"):
        action.case = scene.case
        lines.append(shown_actions.shown(action, scene.labels, chips, scene.user))
    return lines


def _missing() -> Exists:
    """Resolved and justified, and no action of this cycle stands."""
    return Exists(acting.lacking(Case.objects.filter(pk=OuterRef("pk"))))


def _is_wanted(scene: Scene) -> Any:
    return {"is_needed": acting.is_needed(scene.case, scene.profile.profile)}


ACTIONS = Section(
    key="actions",
    template="desk/actions/section.html",
    exists=lambda: Exists(Action.objects.filter(case=OuterRef("pk"))),
    load=_actions,
)
ACTION_MISSING = Section(
    key=MISSING,
    template="desk/actions/missing.html",
    exists=_missing,
    load=_is_wanted,
    place="main",
)
