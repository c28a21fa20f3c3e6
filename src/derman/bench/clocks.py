"""Clocks that are due: receipts to confirm, interim information to give, levels that fire.

They are laid on open cases of the load, a third of each kind, and settled in the product's shares
on a working day at noon, when nobody's quiet hours hold anything back.
"""

import time
from datetime import UTC, datetime, timedelta

from derman import worker
from derman.bench.client import Result
from derman.cases import due
from derman.cases.models import Case, Clock
from derman.lib.worktime import Budget
from derman.profile import publishing
from derman.profile.publishing import Published
from derman.words.kinds import ClockKind, ClockState

OF_EACH = 2_000
INTERVAL = Budget(3, "working_days")


def settle(longest: float) -> Result:
    """Settle them all, or as many as the time allows."""
    at, profile = _noon(), _with_interim()
    _lay(at, OF_EACH)
    result, began = Result(), time.monotonic()
    while time.monotonic() - began < longest:
        start = time.monotonic()
        done = due.settle(at, worker.LIMIT, profile=profile)
        if not done:
            break
        result.seconds += [(time.monotonic() - start) / done] * done
    result.took = time.monotonic() - began
    return result


def _lay(at: datetime, of_each: int) -> None:
    """Make the clocks due at that moment, and no other."""
    Clock.objects.filter(next_at__lte=at).update(next_at=at + timedelta(days=1))
    cases = list(Case.objects.open().order_by("-received_at").values_list("pk", flat=True))
    running = Clock.objects.filter(kind=ClockKind.RESOLVE, state=ClockState.RUNNING)
    late = list(running.order_by("due_at").values_list("pk", flat=True)[:of_each])
    running.filter(pk__in=late).update(due_at=at, next_at=at, level=0)
    rows = [
        Clock(
            case_id=case,
            kind=kind,
            budget="1 working day",
            started_at=at - timedelta(days=1),
            due_at=at + timedelta(hours=1),
            next_at=at,
        )
        for kind, first in ((ClockKind.ACKNOWLEDGE, 0), (ClockKind.INTERIM, of_each))
        for case in cases[first : first + of_each]
    ]
    Clock.objects.bulk_create(rows, batch_size=500)


def _noon() -> datetime:
    """Noon in UTC of the last working day that is over."""
    at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return at - timedelta(days=max(0, at.weekday() - 4))


def _with_interim() -> Published:
    """What is published, with interim information switched on."""
    published = publishing.current()
    clocks = published.profile.clocks.model_copy(update={"interim": INTERVAL})
    return Published(published.profile.model_copy(update={"clocks": clocks}), published.version_id)
