"""Errors as problem details (RFC 9457): which status, and what stands in `errors`."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as translate
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from derman.api.v1 import wording
from derman.api.v1.auth import TooMany, headers_of
from derman.cases.actions import CannotDo, OldVersion
from derman.words.marks import gettext_noop as _

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

# Codes of `CannotDo` that are about the input and not about the state of the case.
INPUT_CODES = frozenset(
    {
        "blank",
        "nul",
        "too_long",
        "unknown_topic",
        "unknown_unit",
        "unknown_region",
        "unknown_reason",
        "no_reason",
        "no_evidence",
        "same_as_before",
        "amount",
        "past",
        "reason",
        "tckn",
        "idempotency",
        "cursor",
    }
)


TOO_MANY = _("The token made too many calls in this minute.")
NO_TOKEN = _("A valid bearer token is needed.")
NOT_ALLOWED = _("The token's role may not do this.")
UNKNOWN = _("Not known whether it was done. Repeat it with the same key.")
UNFIT = _("The request does not fit the description of the API.")
NOT_HERE = _("There is nothing here for this token.")


class Problem(BaseModel):
    """Problem details."""

    class Error(BaseModel):
        pointer: str
        code: str
        detail: str

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[Error] = []


# Every operation can answer with these; they stand in the OpenAPI document.
PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 412, 422, 428, 429}): Problem}


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """An answer that says what is wrong."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def told(view: View) -> View:
    """The view, whose every refusal is problem details, those of the framework included."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            found = view(request, *args, **kwargs)
        except Exception as reason:
            found = _failure(request, reason)
        if found.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = found["Allow"]
            said = translate("This address knows only %(methods)s.") % {"methods": allowed}
            found = problem(405, said)
            found["Allow"] = allowed
        found["Cache-Control"] = "no-store"
        for name, value in headers_of(request).items():
            found[name] = value
        return found

    return answer


def _failure(request: HttpRequest, reason: Exception) -> HttpResponse:
    match reason:
        case RequestDataTooBig():
            return problem(413, translate("The request is too large."))
        case UnreadablePostError():
            return problem(400, translate("The request broke off."))
        case Http404():
            return problem(404, translate("There is nothing at this address."))
        case OperationalError() | InterfaceError():
            log.error("The database did not answer", exc_info=reason)
            refusal = problem(503, translate(UNKNOWN))
            refusal["Retry-After"] = "5"
            return refusal
    # Django would show a page; whoever listens for errors hears of it all the same.
    got_request_exception.send(sender=None, request=request)
    log.error("Internal Server Error: %s", request.path, exc_info=reason)
    return problem(500, translate("Something went wrong on our side."))


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """No operation is called so."""
    return problem(404, translate("There is nothing at this address."))


def install(api: NinjaAPI) -> None:
    """Answer every kind of failure with problem details."""

    def cannot(request: HttpRequest, reason: CannotDo) -> HttpResponse:
        if isinstance(reason, OldVersion):
            return problem(412, str(reason))
        if reason.code in INPUT_CODES:
            errors = [_error(f"/{reason.field}" if reason.field else "", reason.code, str(reason))]
            return problem(422, str(reason), errors)
        return problem(409, str(reason), [_error("", reason.code, str(reason))])

    def invalid(request: HttpRequest, reason: ValidationError) -> HttpResponse:
        errors = [_from_pydantic(error) for error in reason.errors]
        unknown = any(error["code"] == "extra_forbidden" for error in errors)
        status = 400 if unknown else 422
        return problem(status, translate(UNFIT), errors)

    def failed(request: HttpRequest, reason: HttpError) -> HttpResponse:
        # ninja calls every failure to read a body a 400; what the parser said stands behind it.
        said = reason.__cause__ if isinstance(reason.__cause__, HttpError) else reason
        return problem(said.status_code, str(said))

    api.exception_handler(CannotDo)(cannot)
    api.exception_handler(ValidationError)(invalid)
    api.exception_handler(HttpError)(failed)

    def always(status: int, words: str) -> Callable[[HttpRequest, Any], HttpResponse]:
        return lambda request, reason: problem(status, translate(words))

    api.add_exception_handler(TooMany, always(429, TOO_MANY))
    api.add_exception_handler(AuthenticationError, always(401, NO_TOKEN))
    api.add_exception_handler(PermissionDenied, always(403, NOT_ALLOWED))
    api.add_exception_handler(Http404, always(404, NOT_HERE))


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}


def _from_pydantic(error: dict[str, Any]) -> dict[str, str]:
    # ninja names the source first, and for a body the argument too:
    # ("body", "data", "applicant", "phone"), ("query", "state"), ("path", "task_id").
    source, *steps = error["loc"]
    steps = steps[1:] if source == "body" else steps
    path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
    return _error(path, str(error["type"]), wording.detail(error))
