"""Solutions that are offered to the applicant, and how they are answered."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from derman.api.v1.auth import context
from derman.api.v1.bodies import Empty, OfferBody, ReasonBody
from derman.api.v1.pictures import CasePicture
from derman.api.v1.problems import PROBLEMS
from derman.api.v1.versions import Key, act
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_offer
from derman.words.life import Verb

router = Router(tags=["offers"])
DONE = {200: CasePicture, **PROBLEMS}


@router.post("cases/{number}/offers", response={201: CasePicture, **PROBLEMS}, operation_id="offer")
def offer(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    data: OfferBody,
    idempotency_key: Key = None,
) -> Status[dict[str, Any]]:
    """Offer a solution: by a single-use link to a contact on file, or told on a spoken `channel`.
    Without a contact nothing is sent, and the caller tells the applicant."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.offer(
            case,
            data.text,
            channel=data.channel or "",
            compensation=data.compensation,
            **given,
        )

    return Status(201, act(request, response, number, Verb.OFFER, doing, idempotency_key))


@router.post("cases/{number}/offers/{offer_id}/accept", response=DONE, operation_id="accept_offer")
def accept(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    offer_id: UUID,
    data: Empty,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """The applicant accepts; a resolved case closes, an open one is left to be concluded."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.accept(find_offer(case, offer_id), **given)

    return act(request, response, number, Verb.ACCEPT, doing, idempotency_key)


@router.post("cases/{number}/offers/{offer_id}/refuse", response=DONE, operation_id="refuse_offer")
def refuse(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    offer_id: UUID,
    data: ReasonBody,
    idempotency_key: Key = None,
) -> dict[str, Any]:
    """The applicant refuses and says why: the next cycle begins."""
    given: Any = context(request)

    def doing(case: Case) -> object:
        return actions.refuse(find_offer(case, offer_id), data.reason, **given)

    return act(request, response, number, Verb.REFUSE, doing, idempotency_key)
