"""On PostgreSQL an urgent row wakes the worker; on SQLite it looks every second."""

import psycopg
import pytest
from django.db import connection

from derman.outbox import waking
from tests.factories import make_case, published


def listen():
    settings = connection.get_connection_params()
    known = {
        k: settings[k] for k in ("dbname", "user", "host", "port", "password") if settings.get(k)
    }
    ear = psycopg.connect(autocommit=True, **known)
    ear.execute(f"LISTEN {waking.CHANNEL}")
    return ear


@pytest.mark.django_db(transaction=True)
def test_only_what_is_urgent_wakes_the_worker():
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE '%_wakes'")
            assert cursor.fetchall() == []
        return
    profile = published()
    urgent = next(key for key, topic in profile.profile.leaves().items() if topic.emergency)
    with listen() as ear:
        make_case()
        assert not list(ear.notifies(timeout=0.3, stop_after=1))
        make_case(topic=urgent)
        assert len(list(ear.notifies(timeout=5, stop_after=1))) == 1
