"""A session that is in use goes on; one write in a while is enough for that."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import RequestFactory

from derman.sessions import REFRESH, SessionStore, SlidingExpiry

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


def test_a_sign_in_ends_after_a_day_however_busy_it_was(settings):
    now = int(time.time())
    began = now - settings.SESSION_LONGEST + 60
    session = visited(stored(seen=now - REFRESH - 1, began=began, _auth_user_id="1"))
    assert 0 < session.get_expiry_age() <= 61


def test_a_sign_in_that_is_used_ends_twelve_hours_later(settings):
    session = visited(stored(_auth_user_id="1"))
    assert session["began"]
    assert abs(session.get_expiry_age() - settings.SESSION_COOKIE_AGE) < 5


def test_a_session_past_its_end_is_not_found():
    session = SessionStore()
    session.update({"_auth_user_id": "1"})
    session.set_expiry(datetime.now(UTC) - timedelta(seconds=1))
    session.save()
    assert SessionStore(session.session_key).get("_auth_user_id") is None


def test_twelve_hours_of_silence_end_it(settings):
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) == timedelta(hours=12)


def test_what_was_kept_is_read_again_by_one_query(django_assert_num_queries):
    session = stored(name="Ayşe")
    with django_assert_num_queries(1):
        assert session["name"] == "Ayşe"
        assert session.get("other") is None


def test_a_session_that_has_ended_holds_nothing_and_loses_its_key():
    session = stored(name="Ayşe")
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    assert session.get("name") is None
    assert session.session_key is None


def test_an_unknown_key_holds_nothing():
    session = SessionStore("never-given-out")
    assert session.get("name") is None
    assert session.session_key is None
