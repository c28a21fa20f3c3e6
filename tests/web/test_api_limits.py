"""So many calls a minute for each token, over however many processes."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman.accounts import tokens
from derman.accounts.models import CALLS_A_MINUTE, Token
from derman.api import limits
from derman.api.limits import SHARE, Counter
from derman.api.models import Usage
from derman.words.rights import Role
from tests.factories import MONDAY, make_user, published
from tests.systems import System

pytestmark = pytest.mark.django_db
LIMIT = 600


@pytest.fixture
def token():
    tokens.add("crm", Role.AGENT, at=MONDAY, per_minute=LIMIT)
    return Token.objects.get()


def passed(counters, token, calls, *, at=MONDAY, step=timedelta()):
    """How many of the calls get through, made in turn by several processes."""
    standings = [
        counters[number % len(counters)].take(token, at=at + number * step)
        for number in range(calls)
    ]
    return sum(not standing.refused for standing in standings)


def test_one_process_lets_through_what_the_limit_says_and_no_more(token):
    here = Counter()
    assert passed([here], token, LIMIT + 50) == LIMIT
    assert Usage.objects.get().calls <= LIMIT
    refused = here.take(token, at=MONDAY + timedelta(seconds=59))
    assert (refused.refused, refused.left, refused.seconds) == (True, 0, 1)


def test_the_next_minute_is_another(token):
    here = Counter()
    passed([here], token, LIMIT + 1)
    later = here.take(token, at=MONDAY + timedelta(minutes=1))
    assert (later.refused, later.left, later.seconds) == (False, LIMIT - 1, 60)


@pytest.mark.parametrize("processes", [2, 4, 8])
@pytest.mark.parametrize("step", [timedelta(), timedelta(milliseconds=20)])
def test_many_processes_together_let_through_about_as_much(token, processes, step):
    counters = [Counter() for _ in range(processes)]
    got = passed(counters, token, 3 * LIMIT, step=step)
    assert LIMIT <= got <= LIMIT + processes * LIMIT // SHARE


def test_a_process_that_starts_late_learns_of_the_others(token):
    passed([Counter()], token, LIMIT)
    assert 1 <= passed([Counter()], token, 50) <= LIMIT // SHARE


def test_tokens_are_counted_apart(token):
    tokens.add("erp", Role.AGENT, at=MONDAY, per_minute=LIMIT)
    here = Counter()
    assert passed([here], token, LIMIT + 1) == LIMIT
    assert passed([here], Token.objects.get(name="erp"), LIMIT + 1) == LIMIT


def test_counting_costs_a_statement_a_second_at_most(token):
    here = Counter()
    with CaptureQueriesContext(connection) as captured:
        passed([here], token, 100, step=timedelta(milliseconds=100))
    assert len(captured) == 10


def test_refused_calls_cost_next_to_nothing(token):
    here = Counter()
    passed([here], token, LIMIT)
    with CaptureQueriesContext(connection) as captured:
        assert passed([here], token, 500, step=timedelta(milliseconds=100)) == 0
    assert len(captured) <= 1  # what was let through and not told yet


def test_a_busy_database_refuses_nobody_and_is_told_later(token, monkeypatch):
    class Busy:
        def cursor(self):
            raise OperationalError("database is locked")

    here = Counter()
    with monkeypatch.context() as broken:
        broken.setattr(limits, "connection", Busy())
        assert passed([here], token, 10) == 10
    here.take(token, at=MONDAY + timedelta(seconds=2))
    assert Usage.objects.get().calls == 11


def test_rows_of_minutes_that_are_over_are_dropped(token):
    passed([Counter()], token, 1)
    limits.forget_old(at=MONDAY + timedelta(minutes=1))
    assert Usage.objects.exists()
    limits.forget_old(at=MONDAY + timedelta(minutes=2))
    assert not Usage.objects.exists()


def test_every_answer_says_what_is_left_and_a_refusal_how_long_to_wait(monkeypatch):
    published()
    api = System()
    Token.objects.update(per_minute=2)
    now = timezone.now()  # held: the minute does not turn between the calls
    monkeypatch.setattr(timezone, "now", lambda: now)

    first, missing, refused = api.get("cases"), api.get("cases/264839172"), api.get("cases")
    assert (first.status_code, missing.status_code, refused.status_code) == (200, 404, 429)
    assert [answer["RateLimit-Remaining"] for answer in (first, missing, refused)] == list("100")
    assert first["RateLimit-Limit"] == "2"
    assert 1 <= int(refused["Retry-After"]) == int(refused["RateLimit-Reset"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    assert "RateLimit-Limit" not in api.client.get("/api/v1/openapi.json")


def test_the_limit_of_a_token_is_set_where_it_is_made():
    published()
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    said = {"name": "crm", "role": "agent", "unit": ""}

    assert client.post("/settings/tokens/", {**said, "per_minute": 599}).status_code == 422
    assert not Token.objects.exists()
    assert client.post("/settings/tokens/", {**said, "per_minute": 6000}).status_code == 200
    assert client.post("/settings/tokens/", {**said, "name": "erp"}).status_code == 200
    assert dict(Token.objects.values_list("name", "per_minute")) == {
        "crm": 6000,
        "erp": CALLS_A_MINUTE,
    }
    assert ">6000<" in client.get("/settings/tokens/").content.decode()
