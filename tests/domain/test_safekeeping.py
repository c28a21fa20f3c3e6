"""Backups and moves: what comes out goes in again, in whichever database, or not at all."""

import gzip
import io
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

from derman.accounts import tokens
from derman.accounts.models import User
from derman.cases import search
from derman.cases.models import Case, Event
from derman.lib import databaseurl
from derman.lib.sealing import Keyring
from derman.people.fields import keyring
from derman.people.models import Customer
from derman.safekeeping import archive, databases, moving
from derman.safekeeping.archive import Backup, BadBackup
from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "ab/abcdef"


@contextmanager
def opened(path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A second database, in this file."""
    found = databases.open_other(databaseurl.configure(f"sqlite:///{path}"))
    # Django lets a test use only the databases that it knew when the test began.
    found.ensure_connection = lambda: found.connection or found.connect()  # type: ignore[method-assign]
    yield found
    found.close()
    del connections["other"]
    del connections.databases["other"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A database with all tables and no data, made once."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with django_db_blocker.unblock(), opened(path) as found:
        databases.migrate(found)
        with found.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")
    return path


@pytest.fixture
def other(empty: Path, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """An empty database beside that of the test run."""
    with opened(Path(shutil.copy(empty, tmp_path / "other.db"))) as found:
        yield found


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / FILE).write_bytes(b"\x00 a picture \xff")
    return folder


@pytest.fixture
def case() -> Case:
    factories.published()
    agent = factories.make_user(Role.AGENT)
    customer = factories.make_customer("Işıl Öğütçü", tckn=factories.TCKN)
    account = factories.make_account(customer)
    tokens.add("crm", Role.ADMIN, at=factories.MONDAY)
    return factories.make_case(customer=customer, account=account, by=agent)


def write(folder: Path, files: Path) -> Path:
    path = folder / "backup.tar"
    archive.write(
        path,
        connection,
        files=files,
        profile="gas",
        keyring=keyring(),
        at=factories.MONDAY,
        tick=lambda name: None,
    )
    return path


def restore(path: Path, other: BaseDatabaseWrapper, folder: Path) -> int:
    with Backup.open(path) as found:
        return moving.restore(found, other, files=folder / "new", tick=lambda name: None)


def test_everything_is_back(case, other, files, tmp_path):
    restore(write(tmp_path, files), other, tmp_path)

    found = Case.objects.using("other").get()
    assert found.number == case.number
    assert found.received_at == case.received_at
    assert found.clocks.using("other").first().derivation == case.clocks.first().derivation
    assert Customer.objects.using("other").get(pk=case.customer_id).tckn == factories.TCKN
    assert User.objects.using("other").count() == User.objects.count()
    assert (tmp_path / "new" / FILE).read_bytes() == b"\x00 a picture \xff"


def test_what_the_database_does_by_itself_works_again(case, other, files, tmp_path):
    restore(write(tmp_path, files), other, tmp_path)

    assert search.find(Case.objects.using("other"), "sayaç").count() == 1
    event = Event.objects.using("other").latest("id")
    with pytest.raises(DatabaseError), transaction.atomic(using="other"):
        Event.objects.using("other").filter(pk=event.pk).update(type="closed")
    event.pk = None
    event.save(using="other", force_insert=True)
    assert event.pk > case.events.latest("id").pk


def test_no_key_is_in_a_backup(case, files, tmp_path):
    path = write(tmp_path, files)

    secret = keyring().index
    with tarfile.open(path) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member).read()
            plain = gzip.decompress(content) if member.name.endswith(".gz") else content
            assert secret not in plain
            assert factories.TCKN.encode() not in plain
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_other_keys_are_refused_before_anything_is_written(case, files, tmp_path):
    with Backup.open(write(tmp_path, files)) as backup:
        backup.check_keys(keyring())
        with pytest.raises(BadBackup, match="other keys"):
            backup.check_keys(Keyring.new())


def test_a_database_in_use_is_not_overwritten(case, files, tmp_path):
    with pytest.raises(databases.NotEmpty):
        restore(write(tmp_path, files), connection, tmp_path)
    assert Case.objects.get() == case


def changed(path: Path, member: str, content: bytes) -> Path:
    """The same backup with another member under this name."""
    other = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(other, "w") as new:
        for info in old.getmembers():
            data = content if info.name == member else old.extractfile(info).read()
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return other


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b"[]\n", mtime=0), gzip.compress(b"", mtime=0)],
    ids=["empty", "no gzip", "another shape", "no rows"],
)
def test_a_damaged_table_leaves_nothing_behind(case, other, files, tmp_path, content):
    path = changed(write(tmp_path, files), "tables/cases_case.jsonl.gz", content)

    with pytest.raises(BadBackup, match="cases_case"):
        restore(path, other, tmp_path)

    assert not Case.objects.using("other").exists()
    assert not User.objects.using("other").exists()


def test_a_damaged_file_leaves_no_row_behind(case, other, files, tmp_path):
    path = changed(write(tmp_path, files), f"files/{FILE}", b"\x00 another picture")

    with pytest.raises(BadBackup, match=FILE):
        restore(path, other, tmp_path)

    assert not Case.objects.using("other").exists()


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_half_a_backup_is_none(case, files, tmp_path, size):
    path = write(tmp_path, files)
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(BadBackup):
        Backup.open(path)


def test_a_move_is_the_same_to_the_last_row(case, other):
    moved = moving.move(connection, other, tick=lambda name: None)

    assert moved > 20
    assert Case.objects.using("other").get().description == case.description
    back = {table.name: moving.digest_of(other, table) for table in moving.all_tables()}
    assert back == {t.name: moving.digest_of(connection, t) for t in moving.all_tables()}


def test_a_row_that_changed_on_its_way_undoes_the_move(case, other, monkeypatch):
    monkeypatch.setitem(moving.rows.SQLITE, moving.rows.Kind.MOMENT, lambda text: text[:19])
    monkeypatch.setattr(moving.rows, "POSTGRESQL", {})

    if connection.vendor == "postgresql":
        Case.objects.update(received_at=factories.MONDAY.replace(microsecond=5))
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET received_at = '2026-03-02 06:00:00.000005'")
    with pytest.raises(moving.NotTheSame, match="does not hold"):
        moving.move(connection, other, tick=lambda name: None)
    assert not Case.objects.using("other").exists()


def test_files_stay_in_their_folder(case, other, tmp_path):
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "x").write_bytes(b"1")
    with Backup.open(write(tmp_path, evil)) as backup:
        backup.manifest["files"] = {"../x": "0"}
        with pytest.raises(BadBackup, match="outside"):
            backup.put_files(tmp_path / "new")
