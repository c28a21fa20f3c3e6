"""`derman worker`: the worker alone, for a second machine or for one look."""

import os
import signal
import threading
import time
from datetime import UTC, datetime

import click
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from derman import worker as machine
from derman.cli import first
from derman.cli.errors import Refused


class Moment(click.ParamType):
    """An ISO moment; one without an offset is in the installation's time zone."""

    name = "iso"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = parse_datetime(str(value))
        except ValueError:
            found = None
        if found is None:
            self.fail(f"{value!r} is no moment like 2026-03-02T09:00+03:00.", param, ctx)
        return found if timezone.is_aware(found) else timezone.make_aware(found)


@click.command()
@click.option("--once", is_flag=True, help="Settle what is due, then end.")
@click.option("--at", type=Moment(), help="The moment to take as now; goes with --once.")
def worker(once: bool, at: datetime | None) -> None:
    """Run the worker: send messages, mind the clocks, end what waited long enough."""
    if at and not once:
        raise click.UsageError("--at goes with --once.")
    first.check_keys()
    known = machine.reconcilers()
    if once:
        done, failed = machine.settle(known, at or datetime.now(UTC))
        click.echo(f"settled {done}")
        if failed:
            raise Refused(f"{failed} of {len(known)} kinds of work failed; the log says why.")
        return
    running = machine.Worker(known)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: running.stop())
    if os.environ.get("DERMAN_SUPERVISED"):
        threading.Thread(target=_follow_parent, args=[running, os.getppid()], daemon=True).start()
    running.run_forever()


def _follow_parent(running: machine.Worker, parent: int) -> None:
    """Stop when the process that started us has gone without a word."""
    while os.getppid() == parent:
        time.sleep(1)
    running.stop()
