"""The commands of `derman profile` that need the installation: load, diff, export."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from derman.administration import in_use
from derman.cli.errors import Refused
from derman.cli.profile import read
from derman.profile import diff as differences
from derman.profile import drafts, folder, publishing
from derman.profile.schema import Profile

PUBLISHED = "published"


@click.command()
@click.argument("profile")
@click.option("--note", default="", help="Why, for the list of versions.")
@click.option("--draft", is_flag=True, help="Publish nothing: put it in the place of the draft.")
def load(profile: str, note: str, draft: bool) -> None:
    """Check PROFILE and publish it; every process sees it within seconds."""
    if draft:
        _load_as_draft(read(profile))
        return
    try:
        version = publishing.publish(
            read(profile), by=None, at=datetime.now(UTC), note=note, in_use=in_use.everything()
        )
    except publishing.CannotPublish as reason:
        raise Refused(str(reason)) from None
    click.echo(f"{version.key} is published as version {version.pk}.")


def _load_as_draft(profile: Profile) -> None:
    own = publishing.current().profile.key
    if profile.key != own:
        raise Refused(f"This installation holds the data of {own}; {profile.key} needs its own.")
    try:
        drafts.replace(profile, by=None, at=datetime.now(UTC))
    except drafts.IsPlanned:
        raise Refused("The draft waits to be published. Withdraw the plan first.") from None
    click.echo(f"{profile.key} is the draft: look at it under /settings/draft/.")


@click.command()
@click.argument("old")
@click.argument("new", default=PUBLISHED)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Say what is different in NEW (by default what is published), value by value.

    Each is a folder, the name of a preset, or the word published.
    """
    found = differences.changes(_any(old), _any(new))
    if as_json:
        rows = [{"path": c.path, "old": c.old, "new": c.new} for c in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for change in found:
        click.echo(str(change))
    if not found:
        click.echo("No difference.")


@click.command()
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
def export(into: Path) -> None:
    """Write the published profile into the folder INTO."""
    try:
        folder.save(publishing.current().profile, into)
    except (folder.NotAProfile, OSError) as reason:
        raise Refused(str(reason)) from None
    click.echo(f"Written to {into}.")


def _any(name: str) -> Profile:
    return publishing.current().profile if name == PUBLISHED else read(name)
