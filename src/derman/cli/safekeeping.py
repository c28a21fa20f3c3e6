"""`derman backup`, `derman restore` and `derman move-database`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import django as framework
from django.core.management import call_command

from derman.cli.errors import NotVerified, Refused
from derman.cli.init import claim_folder
from derman.lib import databaseurl, datafolder, env
from derman.lib.sealing import Keyring
from derman.safekeeping import archive, databases, moving
from derman.safekeeping.archive import Backup, BadBackup

RECENT = 15  # seconds since the worker's last sign of life

existing = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command()
@click.argument("place", type=click.Path(path_type=Path))
def backup(place: Path) -> None:
    """Write everything but the keys into one file, while the product runs.

    PLACE is the file, or a folder in which a file named by the moment is made.
    """
    from django.conf import settings
    from django.db import connection

    from derman.people.fields import keyring

    at = datetime.now(UTC)
    path = place / f"derman-{settings.PROFILE}-{at:%Y%m%d-%H%M%S}.tar" if place.is_dir() else place
    if path.exists():
        raise Refused(f"{path} is there already; name another file.")
    with _bar("Writing") as tick:
        manifest = archive.write(
            path,
            connection,
            files=settings.MEDIA_ROOT,
            profile=settings.PROFILE,
            keyring=keyring(),
            at=at,
            tick=tick,
        )
    total = sum(table["rows"] for table in manifest["tables"])
    click.echo(f"{path}: {total} rows, {len(manifest['files'])} files.")
    click.echo(f"Keep apart from it, once: {settings.KEYS_FILE} and the secret key.")


@click.command()
@click.argument("file", type=existing)
@click.option("--keys", type=existing, help="The key file of the installation that was backed up.")
def restore(file: Path, keys: Path | None) -> None:
    """Fill an empty installation from a backup; messages stay paused until you resume them."""
    try:
        with Backup.open(file) as found:
            _bring_keys(found, keys)
            os.environ["DERMAN_PROFILE"] = found.manifest["profile"]
            claim_folder(demo=False)
            total = _fill(found)
    except BadBackup as reason:
        raise NotVerified(str(reason)) from None
    except moving.NotTheSame as reason:
        raise NotVerified(f"{reason} Nothing was kept.") from None
    except databases.NotEmpty as reason:
        raise Refused(f"{reason} Restore into another DERMAN_DATA or database.") from None
    click.echo(f"{total} rows and {len(found.manifest['files'])} files are back and verified.")
    click.echo("The outbox is paused. When all is well: derman outbox resume")


def _bring_keys(found: Backup, keys: Path | None) -> None:
    """Have the right keys in place before anything else is made."""
    folder = Path(env.text("DERMAN_DATA", f"var/{found.manifest['profile']}")).resolve()
    place = Path(env.text("DERMAN_KEYS_FILE", str(folder / datafolder.KEYS)))
    if keys is None and not place.exists():
        raise BadBackup(f"{place} is missing: give the key file that belongs to it with --keys.")
    try:
        found.check_keys(Keyring.read(place if place.exists() else keys or place))
    except BadBackup as reason:
        if keys is None or not place.exists():
            raise
        raise BadBackup(f"{place} is there already and holds other keys: move it away.") from reason
    if keys and not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(keys.read_text(encoding="utf-8"))


def _fill(found: Backup) -> int:
    framework.setup()
    from django.conf import settings
    from django.db import connection

    from derman.outbox import switch

    with _bar("Reading") as tick:
        total = moving.restore(found, connection, files=settings.MEDIA_ROOT, tick=tick)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    switch.pause(datetime.now(UTC))
    return total


@click.command("move-database")
@click.argument("url")
def move_database(url: str) -> None:
    """Copy everything into the empty database at URL, and compare count and digest of each table.

    Stop the product first. The database that is left keeps its data; nothing uses the new one
    until DERMAN_DATABASE_URL names it.
    """
    from django.db import connection

    _refuse_running()
    target = databases.open_other(databaseurl.configure(url))
    if target.settings_dict["NAME"] == connection.settings_dict["NAME"]:
        raise click.UsageError("This is the database that is in use.")
    try:
        with _bar("Moving") as tick:
            total = moving.move(connection, target, tick=tick)
    except databases.NotEmpty as reason:
        raise Refused(f"{reason} Name an empty database.") from None
    except moving.NotTheSame as reason:
        raise NotVerified(f"{reason} Nothing was kept in the new database.") from None
    call_command("createcachetable", database=target.alias, verbosity=0)
    click.echo(f"{total} rows are there, and every table has the digest that it had.")
    click.echo("From now on start with the new address in DERMAN_DATABASE_URL.")


def _refuse_running() -> None:
    from django.core.cache import cache

    from derman.health import HEARTBEAT

    beat = cache.get(HEARTBEAT)
    if beat is not None and datetime.now(UTC).timestamp() - beat < RECENT:
        raise Refused("A worker is running: stop the product, wait 15 seconds, then move.")


@contextmanager
def _bar(label: str) -> Iterator[Callable[[str], None]]:
    """One step a table; how many there are is known only to who counts them."""
    bar: Any = click.progressbar(
        length=0, label=label, show_eta=False, show_percent=False, item_show_func=str
    )
    with bar:
        yield lambda name: bar.update(1, name)
