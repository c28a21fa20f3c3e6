"""One bench from empty database to table: load, look, register, compare with the bare rows."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection, connections

from derman.bench import bare, loading, runs, server, stage, table, working
from derman.bench.loading import Job
from derman.bench.runs import CONCURRENCY, CREATE
from derman.bench.table import Line, Report
from derman.profile import publishing

BARE_SECONDS = 10


def run(size: int, url: str, say: Callable[[str], None]) -> Report:
    """Measure on the database at this address, which is set up, empty and ours."""
    end = datetime.now(UTC).replace(tzinfo=None)
    job = Job(size, end, stage.add_staff())
    took = loading.load(job)
    report = Report(table.machine(), _database(), size)
    report.runs.append(_loaded(size, took))
    for row in table.lines(report.runs):
        say(row)
    ready = stage.prepare(job)
    profile = publishing.current().version_id
    connections.close_all()
    with server.run() as port:
        for one in runs.runs(ready):
            result = runs.measure(one, port)
            if result.said:
                say(f"  {one.name}: {result.said.splitlines()[0]}")
            if one.name == CREATE:
                registered = one, result
                continue
            report.runs.append(table.line(one, result))
            say(list(table.lines(report.runs[-1:]))[1])
    worked = working.measure()  # before the bare rows, which no worker could read
    limit = bare.measure(
        url,
        accounts=int(size * loading.PEOPLE),
        profile=profile,
        concurrency=CONCURRENCY,
        seconds=BARE_SECONDS,
    )
    report.runs.append(table.line(*registered, limit))
    report.runs.extend(worked)
    for row in list(table.lines(report.runs[-1 - len(worked) :]))[1:]:
        say(row)
    return report


def _loaded(size: int, took: float) -> Line:
    rate, limit = size / took, None
    if connection.vendor == "postgresql":
        limit = round(loading.plain_copy(size), 1)
    ratio = round(rate / limit, 3) if limit else None
    return Line("bulk load", loading.PROCESSES, size, 0, round(rate, 1), 0.0, 0.0, limit, ratio)


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"
