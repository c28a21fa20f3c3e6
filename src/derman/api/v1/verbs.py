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
from derman.api.v1.versions import Key, act
from derman.cases import actions
from derman.cases.actions import Grounds
from derman.cases.models import Case
from derman.words.kinds import EARLY_CLOSING
from derman.words.life import Verb

router = Router(tags=["cases"])
CREATED = {201: CasePicture, **PROBLEMS}
DONE = {200: CasePicture, **PROBLEMS}
Made = Status[dict[str, Any]]


@router.post("cases/{number}/contacts", response=CREATED, operation_id="contact")
def contact(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: ContactBody,
    idempotency_key: Key = None,
) -> Made:
    """Log an attempt to reach the applicant."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.contact(
            case, channel=data.channel, outcome=data.outcome, note=data.note, **given
        )

    return Status(201, act(request, response, number, Verb.CONTACT, doing, idempotency_key))


@router.post("cases/{number}/replies", response=CREATED, operation_id="reply")
def reply(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: ReplyBody,
    idempotency_key: Key = None,
) -> Made:
    """Write to the applicant."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.reply(case, data.text, channel=data.channel or "", **given)

    return Status(201, act(request, response, number, Verb.REPLY, doing, idempotency_key))


@router.post("cases/{number}/ask", response=DONE, operation_id="ask")
def ask(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: TextBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Ask the applicant for something; the resolve clock stands still meanwhile."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.ask(case, data.text, **given)

    return act(request, response, number, Verb.ASK, doing, idempotency_key)


@router.post("cases/{number}/outcome", response=DONE, operation_id="outcome")
def outcome(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: OutcomeBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Record what was decided; the case is resolved and the applicant is told."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        grounds: Grounds = {
            "reason_code": data.reason_code,
            "evidence": data.evidence,
            "compensation": data.compensation,
        }
        return actions.outcome(case, data.decision, data.text, **grounds, **given)

    return act(request, response, number, Verb.OUTCOME, doing, idempotency_key)


@router.post("cases/{number}/close", response=DONE, operation_id="close")
def close(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: CloseBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Close: a resolved case for good, or an open one early where the reason allows it."""
    given: Any = context(request)
    early = data.reason in EARLY_CLOSING

    def doing(case: Case) -> None:
        if early:
            actions.close_early(case, data.reason, **given)
        else:
            actions.close(case, reason=data.reason, **given)

    verb = Verb.CLOSE_EARLY if early else Verb.CLOSE
    return act(request, response, number, verb, doing, idempotency_key)


@router.post("cases/{number}/reopen", response=DONE, operation_id="reopen")
def reopen(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: ReasonBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """Begin the next cycle."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.reopen(case, data.reason, **given)

    return act(request, response, number, Verb.REOPEN, doing, idempotency_key)


@router.post("cases/{number}/notes", response=CREATED, operation_id="note")
def note(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: TextBody,
    idempotency_key: Key = None,
) -> Made:
    """Write an internal note; it is never sent."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.note(case, data.text, **given)

    return Status(201, act(request, response, number, Verb.NOTE, doing, idempotency_key))
