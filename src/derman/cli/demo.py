"""`derman demo`: the demo organisation with its staff, customers and cases."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings

from derman.accounts.models import User
from derman.cli.errors import Refused
from derman.demo import texts
from derman.demo.loading import Demo
from derman.lib import datafolder
from derman.profile import publishing
from derman.profile.publishing import Published
from derman.words.rights import DEMO_PASSWORD, Role

CUSTOMERS, CASES, SEED = 400, 300, 153
UNFINISHED = "demo-load"  # in the data folder while a load lasts: its seed and its today


@click.group()
def demo() -> None:
    """Load the demo organisation."""


@demo.command()
@click.option("--seed", type=int, default=SEED, show_default=True, help="Other people and cases.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day that history leads up to."
)
def load(seed: int, today: datetime | None) -> None:
    """Add staff, customers and three months of cases; nobody is sent anything.

    The same seed and day (by default the present one) give the same demo. Loading again changes
    nothing; a load that was interrupted goes on where it stopped.
    """
    published = publishing.current()
    try:
        said = texts.read(published.profile.key)
    except texts.NoDemo as reason:
        raise Refused(str(reason)) from None
    mark = Path(settings.DATA) / UNFINISHED
    begun = datafolder.read(mark.parent, mark.name)
    if begun is None and User.objects.filter(username__in=[row["name"] for row in said.staff]):
        click.echo("The demo is loaded already; nothing was changed.")
    else:
        begun = begun or f"{seed} {today.date() if today else _local_date(published)}"
        mark.write_text(begun + "\n", encoding="utf-8")
        first, _, day = begun.partition(" ")
        _load(Demo(said, published, seed=int(first), today=date.fromisoformat(day)))
        mark.unlink()
        click.echo(f"{CASES} demo cases of {CUSTOMERS} customers are loaded, up to {day}.")
    click.echo(f"Sign in at the desk as {', '.join(Role)}; the password is {DEMO_PASSWORD}.")


def _load(found: Demo) -> None:
    cases = found.load(customers=CUSTOMERS, cases=CASES)
    with click.progressbar(cases, length=CASES, label="Loading demo cases") as bar:
        for _ in bar:
            pass


def _local_date(published: Published) -> date:
    zone = ZoneInfo(published.profile.organisation.timezone)
    return datetime.now(UTC).astimezone(zone).date()
