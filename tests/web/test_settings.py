"""What an operator sets in the environment is what the product runs with."""

import json
import os
import subprocess
import sys

import pytest

from derman.lib import datafolder

ASK = """
import json, sys
from derman import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


@pytest.fixture
def ask(tmp_path):
    """Settings as a fresh process reads them."""
    datafolder.prepare(tmp_path / "data", profile="gas", demo=False)
    known = {k: v for k, v in os.environ.items() if not k.startswith("DERMAN_")}

    def run(*names: str, **environment: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-c", ASK, *names],
            env={**known, "DERMAN_DATA": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return json.loads(done.stdout)

    return run


def test_the_data_folder_alone_is_enough(ask, tmp_path):
    found = ask("SECRET_KEY", "PROFILE", "DEMO", "DEBUG", "HOST", "PORT", "ALLOWED_HOSTS")

    assert found["SECRET_KEY"] == datafolder.read(tmp_path / "data", datafolder.SECRET_KEY)
    assert (found["PROFILE"], found["DEMO"], found["DEBUG"]) == ("gas", False, False)
    assert (found["HOST"], found["PORT"]) == ("127.0.0.1", 8000)
    assert set(found["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost", "[::1]"}


def test_an_https_address_makes_cookies_secure(ask):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS")
    found = ask(*names, "CSRF_TRUSTED_ORIGINS", DERMAN_BASE_URL="https://dert.example/")

    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert "dert.example" in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://dert.example"]


def test_an_address_without_its_scheme_is_refused(ask):
    with pytest.raises(RuntimeError, match=r"DERMAN_BASE_URL must begin with https://"):
        ask("BASE_URL", DERMAN_BASE_URL="dert.example")


def test_a_secret_may_come_from_a_file(ask, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    assert ask("SECRET_KEY", DERMAN_SECRET_KEY_FILE=str(tmp_path / "key")) == {
        "SECRET_KEY": "from a file"
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("DERMAN_PORT", "eight"), ("DERMAN_LOG_FORMAT", "xml"), ("DERMAN_DEMO", "perhaps")],
)
def test_a_bad_value_is_named(ask, name, value):
    with pytest.raises(RuntimeError, match=name):
        ask("PORT", **{name: value})
