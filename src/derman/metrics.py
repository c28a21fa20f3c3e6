"""/metrics: figures for Prometheus about the whole installation, only for who may see them.

Counters of requests come from the web processes' shared folder (`PROMETHEUS_MULTIPROC_DIR`, set by
`derman run`); the rest is asked from the database, so any process can answer for all machines.
"""

import ipaddress
import os
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from derman import health
from derman.cases.models import Case, Task
from derman.outbox import queries, switch
from derman.words.kinds import OPEN_TASK_STATES


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for a client of `DERMAN_METRICS_FROM`; for others there is no such page."""
    if not _may_see(request.META.get("REMOTE_ADDR", "")):
        raise Http404
    text = _of_processes() + generate_latest(_of_database(datetime.now(UTC)))
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_see(client: str) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_FROM)


def _of_processes() -> bytes:
    """What all web processes counted, or this one alone where they share no folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _of_database(at: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Database(at))
    return registry


class _Database:
    """Figures that are asked for when somebody looks."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = health.look(at=self.at)
        yield _gauge("derman_ready", "1 when work may be given.", float(found.ready))
        if not found.database:
            return
        yield _gauge(
            "derman_worker_age_seconds",
            "Since the last sign of life of a worker; -1 when there was none.",
            -1 if found.worker_age is None else found.worker_age,
        )
        yield _gauge(
            "derman_outbox_oldest_seconds",
            "How long the oldest message waits that should have left.",
            found.outbox_age or 0,
        )
        yield _gauge("derman_outbox_paused", "1 while nothing leaves.", float(switch.is_paused()))
        yield _by_state("derman_messages", "Messages by state.", queries.count_by_state())
        yield _by_state("derman_cases_open", "Open cases by state.", _open_cases())
        yield _gauge(
            "derman_cases_late",
            "Open cases past their date.",
            Case.objects.late(self.at).count(),
        )
        open_tasks = Task.objects.filter(state__in=OPEN_TASK_STATES)
        yield _gauge("derman_tasks_open", "Tasks that units owe.", open_tasks.count())
        late = open_tasks.filter(due_at__lt=self.at)
        yield _gauge("derman_tasks_late", "Of these past their date.", late.count())


def _open_cases() -> dict[str, int]:
    rows = Case.objects.open().order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def _by_state(name: str, what: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family
