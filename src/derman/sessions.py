"""Sessions end after hours of silence, not hours after the sign-in."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

REFRESH = 15 * 60  # seconds: one write in a while, not one with every page


class SlidingExpiry:
    """Renew a session that is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get("seen", 0) > REFRESH:
                session["seen"] = now
        return response
