"""`derman bench`: how fast it is, on a PostgreSQL server and a data folder of its own."""

import importlib
import os
import signal
import sys
import tempfile
from pathlib import Path

import click
import django as framework
from django.core.management import call_command

from derman.bench import cluster
from derman.cli.errors import Refused
from derman.lib import datafolder

LEAST = 1_000
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
}


@click.command()
@click.option("--size", default=100_000, show_default=True, help="How many cases to load first.")
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("var/bench.json"),
    show_default=True,
    help="Where to write the figures.",
)
def bench(size: int, into: Path) -> None:
    """Load many cases, measure pages, API and registering, and print a table.

    Needs PostgreSQL's programs, not a server: it starts one of its own, durable, in a temporary
    folder, and removes all of it at the end.
    """
    if size < LEAST:
        raise Refused(f"Measure at least {LEAST:,} cases; fewer say nothing about a database.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # and clean up
    try:
        with (
            tempfile.TemporaryDirectory(prefix="derman-bench-") as folder,
            cluster.start(durable=True, settings=SETTINGS) as url,
        ):
            _prepare(Path(folder), url)
            whole = importlib.import_module("derman.bench.whole")  # needs the models
            report = whole.run(size, url, click.echo)
    except cluster.NoServer as reason:
        raise Refused(f"{reason}.") from None
    report.write(into)
    drawn = into.with_suffix(".svg")
    drawn.write_text(importlib.import_module("derman.bench.chart").draw(report), encoding="utf-8")
    where = f"written to {into} and {drawn}"
    click.echo(f"{report.machine}, {report.database}, {size:,} cases; {where}")


def _prepare(folder: Path, url: str) -> None:
    """An installation of its own, whatever the environment says about another one."""
    for name in [name for name in os.environ if name.startswith("DERMAN_")]:
        del os.environ[name]
    datafolder.prepare(folder, profile="gas", demo=False)
    os.environ.update(DERMAN_DATA=str(folder), DERMAN_PROFILE="gas", DERMAN_DATABASE_URL=url)
    framework.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    importlib.import_module("derman.cli.first").publish("gas", None)
