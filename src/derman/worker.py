"""The worker: looks again and again for rows that are due and lets their reconcilers settle them.

It is no job system. A reconciler finds its own rows, claims them so that any number of workers
can run beside each other, and says how many it settled. PostgreSQL wakes the worker by NOTIFY;
on SQLite it looks every second.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection

from derman.administration import publication
from derman.api import limits
from derman.api.v1 import idempotency
from derman.api.webhooks import delivering, queueing
from derman.audit import guesses
from derman.cases import (
    actions,
    due,
    files,
    laid_aside,
    lapsing,
    neglected,
    relevelled,
    reminding,
    silence,
)
from derman.cases.models import Event
from derman.channels import outbound
from derman.health import HEARTBEAT
from derman.outbox import expansion, sending, waking
from derman.portal import uploads
from derman.profile import publishing
from derman.quality import asking, looking
from derman.reports import rollup
from derman.visits import closing
from derman.workplace import drafts, presence, running

log = logging.getLogger("derman.worker")

CHANNEL = waking.CHANNEL
PAUSE = 1.0  # seconds between two looks when nothing was due
HURT = 5.0  # seconds to wait after an error
BEAT = 5.0  # seconds between two heartbeats
LIMIT = 100  # rows a reconciler may settle in one go


@dataclass(frozen=True)
class Reconciler:
    """Settles up to `limit` rows that are due `at` a moment and returns how many it settled."""

    name: str
    run: Callable[[datetime, int], int]
    every: float = 0.0  # seconds between two looks; 0: with every round


def reconcilers() -> list[Reconciler]:
    """All there are, in the order in which one round runs them."""
    outbound.connect()
    return [
        Reconciler("messages of dead workers", sending.recover_leases, every=10),
        Reconciler("events that may speak", _expand),
        Reconciler("messages that are due", sending.send_due),
        Reconciler("messages to other systems", delivering.deliver_due),
        Reconciler("clocks of other levels", _relevel),
        Reconciler("clocks that are due", _settle_clocks),
        Reconciler("surveys that are due", _survey, every=10),
        Reconciler("offers that nobody answered", _let_offers_lapse, every=30),
        Reconciler("applicants who say nothing", _settle_silence, every=30),
        Reconciler("actions to be reminded of", _remind, every=30),
        Reconciler("cases that were laid aside", _wake, every=10),
        Reconciler("cases on which nothing happens", _raise_neglected, every=120),
        Reconciler("improvements to look at", _look_at_improvements, every=300),
        Reconciler("visits to cases that ended", _call_off_visits, every=60),
        Reconciler("profiles that are planned", publication.publish_due, every=2),
        Reconciler("work on many cases", _work_on_many),
        Reconciler("work on many cases that ended", running.sweep, every=600),
        Reconciler("people who left a case", _forget_presence, every=60),
        Reconciler("cases of people merged meanwhile", _follow_merges, every=60),
        Reconciler("drafts of last month", _forget_drafts, every=3600),
        Reconciler("guesses of windows that ended", _forget_guesses, every=600),
        Reconciler("sessions that ended", _forget_sessions, every=600),
        Reconciler("answers kept for repeats", _forget_answers, every=600),
        Reconciler("calls of minutes that are over", _forget_calls, every=600),
        Reconciler("messages to other systems that ended", _forget_deliveries, every=600),
        Reconciler("files of reports never sent", uploads.sweep, every=600),
        Reconciler("files without a case", files.sweep, every=600),
    ]


def _expand(at: datetime, limit: int) -> int:
    def count_and_tell(events: Sequence[Event]) -> None:
        rollup.count_events(events)
        queueing.queue(events, at=at)
        asking.plan(events, profile=publishing.current())
        actions.notice_repeats(events, at=at, profile=publishing.current())

    return expansion.expand(at, limit, after=count_and_tell)


def _settle_clocks(at: datetime, limit: int) -> int:
    return due.settle(at, limit, profile=publishing.current())


def _relevel(at: datetime, limit: int) -> int:
    return relevelled.settle(at, limit, profile=publishing.current())


def _survey(at: datetime, limit: int) -> int:
    return asking.settle(at, limit, profile=publishing.current())


def _let_offers_lapse(at: datetime, limit: int) -> int:
    return lapsing.settle(at, limit, profile=publishing.current())


def _settle_silence(at: datetime, limit: int) -> int:
    return silence.settle(at, limit, profile=publishing.current())


def _remind(at: datetime, limit: int) -> int:
    return reminding.settle(at, limit, profile=publishing.current())


def _wake(at: datetime, limit: int) -> int:
    return laid_aside.settle(at, limit, profile=publishing.current())


def _raise_neglected(at: datetime, limit: int) -> int:
    return neglected.settle(at, limit, profile=publishing.current())


def _look_at_improvements(at: datetime, limit: int) -> int:
    return looking.settle(at, limit, profile=publishing.current().profile)


def _call_off_visits(at: datetime, limit: int) -> int:
    return closing.settle(at, limit, profile=publishing.current())


def _work_on_many(at: datetime, limit: int) -> int:
    return running.settle(at, limit, profile=publishing.current())


def _follow_merges(at: datetime, limit: int) -> int:
    return actions.follow_merges(at, limit, profile=publishing.current())


def _forget_guesses(at: datetime, limit: int) -> int:
    guesses.forget(at=at)
    return 0  # housekeeping asks for no further round


def _forget_answers(at: datetime, limit: int) -> int:
    idempotency.forget(at=at)
    return 0


def _forget_calls(at: datetime, limit: int) -> int:
    limits.forget_old(at=at)
    return 0


def _forget_deliveries(at: datetime, limit: int) -> int:
    delivering.forget(at=at)
    return 0


def _forget_presence(at: datetime, limit: int) -> int:
    presence.sweep(at)
    return 0


def _forget_drafts(at: datetime, limit: int) -> int:
    drafts.sweep(at)
    return 0


def _forget_sessions(at: datetime, limit: int) -> int:
    Session.objects.filter(expire_date__lt=at).delete()
    return 0


class Worker:
    """Rounds over the reconcilers until it is told to stop."""

    def __init__(self, reconcilers: Sequence[Reconciler]) -> None:
        self.reconcilers = reconcilers
        self.stopping = threading.Event()
        self.beaten = 0.0
        self.looked: dict[str, float] = {}
        self.ear: psycopg.Connection | None = None

    def stop(self) -> None:
        self.stopping.set()

    def run_forever(self) -> None:
        """Look, settle, wait; survive a database that goes away for a while."""
        while not self.stopping.is_set():
            at = datetime.now(UTC)
            try:
                self._beat(at)
                done, failed = run_round(self._due(at), at)
                if failed:
                    self.stopping.wait(HURT)
                elif not done:
                    self._wait()
            except (DatabaseError, InterfaceError, psycopg.Error) as reason:
                log.warning("The database does not answer: %s", reason)
                self._forget_connections()
                self.stopping.wait(HURT)
        self._forget_connections()

    def _due(self, at: datetime) -> list[Reconciler]:
        """Those whose turn it is."""
        now = at.timestamp()
        due = [one for one in self.reconcilers if now - self.looked.get(one.name, 0) >= one.every]
        self.looked.update({one.name: now for one in due})
        return due

    def _beat(self, at: datetime) -> None:
        now = at.timestamp()
        if now - self.beaten >= BEAT:
            cache.set(HEARTBEAT, now, timeout=None)
            self.beaten = now

    def _wait(self) -> None:
        """Until somebody notifies, or for a moment."""
        if connection.vendor != "postgresql":
            self.stopping.wait(PAUSE)
            return
        if self.ear is None:
            self.ear = _listen()
        for _ in self.ear.notifies(timeout=PAUSE, stop_after=1):
            pass

    def _forget_connections(self) -> None:
        if self.ear is not None:
            self.ear.close()
            self.ear = None
        connection.close()


def run_round(reconcilers: Sequence[Reconciler], at: datetime) -> tuple[int, int]:
    """Let each settle what is due; one that fails does not keep the others from it."""
    done = failed = 0
    for reconciler in reconcilers:
        try:
            done += reconciler.run(at, LIMIT)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("%s failed", reconciler.name)
            failed += 1
    return done, failed


def settle(reconcilers: Sequence[Reconciler], at: datetime, rounds: int = 1000) -> tuple[int, int]:
    """Rounds until nothing is due any more at that moment: `derman worker --once`."""
    total = 0
    for _ in range(rounds):
        done, failed = run_round(reconcilers, at)
        total += done
        if failed or not done:
            return total, failed
    return total, 0


def _listen() -> psycopg.Connection:
    """A connection of its own: listening occupies it, and the pool's must stay free."""
    wanted = connection.get_connection_params()
    known = {"dbname", "user", "password", "host", "port"}
    ear = psycopg.connect(
        **{name: value for name, value in wanted.items() if name in known},
        autocommit=True,
    )
    ear.execute(f"LISTEN {CHANNEL}")
    return ear
