"""`derman profile`: the organisation as data, in and out. `check` needs no installation."""

import json
from pathlib import Path

import click

from derman.cli.errors import Refused
from derman.cli.lazy import Entry, Lazy
from derman.lib import env
from derman.profile import folder, presets
from derman.profile.errors import InvalidProfile
from derman.profile.schema import Profile

COMMANDS = {
    "check": Entry("profile:check", "Say everything that is wrong with a profile.", bare=True),
    "load": Entry("publish:load", "Check a profile and publish it."),
    "diff": Entry("publish:diff", "Compare a profile with the published one."),
    "export": Entry("publish:export", "Write the published profile into a folder."),
}


@click.group(cls=Lazy, entries=COMMANDS)
def profile() -> None:
    """Check, load, compare and export the organisation.

    A PROFILE is a folder, or the name of a preset that ships with Derman.
    """


@click.command()
@click.argument("profile", default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check(profile: str, as_json: bool) -> None:
    """Say everything that is wrong with PROFILE (default: DERMAN_PROFILE, else gas)."""
    place = profile or env.text("DERMAN_PROFILE", "gas")
    try:
        found = folder.load(place_of(place))
    except InvalidProfile as reason:
        rows = [
            {"file": e.file, "line": e.line, "key": e.key, "message": e.message}
            for e in reason.errors
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else str(reason))
        mistakes = "1 mistake" if len(rows) == 1 else f"{len(rows)} mistakes"
        raise Refused(f"{place}: {mistakes}.") from None
    click.echo("[]" if as_json else f"{place}: in order ({found.key}).")


def place_of(name: str) -> Path:
    """The folder that is meant; a preset's name wins only where there is no such folder."""
    if Path(name).is_dir():
        return Path(name)
    try:
        return presets.find_folder(name)
    except presets.NoSuchPreset as reason:
        raise Refused(f"There is no folder {name}, and {reason}") from None


def read(name: str) -> Profile:
    """A profile that is in order; else everything that is wrong with it, refused."""
    try:
        return folder.load(place_of(name))
    except InvalidProfile as reason:
        raise Refused(f"{name} has mistakes:\n{reason}") from None
