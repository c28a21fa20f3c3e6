"""`derman keys`: which keys there are and what they sealed; new ones, while the product runs."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings

from derman.accounts import sealed_factors
from derman.cases import files
from derman.cli.errors import Refused
from derman.lib import keyfile
from derman.lib.sealing import Keyring
from derman.people import rotation

ROUNDS = 5  # what is written during a round is found by the next


@click.group()
def keys() -> None:
    """See the keys under which personal data is sealed, and replace them.

    Everything here works while the product runs, can be interrupted and can be given again.
    """


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def status(as_json: bool) -> None:
    """Say which keys there are, which one seals, and how much each has sealed."""
    ring = keyfile.current(settings.KEYS_FILE)
    rotation.check(ring)
    used = _used()
    rows = [
        {"key": name, "current": name == ring.current, "sealed": used[name]}
        for name in ring.sealing
    ]
    rebuilding = ring.former_index is not None
    if as_json:
        click.echo(json.dumps({"keys": rows, "index_rebuilding": rebuilding}, indent=2))
        return
    for row in rows:
        mark = "  seals" if row["current"] else ""
        click.echo(f"{row['key']:8} {row['sealed']:>10}{mark}")
    if rebuilding:
        click.echo("The index is being built anew: go on with derman keys rotate-index.")


@keys.command()
def add() -> None:
    """Add a key that opens but does not seal yet.

    Where several machines have copies of the key file: add, copy the file to all of them, then
    rotate.
    """
    with _changing() as path:
        ring = keyfile.current(path)
        if ring.newest != ring.current:
            raise Refused(f"{ring.newest} was added before and seals nothing yet: rotate first.")
        ring = ring.with_new_key()
        keyfile.replace(path, ring)
    click.echo(f"{ring.newest} was added. Make a copy of {path} before you rotate.")


@keys.command()
def rotate() -> None:
    """Seal with the newest key (a fresh one, unless one was added) and seal all again with it."""
    with _changing() as path:
        ring = keyfile.current(path)
        rotation.check(ring)
        if ring.newest == ring.current and not _stale(ring):
            ring = ring.with_new_key()
            keyfile.replace(path, ring)  # known to every process before anything is sealed with it
        if ring.newest != ring.current:
            ring = ring.sealing_with(ring.newest)
            keyfile.replace(path, ring)
        done = _until_nothing_is_left(ring)
    others = [name for name in ring.sealing if name != ring.current]
    click.echo(f"{done} values and files are sealed with {ring.current} now.")
    click.echo(
        f"Backups from before still need {', '.join(others)}: keep a copy of the key file with "
        "them. Then: derman keys drop-old"
    )


@keys.command("rotate-index")
def rotate_index() -> None:
    """Build the columns by which people are looked up anew, under a fresh index key."""
    with _changing() as path:
        ring = keyfile.current(path)
        rotation.check(ring)
        if ring.former_index is None:
            ring = ring.with_new_index()
            keyfile.replace(path, ring)
        done = 0
        for _ in range(ROUNDS):
            changed = rotation.reindex(ring)
            done += changed
            if not changed:
                break
        else:
            raise Refused("Rows change faster than they are built: give the command again.")
        keyfile.replace(path, ring.without_former_index())
    click.echo(f"{done} rows are found by the new index key; the old one is gone.")


@keys.command("drop-old")
def drop_old() -> None:
    """Remove the keys that nothing needs any more; refused while something does."""
    with _changing() as path:
        ring = keyfile.current(path)
        rotation.check(ring)
        used = _used()
        old = [name for name in ring.sealing if name != ring.current]
        needed = [name for name in old if used[name]]
        if needed:
            raise Refused(f"{', '.join(needed)} still opens data: derman keys rotate first.")
        if not old:
            raise Refused(f"There is no key but {ring.current}.")
        keyfile.replace(path, ring.without(old))
    click.echo(f"{', '.join(old)} removed. Backups made before need the copy that you kept.")


@keys.command("seal-files")
def seal_files() -> None:
    """Seal attachments that an older version kept in clear; from then on none in clear is read."""
    with _changing() as path:
        ring = keyfile.current(path)
        rotation.check(ring)
        done = files.seal_clear(ring)
    click.echo(f"{done} files are sealed now.")


def _used() -> Counter[str]:
    return rotation.count_by_key() + sealed_factors.count_by_key() + files.count_by_key()


def _stale(ring: Keyring) -> bool:
    """Whether a rotation before this one was interrupted."""
    return any(count for name, count in _used().items() if name != ring.current)


def _until_nothing_is_left(ring: Keyring) -> int:
    done = 0
    for _ in range(ROUNDS):
        changed = rotation.reseal(ring) + sealed_factors.reseal(ring) + files.reseal(ring)
        done += changed
        if not changed:
            return done
    raise Refused("Rows change faster than they are sealed: give the command again.")


@contextmanager
def _changing() -> Iterator[Path]:
    """The key file, while no other command changes it."""
    path = Path(settings.KEYS_FILE)
    with keyfile.held(path):
        yield path
