"""`derman init`: everything that has to be there before the first page."""

import importlib
import os
from pathlib import Path

import click
import django as framework
from django.core.management import call_command

from derman.cli.profile import place_of, read
from derman.lib import datafolder, env
from derman.profile import presets


@click.command()
@click.option("--demo", is_flag=True, help="Mark the installation as a demo, once and for all.")
@click.option("--from", "own", default="", help="Begin with the profile in this folder.")
def init(demo: bool, own: str) -> None:
    """Prepare the data folder and the database.

    Makes the keys that are missing, brings the database up to date, publishes the organisation's
    preset when none is published, and collects the static files. Safe to run again.
    """
    if own:
        os.environ["DERMAN_PROFILE"] = read(own).key
    claim_folder(demo=demo, known=bool(own))
    framework.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    first = importlib.import_module("derman.cli.first")  # needs the models
    first.check_keys()
    first.publish(os.environ["DERMAN_PROFILE"], place_of(own) if own else None)


def claim_folder(*, demo: bool, known: bool = False) -> Path:
    """Make the data folder this organisation's, and every later process use the same one."""
    name = env.text("DERMAN_PROFILE", "")
    folder = Path(env.text("DERMAN_DATA", f"var/{name or 'gas'}")).resolve()
    held = datafolder.read(folder, datafolder.PROFILE)
    name = name or held or "gas"
    if not held and not known:
        try:
            presets.find_folder(name)
        except presets.NoSuchPreset as reason:
            raise env.Misconfigured(f"DERMAN_PROFILE: {reason}") from None
    datafolder.prepare(folder, profile=name, demo=demo or env.flag("DERMAN_DEMO"))
    os.environ.update(DERMAN_DATA=str(folder), DERMAN_PROFILE=name)
    return folder
