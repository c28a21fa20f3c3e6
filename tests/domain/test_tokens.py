"""Tokens are remembered for two seconds and no longer than they work here."""

from datetime import timedelta

import pytest

from derman.accounts import tokens
from derman.accounts.models import Token
from derman.words.rights import Role
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """What `time.monotonic` says to tokens; a test moves it."""
    now = [100.0]
    monkeypatch.setattr(tokens.time, "monotonic", lambda: now[0])
    return now


def test_a_token_is_looked_up_once_in_two_seconds(clock, django_assert_num_queries):
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    with django_assert_num_queries(3):  # the first use of this hour is noted
        first = tokens.find_user(token, at=MONDAY)
    clock[0] += 1.9
    with django_assert_num_queries(0):
        assert tokens.find_user(token, at=MONDAY) == first
    clock[0] += 0.2
    with django_assert_num_queries(2):
        tokens.find_user(token, at=MONDAY)


def test_a_token_revoked_here_is_refused_at_once():
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    assert tokens.find_user(token, at=MONDAY)
    assert tokens.revoke("crm", at=MONDAY)
    assert tokens.find_user(token, at=MONDAY) is None


def test_a_token_revoked_by_another_process_is_refused_after_two_seconds(clock):
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    assert tokens.find_user(token, at=MONDAY)
    Token.objects.update(revoked_at=MONDAY)
    clock[0] += tokens.LOOK_AGAIN
    assert tokens.find_user(token, at=MONDAY) is None


def test_what_is_wrong_is_not_remembered(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            assert tokens.find_user("derman_wrong", at=MONDAY) is None


def test_that_a_token_was_used_is_noted_once_an_hour(clock):
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    for minutes in (0, 59, 61):
        clock[0] += 10
        tokens.find_user(token, at=MONDAY + timedelta(minutes=minutes))
    assert Token.objects.get().used_at == MONDAY + timedelta(minutes=61)
