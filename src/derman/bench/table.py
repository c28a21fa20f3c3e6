"""What was measured, as a table for people and as `var/bench.json` for scripts."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from derman.bench.client import Result
from derman.bench.runs import Run

WIDTHS = (32, 5, 8, 6, 10, 9, 9, 10, 7)
HEAD = ("", "at", "n", "errors", "a second", "p50 ms", "p95 ms", "limit", "ratio")


@dataclass(frozen=True)
class Line:
    """One run; `limit_rps` is what the database does alone, where that says something."""

    name: str
    concurrency: int
    n: int
    errors: int
    rps: float
    p50_ms: float
    p95_ms: float
    limit_rps: float | None = None
    ratio: float | None = None


@dataclass(frozen=True)
class Report:
    """All runs on one machine."""

    machine: str
    database: str
    size: int
    runs: list[Line] = field(default_factory=list)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")


def line(run: Run, result: Result, limit: float | None = None) -> Line:
    """A run and its result, rounded."""
    return Line(
        name=run.name,
        concurrency=run.concurrency,
        n=len(result.seconds) + result.errors,
        errors=result.errors,
        rps=round(result.rps, 1),
        p50_ms=round(result.percentile(0.5), 2),
        p95_ms=round(result.percentile(0.95), 2),
        limit_rps=round(limit, 1) if limit else None,
        ratio=round(result.rps / limit, 3) if limit else None,
    )


def lines(rows: list[Line]) -> Iterator[str]:
    """The table, head first."""
    yield _columns(HEAD)
    for row in rows:
        yield _columns(
            (
                row.name, row.concurrency, f"{row.n:,}", row.errors or "", f"{row.rps:,.0f}",
                f"{row.p50_ms:.1f}", f"{row.p95_ms:.1f}",
                f"{row.limit_rps:,.0f}" if row.limit_rps else "",
                f"{row.ratio:.3f}" if row.ratio else "",
            )
        )  # fmt: skip


def _columns(cells: tuple[object, ...]) -> str:
    first, *others = cells
    padded = [f"{cell!s:>{width}}" for cell, width in zip(others, WIDTHS[1:], strict=True)]
    return f"{first!s:<{WIDTHS[0]}}" + "".join(padded)


def machine() -> str:
    """Processor, cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [row.partition(":")[2].strip() for row in text.splitlines() if "model name" in row]
    return names[0] if names else platform.machine()
