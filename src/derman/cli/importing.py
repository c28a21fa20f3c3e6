"""`derman import`: customers and cases of another system, silently; safe to give again."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import click
from django.db import IntegrityError, transaction

from derman.cases.actions import imported as case_lines
from derman.cases.actions import importing as cases_importing
from derman.cli.errors import Refused
from derman.lib import tables
from derman.lib.tables import Line
from derman.people import imported as customer_lines
from derman.people import importing as customers_importing
from derman.people.bulk import Rows
from derman.people.importing import Refusal
from derman.profile import publishing
from derman.reports import rollup

SHOWN = 20  # refused lines that are printed; the report file holds all

table = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
check = click.option(
    "--check", "only_check", is_flag=True, help="Say what would happen; write nothing."
)
report = click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A CSV file for the refused lines with their reasons.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


class Plan(Protocol):
    """What both imports give."""

    rows: Rows
    added: int
    known: int
    refused: list[Refusal]


@click.group(name="import")
def import_() -> None:
    """Take customers or cases from a CSV or XLSX file.

    The first line names the columns, in English, Turkish or German. A line is taken as a whole or
    refused with a reason; all that are taken are written in one transaction. Nobody is told.
    """


@import_.command()
@table
@check
@report
@as_json
def customers(file: Path, only_check: bool, report: Path | None, as_json: bool) -> None:
    """Customers with their contacts and contract accounts.

    Columns: reference, name, kind, tckn, vkn, phone, email, address, language, account_number,
    account_address, region, relation, since.
    """
    lines = _read(file, customer_lines.COLUMNS)
    profile = publishing.current().profile
    with _bar(lines, as_json) as tick:
        plan = customers_importing.plan(lines, profile=profile, at=datetime.now(UTC), tick=tick)
    if not only_check:
        with _whole():
            plan.rows.write()
    _tell(plan, "customers and accounts", report, as_json, only_check)


@import_.command()
@table
@check
@report
@as_json
def cases(file: Path, only_check: bool, report: Path | None, as_json: bool) -> None:
    """Cases, open and concluded, with their numbers in the other system.

    Columns: reference, received_at, topic, description, channel, kind, proposal, name, phone,
    email, tckn, relation, customer_reference, account_number, region, language, resolved_at,
    decision, answer, closed_at, closing_reason.
    """
    lines = _read(file, case_lines.COLUMNS)
    with _bar(lines, as_json) as tick:
        plan = cases_importing.plan(
            lines, by=None, at=datetime.now(UTC), profile=publishing.current(), tick=tick
        )
    if not only_check:
        with _whole():
            plan.rows.write()
            rollup.count_facts(plan.facts, publishing.current().profile)
    _tell(plan, "cases", report, as_json, only_check)


def _read(path: Path, columns: Mapping[str, Sequence[str]]) -> list[Line]:
    try:
        return tables.read(path, columns)
    except tables.UnreadableTable as reason:
        raise Refused(str(reason)) from None


@contextmanager
def _whole() -> Iterator[None]:
    """All or nothing; nothing when somebody has written the same since the plan was made."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused(
            "Some of these were written by somebody else meanwhile. Nothing was imported: "
            "give the file again."
        ) from None


@contextmanager
def _bar(lines: Sequence[Line], quiet: bool) -> Iterator[Callable[[], None]]:
    """A progress bar over the lines, on standard error so that JSON stays alone."""
    bar: Any = click.progressbar(
        length=len(lines), label="Making ready", file=sys.stderr, hidden=quiet
    )
    with bar:
        yield lambda: bar.update(1)


def _tell(plan: Plan, what: str, report: Path | None, as_json: bool, only_check: bool) -> None:
    """What came of it; a refused line ends the command with 1."""
    rows = [(refusal.line, refusal.column, refusal.reason) for refusal in plan.refused]
    if report:
        with report.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out, delimiter=";").writerows([("line", "column", "reason"), *rows])
    if as_json:
        refused = [{"line": n, "column": column, "reason": why} for n, column, why in rows]
        found = {"added": plan.added, "known": plan.known, "refused": refused}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for number, column, why in rows[:SHOWN]:
            click.echo(f"line {number}, {column}: {why}")
        if len(rows) > SHOWN:
            click.echo(f"… and {len(rows) - SHOWN} more; --report FILE writes them all.")
        done = "would be added" if only_check else "added"
        click.echo(f"{plan.added} {what} {done}, {plan.known} known already, {len(rows)} refused.")
    if rows:
        raise Refused(f"{len(rows)} lines were refused.")
