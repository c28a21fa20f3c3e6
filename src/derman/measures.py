"""What is measured while requests are answered: a log line and figures, about nobody.

A request is named by its pattern (`desk/cases/<number>/`), never by its path, and its query string
is not looked at. The reference that a log line carries is in the answer's header `X-Request-ID`,
so that somebody who reports an error can name it.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

log = logging.getLogger("derman.requests")

REFERENCE = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # what a proxy may have called the request
QUIET = {"healthz", "readyz", "metrics"}  # asked every few seconds

SECONDS = Histogram(
    "derman_http_request_seconds",
    "How long answering took, by pattern, method and status.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Measures:
    """Times every request, counts it and says so in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REFERENCE, "")
        reference = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        began = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - began
        response[REFERENCE] = reference
        _tell(request, response.status_code, seconds, reference)
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern of the address; one word for all that no pattern fits."""
    match = request.resolver_match
    return match.route if match else "none"


def _tell(request: HttpRequest, status: int, seconds: float, reference: str) -> None:
    route = route_of(request)
    method = request.method if request.method in METHODS else "other"
    SECONDS.labels(route, method, str(status)).observe(seconds)
    if route in QUIET:
        return
    facts = {
        "reference": reference,
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000),
    }
    log.info("%s %s %s %d ms", method, route, status, facts["ms"], extra={"facts": facts})
