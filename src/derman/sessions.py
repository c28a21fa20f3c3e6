"""Sessions end after hours of silence, and a sign-in after a day however busy it was.

They rest in Django's table, in Django's way; only reading one, which every request does, is a
written-out statement: making it anew each time cost a sixth of the tracking page.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpRequest, HttpResponse

REFRESH = 15 * 60  # seconds: one write in a while, not one with every page
READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's sessions in the database (`SESSION_ENGINE`)."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended or never was."""
        now = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(time.time(), UTC))
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])


class SlidingExpiry:
    """Renew a session that is in use, a sign-in's never beyond its longest age."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty():
            _renew(session, int(time.time()))
        return response


def _renew(session: SessionBase, now: int) -> None:
    signed_in = SESSION_KEY in session
    is_new = signed_in and "began" not in session
    if is_new:
        session["began"] = now
    if not is_new and now - session.get("seen", 0) <= REFRESH:
        return
    session["seen"] = now
    if signed_in:
        end = min(now + settings.SESSION_COOKIE_AGE, session["began"] + settings.SESSION_LONGEST)
        session.set_expiry(datetime.fromtimestamp(end, UTC))
