"""One action: what is to be done, by when, what shows it; carrying out, checking, cancelling it."""

from typing import Any
from uuid import UUID

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Action, Case
from derman.cases.permissions import find_action
from derman.desk import shown_actions
from derman.desk.case.part_page import PartPage
from derman.desk.chips import Chips
from derman.desk.frame import DeskRequest
from derman.desk.shown_people import Applicant
from derman.desk.verbs.acting import ACTION_FORMS
from derman.desk.verbs.form import Scene
from derman.desk.verbs.offered import may_on
from derman.words.life import Verb


class ActionPage(PartPage[Action]):
    """An action, for the unit that owes it and for whoever may do so on the case."""

    name, template = "action", "desk/actions/page.html"

    def find(self, user: User, case: Case, key: UUID, verb: Verb) -> Action:
        return find_action(user, case, key, verb=verb)

    def may(self, scene: Scene, part: Action, verb: Verb) -> bool:
        return part.owner_unit in rights.units_for(scene.user, verb) or may_on(scene, verb)

    def context(self, request: DeskRequest, scene: Scene, part: Action) -> dict[str, Any]:
        chips = Chips(request.profile.profile, request.at)
        applicant = Applicant(scene.case, request.user)
        return {
            "line": shown_actions.shown(part, scene.labels, chips, request.user),
            "proof": applicant.readable(part.proof),
            "finding": applicant.readable(part.finding),
            "current": "actions",
        }


PAGE = ActionPage(ACTION_FORMS)
action = PAGE.view()
ACTION_VIEWS = PAGE.verb_views()
