"""`derman init`: everything that has to be there before the first page."""

import os
from pathlib import Path

import click
import django as framework
from django.core.management import call_command

from derman.lib import datafolder, env


@click.command()
@click.option("--demo", is_flag=True, help="Mark the installation as a demo, once and for all.")
def init(demo: bool) -> None:
    """Prepare the data folder and the database.

    Makes the keys that are missing, brings the database up to date, publishes the organisation's
    preset when none is published, and collects the static files. Safe to run again.
    """
    claim_folder(demo=demo)
    framework.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)


def claim_folder(*, demo: bool) -> Path:
    """Make the data folder this organisation's, and every later process use the same one."""
    profile = env.text("DERMAN_PROFILE", "")
    folder = Path(env.text("DERMAN_DATA", f"var/{profile or 'gas'}")).resolve()
    profile = profile or datafolder.read(folder, datafolder.PROFILE) or "gas"
    datafolder.prepare(folder, profile=profile, demo=demo or env.flag("DERMAN_DEMO"))
    os.environ.update(DERMAN_DATA=str(folder), DERMAN_PROFILE=profile)
    return folder
