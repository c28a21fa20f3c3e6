"""Finding the case of a write and holding the caller to the version it has seen."""

import re
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.errors import HttpError

from derman.api.v1 import pictures
from derman.api.v1.auth import caller
from derman.cases.models import Case
from derman.cases.permissions import find_case, is_left_to
from derman.profile import publishing
from derman.words.life import Verb

ETAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


def find_for_write(request: HttpRequest, number: str, verb: Verb) -> Case:
    """The case, carrying the version of If-Match; 428 without the header, 412 when old."""
    case = find_case(caller(request), number, verb=verb, what=f"api.{verb}", at=timezone.now())
    if not is_left_to(caller(request), verb, publishing.current().profile):
        raise PermissionDenied
    header = request.headers.get("If-Match")
    if header is None:
        raise HttpError(HTTPStatus.PRECONDITION_REQUIRED, 'Send If-Match: "<version>".')
    match = ETAG.fullmatch(header.strip())
    if match is None:
        raise HttpError(HTTPStatus.BAD_REQUEST, 'If-Match holds one version: "<version>".')
    if int(match[1]) != case.version:
        raise HttpError(
            HTTPStatus.PRECONDITION_FAILED,
            f"The case has version {case.version}. Read it again, then repeat.",
        )
    return case


def answer(request: HttpRequest, case: Case, response: HttpResponse) -> dict[str, Any]:
    """The case after a write, with its version as the ETag."""
    shown = pictures.fresh(case, caller(request))
    response["ETag"] = f'"{shown["version"]}"'
    return shown
