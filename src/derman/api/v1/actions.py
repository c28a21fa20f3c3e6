"""What is done about a justified case: planned, and carried out with proof."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from derman.api.v1.auth import caller, context
from derman.api.v1.bodies import ActionBody, ProofBody
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import Key, act
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_action
from derman.words.life import Verb

router = Router(tags=["actions"])


@router.post(
    "cases/{number}/actions", response={201: CasePicture, **PROBLEMS}, operation_id="plan_action"
)
def plan_action(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: ActionBody,
    idempotency_key: Key = None,
) -> Status[dict[str, Any]]:
    """Plan an action; without `due_at` the usual time runs, without `owner_unit` the case's unit
    owes it. The applicant may read the text of a `remedy`."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        plan = actions.Plan(data.kind, data.text, data.owner_unit, data.due_at)
        return actions.plan_action(case, plan, **given)

    return Status(201, act(request, response, number, Verb.PLAN_ACTION, doing, idempotency_key))


@router.post(
    "cases/{number}/actions/{action_id}/done",
    response={200: CasePicture, **PROBLEMS},
    operation_id="do_action",
)
def do_action(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    action_id: UUID,
    data: ProofBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """It was carried out; `proof` is for colleagues and is never sent."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        action = find_action(caller(request), case, action_id, verb=Verb.DO_ACTION)
        return actions.do_action(action, data.proof, **given)

    return act(request, response, number, Verb.DO_ACTION, doing, idempotency_key)
