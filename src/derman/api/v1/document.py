"""The OpenAPI document: what the framework cannot know of headers, problems and nulls."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from derman.api.webhooks import messages

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
WORDS = {
    400: "Not JSON, or a key that is not known",
    401: "No token that works",
    403: "The token's role may not do this",
    404: "Nothing here for this token",
    409: "Not possible in the state the case is in",
    412: "Somebody changed the case since; read it again",
    413: "The request is too large",
    415: "The body is not application/json",
    422: "A value does not fit; `errors` says which",
    428: "If-Match is missing",
    429: "The token made too many calls in this minute; `Retry-After` says how long to wait",
}
ETAG = {"description": "The version of the case", "schema": {"type": "string"}}
WHOLE = {"schema": {"type": "integer", "minimum": 0}}
STANDING = {
    "RateLimit-Limit": {"description": "Calls a minute", **WHOLE},
    "RateLimit-Remaining": {"description": "Calls that are left in this minute", **WHOLE},
    "RateLimit-Reset": {"description": "Seconds until the next minute", **WHOLE},
}
WAIT = {"Retry-After": {"description": "Seconds to wait", **WHOLE}}
LOCATION = {"description": "Where the case is", "schema": {"type": "string"}}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The version of the case that the caller has seen.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "example": '"1"'},
}


class JsonOnly(Parser):
    """Reads a body that says it is JSON, or that does not say what it is."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type not in ("application/json", ""):
            raise HttpError(415, _("Send the body as application/json."))
        try:
            return super().parse_body(request)
        except (ValueError, RecursionError) as reason:
            raise HttpError(400, _("The body is not JSON.")) from reason


class Api(NinjaAPI):
    """The API with its document made whole."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**kwargs)
        for path, verb, operation in _operations(document):
            _complete(operation, path, verb)
        hooks, schemas = messages.described()
        document["webhooks"] = hooks
        document["components"]["schemas"].update(schemas)
        return document


def _operations(document: OpenAPISchema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


def _complete(operation: dict[str, Any], path: str, verb: str) -> None:
    on_case, writes = "{number}" in path, verb == "post"
    for parameter in operation["parameters"]:
        if parameter["in"] == "header":  # named after the argument until here
            parameter["name"] = parameter["name"].replace("_", "-").title()
    if on_case and writes:
        operation["parameters"].append(IF_MATCH)
    answers = {code: answer for code, answer in operation["responses"].items() if code < 400}
    headers: dict[str, Any] = dict(STANDING)
    if on_case or writes:
        headers |= {"ETag": ETAG} if on_case else {"ETag": ETAG, "Location": LOCATION}
    answers = {code: {**answer, "headers": headers} for code, answer in answers.items()}
    for status in sorted(_refusals(operation, on_case=on_case, writes=writes)):
        answers[status] = {"description": WORDS[status], "content": PROBLEM}
    answers[429]["headers"] = {**STANDING, **WAIT}
    operation["responses"] = answers


def _refusals(operation: dict[str, Any], *, on_case: bool, writes: bool) -> set[int]:
    found = {401, 429}
    if operation["operationId"] != "topics":
        found |= {403}
    if operation["parameters"]:
        found |= {400, 422}
    if on_case:
        found |= {404}
    if writes:
        found |= {400, 409, 413, 415, 422}
    if on_case and writes:
        found |= {412, 428}
    return found
