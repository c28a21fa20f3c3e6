"""Is the process alive (/healthz), and may it be given work (/readyz)?"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from derman.outbox import queries

HEARTBEAT = "derman.worker.heartbeat"  # the worker's last sign of life, seconds since the epoch
STALE = 60  # seconds without one: messages would not leave


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    found = look(at=datetime.now(UTC))
    return JsonResponse(
        {
            "status": "ready" if found.ready else "not ready",
            "checks": {
                "database": found.database,
                "migrations": found.migrations,
                "worker": {"age_s": found.worker_age},
                "outbox": {"oldest_s": found.outbox_age},
            },
            "profile": settings.PROFILE,
        },
        status=200 if found.ready else 503,
    )


@dataclass
class Findings:
    """What was looked at; `ready` needs a database that is up to date and a worker that lives."""

    database: bool = False
    migrations: bool = False
    worker_age: int | None = None
    outbox_age: int | None = None  # how long the oldest waits that should have left

    @property
    def ready(self) -> bool:
        alive = self.worker_age is not None and self.worker_age <= STALE
        return self.database and self.migrations and alive


def look(*, at: datetime) -> Findings:
    """Ask the database; a database that does not answer is a finding, not an error."""
    found = Findings()
    try:
        connection.ensure_connection()
        found.database = True
        found.migrations = _up_to_date()
        found.outbox_age = _age(at, queries.oldest_waiting_at(at), queries.oldest_undealt_at(at))
        beat = cache.get(HEARTBEAT)
        found.worker_age = None if beat is None else max(0, int(at.timestamp() - beat))
    except (DatabaseError, InterfaceError):
        connection.close()
    return found


def _age(at: datetime, *moments: datetime | None) -> int:
    """Seconds since the earliest of the moments; 0 when there is none."""
    return int(max((at - moment).total_seconds() for moment in (at, *moments) if moment))


def _up_to_date() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
