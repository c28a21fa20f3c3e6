"""The second pair of eyes: decisions and offers above somebody's authority (ADR 0012)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from derman.api.v1.auth import context
from derman.api.v1.bodies import ApproveBody, DeclineBody
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import Key, act
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_approval
from derman.words.life import Verb

router = Router(tags=["approvals"])
DONE = {200: CasePicture, **PROBLEMS}


@router.post(
    "cases/{number}/approvals/{approval_id}/approve", response=DONE, operation_id="approve"
)
def approve(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    approval_id: UUID,
    data: ApproveBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Let a decision that waits be carried out; never by whoever made it."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.approve(find_approval(case, approval_id), note=data.note, **given)

    return act(request, response, number, Verb.APPROVE, doing, idempotency_key)


@router.post(
    "cases/{number}/approvals/{approval_id}/decline", response=DONE, operation_id="decline"
)
def decline(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    approval_id: UUID,
    data: DeclineBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Send a decision that waits back, saying why."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.decline(find_approval(case, approval_id), data.note, **given)

    return act(request, response, number, Verb.APPROVE, doing, idempotency_key)
