"""Acting on a case once, on the version that the caller has seen."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header
from ninja.errors import HttpError

from derman.api.v1 import idempotency, pictures
from derman.api.v1.auth import caller
from derman.cases.models import Case
from derman.cases.permissions import find_case, is_left_to
from derman.profile import publishing
from derman.words.life import Verb

ETAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
Key = Annotated[
    str | None,
    Header(
        max_length=255,
        pattern="^[ -~]*$",
        description="A name of your choice for this call; repeats within 24 h get its answer.",
    ),
]


def act(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    verb: Verb,
    doing: Callable[[Case], object],
    key: str | None,
) -> dict[str, Any]:
    """Do it to the case in the version of If-Match; the case after it, with its ETag.

    428 without the header, 412 when it is old. A repeat under the same key is told what the first
    call was told, whatever became of the case meanwhile.
    """
    case = find_case(caller(request), number, verb=verb, what=f"api.{verb}", at=timezone.now())
    if not is_left_to(caller(request), verb, publishing.current().profile):
        raise PermissionDenied
    version = _version_seen(request)

    def make() -> tuple[Case, dict[str, Any]]:
        if version != case.version:
            said = _("The case has version %(version)s. Read it again, then repeat.")
            raise HttpError(HTTPStatus.PRECONDITION_FAILED, said % {"version": case.version})
        doing(case)
        return case, pictures.fresh(case, caller(request))

    shown = idempotency.once(request, caller(request), key, make, at=timezone.now())
    response["ETag"] = f'"{shown["version"]}"'
    return shown


def _version_seen(request: HttpRequest) -> int:
    header = request.headers.get("If-Match")
    if header is None:
        raise HttpError(HTTPStatus.PRECONDITION_REQUIRED, _('Send If-Match: "<version>".'))
    match = ETAG.fullmatch(header.strip())
    if match is None:
        raise HttpError(HTTPStatus.BAD_REQUEST, _('If-Match holds one version: "<version>".'))
    return int(match[1])
