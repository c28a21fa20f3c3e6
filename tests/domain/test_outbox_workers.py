"""Several workers at once, and workers that are killed: real processes on one database.

The ledger is what a provider would know: a line for every text it took.
"""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from derman.outbox import expansion, sending, transports
from derman.outbox.models import Message
from derman.outbox.transports import Accepted
from derman.words.kinds import MessageState
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 24
ROUND_AT = MONDAY.isoformat()
WORKER = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from derman.outbox import sending, transports

at, ledger, point = datetime.fromisoformat(sys.argv[1]), sys.argv[2], sys.argv[3]


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Ledger:
    repeatable = False

    def send(self, message):
        if point == "before the call":
            die()
        with open(ledger, "a") as lines:
            lines.write(f"{message.id}\\n")
        if point == "after the call":
            die()
        return transports.Accepted()


if point == "after the claim":
    sending._Round._mark = lambda *args: die()
transports.register("sms", Ledger())
while sending.send_due(at, 10):
    pass
"""


@pytest.fixture
def ledger(tmp_path) -> Path:
    made = tmp_path / "ledger"
    made.touch()
    return made


@pytest.fixture(autouse=True)
def no_wires():
    transports.forget()  # whether a wire knows repeats decides what becomes of a lost message
    sending.forget_failures()
    yield
    transports.forget()
    sending.forget_failures()


@pytest.fixture
def messages():
    for number in range(COUNT):
        factories.make_case(customer=factories.make_customer(phone=f"+90532{number:07}"))
    expansion.expand(MONDAY, 1000)


def start(ledger: Path, point: str = "never") -> subprocess.Popen:
    environment = {**os.environ, "DERMAN_DATABASE_URL": database_url()}
    command = [sys.executable, "-c", WORKER, ROUND_AT, str(ledger), point]
    return subprocess.Popen(command, env=environment)


def database_url() -> str:
    """The test database, as another process names it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host = known["HOST"]
    return (
        f"postgresql:///{known['NAME']}?host={host}&port={known['PORT']}&user={known['USER']}"
        f"&password={known['PASSWORD']}"
    )


def states() -> Counter:
    return Counter(Message.objects.values_list("state", flat=True))


def test_two_workers_send_each_message_once(messages, ledger):
    workers = [start(ledger), start(ledger)]
    for worker in workers:
        assert worker.wait(timeout=300) == 0

    taken = ledger.read_text().split()
    assert len(taken) == len(set(taken)) == COUNT
    assert states() == {MessageState.ACCEPTED: COUNT}


@pytest.mark.parametrize("point", ["after the claim", "before the call", "after the call"])
def test_a_killed_worker_makes_nobody_hear_a_thing_twice(messages, ledger, point):
    assert start(ledger, point).wait(timeout=300) == -9
    later = MONDAY + sending.LEASE + timedelta(minutes=1)

    sending.recover_leases(later)
    lost = states()[MessageState.UNKNOWN]
    transports.register("sms", _ledger_here(ledger))
    while sending.send_due(later, 100):
        pass

    taken = ledger.read_text().split()
    assert len(taken) == len(set(taken))
    assert states()[MessageState.UNKNOWN] == lost
    assert states()[MessageState.ACCEPTED] == COUNT - lost
    assert lost == 0 if point == "after the claim" else 1 <= lost <= sending.AT_ONCE
    unsure = set(Message.objects.filter(state=MessageState.UNKNOWN).values_list("pk", flat=True))
    sure = {str(pk) for pk in Message.objects.values_list("pk", flat=True) if pk not in unsure}
    assert sure <= set(taken)


def _ledger_here(ledger: Path):
    class Here:
        repeatable = False

        def send(self, message):
            with ledger.open("a") as lines:
                lines.write(f"{message.id}\n")
            return Accepted()

    return Here()
