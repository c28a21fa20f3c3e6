"""The other verbs on an existing case; each answers with the case after it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from derman.api.v1.auth import context
from derman.api.v1.bodies import (
    CloseBody,
    ContactBody,
    OutcomeBody,
    ReasonBody,
    ReplyBody,
    TextBody,
)
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import answer, find_for_write
from derman.cases import actions
from derman.words.kinds import EARLY_CLOSING
from derman.words.life import Verb

router = Router(tags=["cases"])
CREATED = {201: CasePicture, **PROBLEMS}
DONE = {200: CasePicture, **PROBLEMS}
Made = Status[dict[str, Any]]


@router.post("cases/{number}/contacts", response=CREATED, operation_id="contact")
def contact(request: HttpRequest, response: HttpResponse, number: str, data: ContactBody) -> Made:
    """Log an attempt to reach the applicant."""
    case = find_for_write(request, number, Verb.CONTACT)
    given: Any = context(request)
    actions.contact(case, channel=data.channel, outcome=data.outcome, note=data.note, **given)
    return Status(201, answer(request, case, response))


@router.post("cases/{number}/replies", response=CREATED, operation_id="reply")
def reply(request: HttpRequest, response: HttpResponse, number: str, data: ReplyBody) -> Made:
    """Write to the applicant."""
    case = find_for_write(request, number, Verb.REPLY)
    given: Any = context(request)
    actions.reply(case, data.text, channel=data.channel or "", **given)
    return Status(201, answer(request, case, response))


@router.post("cases/{number}/ask", response=DONE, operation_id="ask")
def ask(
    request: HttpRequest, response: HttpResponse, number: str, data: TextBody
) -> dict[str, Any]:
    """Ask the applicant for something; the resolve clock stands still meanwhile."""
    case = find_for_write(request, number, Verb.ASK)
    given: Any = context(request)
    actions.ask(case, data.text, **given)
    return answer(request, case, response)


@router.post("cases/{number}/outcome", response=DONE, operation_id="outcome")
def outcome(
    request: HttpRequest, response: HttpResponse, number: str, data: OutcomeBody
) -> dict[str, Any]:
    """Record what was decided; the case is resolved and the applicant is told."""
    case = find_for_write(request, number, Verb.OUTCOME)
    given: Any = context(request)
    actions.outcome(case, data.decision, data.text, reason_code=data.reason_code, **given)
    return answer(request, case, response)


@router.post("cases/{number}/close", response=DONE, operation_id="close")
def close(
    request: HttpRequest, response: HttpResponse, number: str, data: CloseBody
) -> dict[str, Any]:
    """Close: a resolved case for good, or an open one early where the reason allows it."""
    early = data.reason in EARLY_CLOSING
    case = find_for_write(request, number, Verb.CLOSE_EARLY if early else Verb.CLOSE)
    given: Any = context(request)
    if early:
        actions.close_early(case, data.reason, **given)
    else:
        actions.close(case, reason=data.reason, **given)
    return answer(request, case, response)


@router.post("cases/{number}/reopen", response=DONE, operation_id="reopen")
def reopen(
    request: HttpRequest, response: HttpResponse, number: str, data: ReasonBody
) -> dict[str, Any]:
    """Begin the next cycle."""
    case = find_for_write(request, number, Verb.REOPEN)
    given: Any = context(request)
    actions.reopen(case, data.reason, **given)
    return answer(request, case, response)


@router.post("cases/{number}/notes", response=CREATED, operation_id="note")
def note(request: HttpRequest, response: HttpResponse, number: str, data: TextBody) -> Made:
    """Write an internal note; it is never sent."""
    case = find_for_write(request, number, Verb.NOTE)
    given: Any = context(request)
    actions.note(case, data.text, **given)
    return Status(201, answer(request, case, response))
