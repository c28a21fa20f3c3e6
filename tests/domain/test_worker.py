"""The worker's loop: fair to its reconcilers, alive for those who ask, and quick to stop."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from derman import worker
from derman.health import HEARTBEAT
from derman.worker import Reconciler, Worker
from tests.factories import MONDAY, make_case, published

HOUSEKEEPING = 600  # seconds; what is looked at less often only tidies up
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_round_gives_every_reconciler_its_turn(caplog):
    asked = []

    def broken(at: datetime, limit: int) -> int:
        raise ValueError("why")

    def counting(at: datetime, limit: int) -> int:
        asked.append((at, limit))
        return 2

    done = worker.run_round([Reconciler("broken", broken), Reconciler("counting", counting)], AT)

    assert done == (2, 1)
    assert asked == [(AT, worker.LIMIT)]
    assert "broken failed" in caplog.text


def test_settle_goes_on_until_nothing_is_due():
    left = [3, 2, 0]
    assert worker.settle([Reconciler("x", lambda at, limit: left.pop(0))], AT) == (5, 0)
    assert left == []


def test_settle_ends_when_something_fails(caplog):
    def broken(at: datetime, limit: int) -> int:
        raise ValueError("why")

    assert worker.settle([Reconciler("broken", broken)], AT) == (0, 1)


def test_housekeeping_is_looked_at_less_often():
    often, rare = Reconciler("often", lambda *_: 0), Reconciler("rare", lambda *_: 0, every=60)
    running = Worker([often, rare])

    assert running._due(AT) == [often, rare]
    assert running._due(AT + timedelta(seconds=30)) == [often]
    assert running._due(AT + timedelta(seconds=61)) == [often, rare]


@pytest.mark.django_db(transaction=True)
def test_the_worker_shows_that_it_lives_and_stops_when_told():
    cache.delete(HEARTBEAT)  # a test before may have left one: nobody empties the cache's table
    running, began = Worker([]), time.time()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    _wait_until(lambda: cache.get(HEARTBEAT) is not None)
    running.stop()
    thread.join(timeout=120)

    assert not thread.is_alive()
    assert cache.get(HEARTBEAT) >= began


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_notification_wakes_the_worker_before_its_pause_ends(monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 600.0)
    rounds = []
    running = Worker([Reconciler("seen", lambda at, limit: rounds.append(at) or 0)])
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    _wait_until(lambda: running.ear is not None)
    before = len(rounds)
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {worker.CHANNEL}")
    _wait_until(lambda: len(rounds) > before)

    running.stop()
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {worker.CHANNEL}")
    thread.join(timeout=120)
    assert not thread.is_alive()


def _wait_until(holds, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.mark.django_db
def test_a_look_at_nothing_writes_nothing_but_housekeeping_and_reads_little(remembered):
    published()
    make_case()
    at = MONDAY + timedelta(seconds=1)
    worker.settle(worker.reconcilers(), at)
    counted = {}
    for one in worker.reconcilers():
        if one.every < HOUSEKEEPING:
            with CaptureQueriesContext(connection) as captured:
                assert one.run(at, worker.LIMIT) == 0
            counted[one.name] = [query["sql"] for query in captured]

    assert not [sql for said in counted.values() for sql in said if not sql.startswith("SELECT")]
    assert {name: len(said) for name, said in counted.items() if len(said) > 2} == {}
