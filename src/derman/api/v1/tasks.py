"""Asking units, and what they answer."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from derman.api.v1.auth import caller, context
from derman.api.v1.bodies import Empty, TaskBody, TextBody
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import answer, find_for_write
from derman.cases import actions
from derman.cases.permissions import find_task
from derman.words.life import Verb

router = Router(tags=["tasks"])
CREATED = {201: CasePicture, **PROBLEMS}
DONE = {200: CasePicture, **PROBLEMS}


@router.post("cases/{number}/tasks", response=CREATED, operation_id="refer")
def refer(
    request: HttpRequest, response: HttpResponse, number: str, data: TaskBody
) -> Status[dict[str, Any]]:
    """Ask a unit; without `due_at` the topic's own time runs."""
    case = find_for_write(request, number, Verb.REFER)
    given: Any = context(request)
    actions.refer(case, data.unit, question=data.question, due_at=data.due_at, **given)
    return Status(201, answer(request, case, response))


@router.post("cases/{number}/tasks/{task_id}/start", response=DONE, operation_id="start_task")
def start(
    request: HttpRequest, response: HttpResponse, number: str, task_id: UUID, data: Empty
) -> dict[str, Any]:
    """The unit begins its work."""
    case = find_for_write(request, number, Verb.START_TASK)
    task = find_task(caller(request), case, task_id, verb=Verb.START_TASK)
    given: Any = context(request)
    actions.start_task(task, **given)
    return answer(request, case, response)


@router.post("cases/{number}/tasks/{task_id}/answer", response=DONE, operation_id="answer_task")
def answer_task(
    request: HttpRequest, response: HttpResponse, number: str, task_id: UUID, data: TextBody
) -> dict[str, Any]:
    """The unit answers; the case waits for whoever informs the applicant."""
    case = find_for_write(request, number, Verb.ANSWER_TASK)
    task = find_task(caller(request), case, task_id, verb=Verb.ANSWER_TASK)
    given: Any = context(request)
    actions.answer_task(task, data.text, **given)
    return answer(request, case, response)
