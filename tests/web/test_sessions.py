"""A session that is in use goes on; one write in a while is enough for that."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from derman.sessions import REFRESH, SlidingExpiry

pytestmark = pytest.mark.django_db


def visited(session: SessionStore, *, looks: bool = True) -> SessionStore:
    """The session after one request whose view looked into it."""
    request = RequestFactory().get("/")
    request.session = session

    def view(request) -> HttpResponse:
        if looks:
            request.session.get("x")
        return HttpResponse()

    SlidingExpiry(view)(request)
    return session


def stored(**values: object) -> SessionStore:
    session = SessionStore()
    session.update(values)
    session.save()
    return SessionStore(session.session_key)


def test_a_used_session_is_renewed_after_a_while():
    old = int(time.time()) - REFRESH - 1
    assert visited(stored(seen=old)).modified


def test_a_session_that_was_just_renewed_is_not_written():
    assert not visited(stored(seen=int(time.time()))).modified


def test_nobody_gets_a_session_by_looking():
    assert not visited(SessionStore()).modified
    assert not visited(stored(x=1), looks=False).modified


def test_twelve_hours_of_silence_end_it(settings):
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) == timedelta(hours=12)
