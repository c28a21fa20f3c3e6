"""Tokens are remembered for two seconds and no longer than they work here."""

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
    with django_assert_num_queries(2):
        first = tokens.find_user(token)
    clock[0] += 1.9
    with django_assert_num_queries(0):
        assert tokens.find_user(token) == first
    clock[0] += 0.2
    with django_assert_num_queries(2):
        tokens.find_user(token)


def test_a_token_revoked_here_is_refused_at_once():
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    assert tokens.find_user(token)
    assert tokens.revoke("crm", at=MONDAY)
    assert tokens.find_user(token) is None


def test_a_token_revoked_by_another_process_is_refused_after_two_seconds(clock):
    token = tokens.add("crm", Role.AGENT, at=MONDAY)
    assert tokens.find_user(token)
    Token.objects.update(revoked_at=MONDAY)
    clock[0] += tokens.LOOK_AGAIN
    assert tokens.find_user(token) is None


def test_what_is_wrong_is_not_remembered(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            assert tokens.find_user("derman_wrong") is None
