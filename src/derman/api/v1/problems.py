"""Errors as problem details (RFC 9457): which status, and what stands in `errors`."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from derman.cases.actions import CannotDo, OldVersion

# Codes of `CannotDo` that are about the input and not about the state of the case.
INPUT_CODES = frozenset(
    {
        "blank",
        "nul",
        "too_long",
        "unknown_topic",
        "unknown_unit",
        "unknown_region",
        "past",
        "reason",
        "tckn",
        "idempotency",
    }
)


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
PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 412, 422, 428}): Problem}


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
        return problem(status, "The request does not fit the description of the API.", errors)

    def failed(request: HttpRequest, reason: HttpError) -> HttpResponse:
        return problem(reason.status_code, str(reason))

    api.exception_handler(CannotDo)(cannot)
    api.exception_handler(ValidationError)(invalid)
    api.exception_handler(HttpError)(failed)
    api.add_exception_handler(
        AuthenticationError, lambda request, reason: problem(401, "A valid bearer token is needed.")
    )
    api.add_exception_handler(
        PermissionDenied, lambda request, reason: problem(403, "The token's role may not do this.")
    )
    api.add_exception_handler(
        Http404, lambda request, reason: problem(404, "There is nothing here for this token.")
    )


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}


def _from_pydantic(error: dict[str, Any]) -> dict[str, str]:
    # ninja names the source and the parameter first: ("body", "data", "applicant", "phone").
    path = [str(step).replace("~", "~0").replace("/", "~1") for step in error["loc"][2:]]
    code = "missing" if error["type"] == "missing" else str(error["type"])
    return _error("".join(f"/{step}" for step in path), code, str(error["msg"]))
