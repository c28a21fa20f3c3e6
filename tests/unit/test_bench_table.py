"""The report of a bench: the contract's keys, and a table that people can read."""

import json

from derman.bench import table
from derman.bench.client import Result
from derman.bench.runs import Run
from derman.bench.table import Line, Report


def test_the_file_holds_what_the_contract_names(tmp_path):
    report = Report("two cores", "PostgreSQL 15", 1_000)
    report.runs.append(Line("create", 16, 10, 0, 5.0, 1.0, 2.0, 50.0, 0.1))
    report.write(tmp_path / "var" / "bench.json")

    held = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert held.keys() == {"machine", "database", "size", "runs"}
    assert held["runs"][0].keys() == {
        "name", "concurrency", "n", "errors", "rps", "p50_ms", "p95_ms", "limit_rps", "ratio",
    }  # fmt: skip


def test_a_run_is_compared_with_its_limit():
    run = Run("create", 16, 4, lambda _: None)  # type: ignore[arg-type, return-value]
    line = table.line(run, Result(took=2.0, seconds=[0.01] * 4, errors=1), limit=20.0)

    assert (line.n, line.errors, line.rps, line.ratio) == (5, 1, 2.0, 0.1)
    assert line.p95_ms == 10


def test_the_columns_stand_below_each_other():
    rows = list(table.lines([Line("bulk load", 2, 1_000, 0, 10_000.0, 0.0, 0.0)]))

    assert len({len(row) for row in rows}) == 1
    assert rows[1].startswith("bulk load")
    assert "10,000" in rows[1]


def test_the_machine_has_a_name():
    assert "cores" in table.machine()
