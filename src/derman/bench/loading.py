"""The bulk loader: as many cases as wanted, straight into the tables, silently.

On PostgreSQL it copies (`COPY`) with two processes, with the indexes set aside and the checks of
foreign keys off; afterwards the indexes are built, so the time counts everything. On SQLite one
process inserts. The rows are well formed by construction; `tests/domain` looks at them.
"""
# ruff: noqa: S608 (the names put into statements are keys of TABLES)
# ruff: noqa: S311 (repeatable figures, no secrets)

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, connections, transaction

from derman.bench.crowd import Crowd, Person
from derman.bench.history import SPAN, History, Staff
from derman.bench.rows import ROLLUP, TABLES, Row, Rows, escape, lines
from derman.bench.texts import Texts
from derman.profile import publishing

CHUNK = 2_000  # cases between two writes
PEOPLE = 0.4  # new people for each case
PROCESSES = 2
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
"""


@dataclass(frozen=True)
class Job:
    """What to load: `size` cases until `end`, of which a process does one share."""

    size: int
    end: datetime  # naive UTC
    staff: Staff
    seed: int = 1
    share: int = 0
    shares: int = 1


def load(job: Job, processes: int = PROCESSES) -> float:
    """Load all of it and keep the rollup; returns the seconds that it took."""
    began = time.monotonic()
    if connection.vendor == "postgresql":
        with _without_indexes():
            counts = _in_processes(job, processes)
    else:
        with transaction.atomic():
            counts = load_share(job)
    _count(counts)
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return took


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Set aside the indexes that no constraint needs; build them when the block has ended."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [list(TABLES)])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    # Those of words take longest, so they begin; each core of the database builds one at a time.
    definitions = sorted((one for _, one in indexes), key=lambda one: " gin " not in one)
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(_build, definitions))


def _build(definition: str) -> None:
    """One index, over a connection of its own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute("SET max_parallel_maintenance_workers = 0")
            cursor.execute(definition)
    finally:
        connection.close()


def _in_processes(job: Job, processes: int) -> Counter[Any]:
    connections.close_all()  # a connection does not survive the fork
    shares = [Job(job.size, job.end, job.staff, job.seed, n, processes) for n in range(processes)]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=fork) as pool:
        return sum(pool.map(_load_share_unchecked, shares), Counter())


def _load_share_unchecked(job: Job) -> Counter[Any]:
    """In a process of its own, without the triggers that check foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        return load_share(job)
    finally:
        connection.close()


def load_share(job: Job) -> Counter[Any]:
    """This process's part; returns what it adds to the rollup."""
    write = _writer()
    random = Random(job.seed * 1_000 + job.share)
    profile = publishing.current()
    texts = Texts(profile.profile.key, escape if write is _copy else str)
    regions = list(profile.profile.organisation.regions)
    crowd = Crowd(texts, regions, job.end - SPAN - timedelta(days=1), random)
    history = History(texts, profile, job.staff, job.end, random)
    people: list[Person] = []
    rows = Rows()
    for done, index in enumerate(range(job.share, job.size, job.shares)):
        while len(people) <= done * PEOPLE:
            people.append(crowd.add(len(people) * job.shares + job.share, rows))
        history.add(index, (index + random.random()) / job.size, random.choice(people), rows)
        if done % CHUNK == CHUNK - 1:
            _write(rows, write)
    _write(rows, write)
    return history.counts


def plain_copy(size: int, most: int = 100_000) -> float:
    """Cases a second when their rows are copied into bare tables: the limit for loading."""
    share = min(1.0, most / size)
    seconds = 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows = int(cursor.fetchone()[0] * share)
            with cursor.cursor.copy(f"COPY (SELECT * FROM {table} LIMIT {rows}) TO STDOUT") as out:
                blocks = b"".join(out)
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
            began = time.monotonic()
            with cursor.cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                copy.write(blocks)
            seconds += time.monotonic() - began
        transaction.set_rollback(True)
    return size * share / seconds


def _writer() -> Callable[[str, list[Row]], None]:
    return _copy if connection.vendor == "postgresql" else _insert


def _write(rows: Rows, write: Callable[[str, list[Row]], None]) -> None:
    for table, found in rows.take().items():
        if found:
            write(table, found)


def _copy(table: str, rows: list[Row]) -> None:
    statement = f"COPY {table} ({', '.join(TABLES[table])}) FROM STDIN"
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(lines(rows))


def _insert(table: str, rows: list[Row]) -> None:
    columns = TABLES[table]
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            rows,
        )


def _count(counts: Counter[Any]) -> None:
    rows = [(str(day), *words, str(count)) for (day, *words), count in counts.items()]
    _writer()(ROLLUP, rows)
