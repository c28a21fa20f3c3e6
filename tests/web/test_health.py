"""/healthz is about the process, /readyz about what it needs."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from derman import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def heartbeat():
    cache.set(health.HEARTBEAT, datetime.now(UTC).timestamp() - 3)


def test_healthz_needs_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_says_what_it_looked_at(client, heartbeat):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "ready"
    assert found["profile"] == "gas"
    assert found["checks"]["database"] is True
    assert found["checks"]["migrations"] is True
    assert 3 <= found["checks"]["worker"]["age_s"] < 60
    assert found["checks"]["outbox"] == {"oldest_s": 0}


def test_readyz_is_not_green_without_a_worker(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] == {"age_s": None}


def test_readyz_is_not_green_when_the_worker_is_silent(client):
    cache.set(health.HEARTBEAT, datetime.now(UTC).timestamp() - health.STALE - 5)
    assert client.get("/readyz").status_code == 503


def test_readyz_answers_when_the_database_does_not(client, monkeypatch):
    def refuse() -> None:
        raise health.InterfaceError("gone")

    monkeypatch.setattr(health.connection, "ensure_connection", refuse)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] is False


def test_every_answer_carries_the_policy(client):
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    for part in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
