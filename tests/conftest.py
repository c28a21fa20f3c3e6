"""The ground all tests stand on: a throw-away data folder, one database, no way to the outside.

DERMAN_DATABASE_URL chooses the database server; without it SQLite in a temporary folder is used.
"""

import math
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest

from derman.lib import datafolder

FOLDER = tempfile.TemporaryDirectory(prefix="derman-tests-")
DATA = Path(FOLDER.name)
for name in [name for name in os.environ if name.startswith("DERMAN_")]:
    if name != "DERMAN_DATABASE_URL":
        del os.environ[name]  # what the developer's own installation runs with
os.environ.update(
    DJANGO_SETTINGS_MODULE="derman.settings",
    DERMAN_DATA=str(DATA),
    DERMAN_PROFILE="gas",
    DERMAN_DEMO="true",
)
datafolder.prepare(DATA, profile="gas", demo=True)
(DATA / "static").mkdir()  # WhiteNoise warns where it is missing
django.setup()

from django.conf import settings  # noqa: E402  (only after the environment is set)
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402

from derman.accounts import absence, tokens  # noqa: E402
from derman.audit import triggers  # noqa: E402
from derman.profile import publishing  # noqa: E402

LOOPBACK = {"127.0.0.1", "::1", "localhost", ""}

hypothesis.settings.register_profile(
    "derman",
    derandomize=bool(os.environ.get("CI")),
    deadline=None,  # the machine is shared; a slow example is not a wrong one
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("derman")


def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in production, but one that nobody needs after a power cut.
        database.setdefault("TEST", {})["NAME"] = str(DATA / "test.db")
        init = database["OPTIONS"]["init_command"]
        database["OPTIONS"]["init_command"] = init.replace("synchronous=FULL", "synchronous=OFF")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about another database than the one of this run."""
    if connection.vendor == "postgresql":
        return
    others = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each parallel process read settings by this file, with a data folder of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0] if isinstance(address, tuple) else address
            if host not in LOOPBACK:
                raise AssertionError(f"A test tried to reach {host}.")
        connect(self, address)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language that a request of the test before has left behind does not count."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process remembers of profile, tokens, counts, gateways belongs to the test before."""
    remembering = "profile.publishing accounts.tokens accounts.absence api.limits statements"
    for name in [*remembering.split(), "outbox.transports"]:
        if module := sys.modules.get(f"derman.{name}"):
            module.forget()
    if sending := sys.modules.get("derman.outbox.sending"):
        sending.forget_failures()


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Profile, tokens and absences are not asked for again after two seconds of a slow machine.

    For what counts queries; whoever changes any of the three drops what is remembered of it.
    """
    for module in (publishing, tokens, absence):
        monkeypatch.setattr(module, "LOOK_AGAIN", math.inf)


@pytest.fixture(autouse=True, scope="session")
def facts_go_with_their_database() -> Iterator[None]:
    """Only after a transactional test: its database is emptied, facts included."""
    teardown = TransactionTestCase._fixture_teardown

    def unlocked(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        teardown(case)  # ends with post_migrate, which sets the triggers again

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", unlocked)
    yield
    patch.undo()
