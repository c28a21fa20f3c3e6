"""Asking units, and what they answer."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from derman.api.v1.auth import caller, context
from derman.api.v1.bodies import Empty, TaskBody, TextBody
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import Key, act
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_task
from derman.words.life import Verb

router = Router(tags=["tasks"])
CREATED = {201: CasePicture, **PROBLEMS}
DONE = {200: CasePicture, **PROBLEMS}


@router.post("cases/{number}/tasks", response=CREATED, operation_id="refer")
def refer(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: TaskBody,
    idempotency_key: Key = None,
) -> Status[dict[str, Any]]:
    """Ask a unit; without `due_at` the topic's own time runs."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.refer(case, data.unit, question=data.question, due_at=data.due_at, **given)

    return Status(201, act(request, response, number, Verb.REFER, doing, idempotency_key))


@router.post("cases/{number}/tasks/{task_id}/start", response=DONE, operation_id="start_task")
def start(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    task_id: UUID,
    data: Empty,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """The unit begins its work."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        task = find_task(caller(request), case, task_id, verb=Verb.START_TASK)
        return actions.start_task(task, **given)

    return act(request, response, number, Verb.START_TASK, doing, idempotency_key)


@router.post("cases/{number}/tasks/{task_id}/answer", response=DONE, operation_id="answer_task")
def answer_task(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    task_id: UUID,
    data: TextBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """The unit answers; the case waits for whoever informs the applicant."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        task = find_task(caller(request), case, task_id, verb=Verb.ANSWER_TASK)
        return actions.answer_task(task, data.text, **given)

    return act(request, response, number, Verb.ANSWER_TASK, doing, idempotency_key)
