"""The derman command: what it says, what it does and the code with which it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from derman.accounts import tokens
from derman.accounts.models import User
from derman.cli import derman
from derman.words.rights import Role
from tests import factories


@pytest.fixture
def call(db):
    """Run a command inside this process, on the test database."""

    def run(*arguments: str, stdin: str = ""):
        return CliRunner().invoke(derman, list(arguments), input=stdin)

    return run


def outside(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run the command as an operator does, with nothing but the given environment."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("DERMAN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "derman.cli", *arguments],
        env={**known, "DERMAN_DATA": str(folder), **environment},
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_token_add_prints_the_token_alone_on_the_last_line(call):
    result = call("token", "add", "crm", "--role", "admin")

    assert result.exit_code == 0
    user = tokens.find_user(result.stdout.splitlines()[-1], at=factories.MONDAY)
    assert user is not None
    assert [post.role for post in user.memberships.all()] == [Role.ADMIN]


def test_a_token_name_is_used_once(call):
    call("token", "add", "crm", "--role", "agent")
    assert call("token", "add", "crm", "--role", "agent").exit_code == 1


def test_a_revoked_token_works_no_more(call):
    token = call("token", "add", "crm", "--role", "agent").stdout.splitlines()[-1]

    assert call("token", "revoke", "crm").exit_code == 0
    assert tokens.find_user(token, at=factories.MONDAY) is None
    assert call("token", "revoke", "crm").exit_code == 1
    (row,) = json.loads(call("token", "list", "--json").stdout)
    assert row["revoked_at"]
    assert token not in json.dumps(row)


def test_an_unknown_role_is_a_usage_error(call):
    assert call("token", "add", "crm", "--role", "king").exit_code == 2


def test_user_add_makes_somebody_who_can_sign_in(call, client):
    result = call(
        "user", "add", "zeynep", "--role", "unit", "--unit", "metering",
        "--full-name", "Zeynep Nur Kaya", "--password-stdin", stdin="a-long-enough-one\n",
    )  # fmt: skip

    assert result.exit_code == 0
    person = User.objects.get(username="zeynep")
    assert (person.first_name, person.last_name) == ("Zeynep Nur", "Kaya")
    assert person.check_password("a-long-enough-one")
    assert [(post.role, post.unit) for post in person.memberships.all()] == [("unit", "metering")]


def test_user_add_refuses_a_weak_password(call):
    result = call("user", "add", "zeynep", "--role", "agent", "--password-stdin", stdin="kurz\n")
    assert result.exit_code == 1
    assert not User.objects.exists()


def test_user_add_gives_a_known_person_one_more_role(call):
    call("user", "add", "z", "--role", "agent", "--password-stdin", stdin="a-long-enough-one\n")

    assert call("user", "add", "z", "--role", "quality").exit_code == 0
    assert call("user", "add", "z", "--role", "quality").exit_code == 1
    (row,) = json.loads(call("user", "list", "--json").stdout)
    assert [post["role"] for post in row["roles"]] == ["agent", "quality"]


def test_outbox_can_be_paused_and_resumed(call):
    assert json.loads(call("outbox", "status", "--json").stdout)["paused_at"] is None
    call("outbox", "pause")
    assert json.loads(call("outbox", "status", "--json").stdout)["paused_at"]
    assert call("outbox", "status").stdout.startswith("paused since")
    call("outbox", "resume")
    assert call("outbox", "status").stdout.startswith("sending")


def test_profile_goes_out_and_in_again_without_a_difference(call, tmp_path):
    factories.published()
    assert call("profile", "export", str(tmp_path / "out")).exit_code == 0

    assert call("profile", "check", str(tmp_path / "out")).exit_code == 0
    assert call("profile", "diff", str(tmp_path / "out")).stdout == "No difference.\n"
    assert call("profile", "load", str(tmp_path / "out")).exit_code == 0


def test_profile_check_names_file_line_and_key(call, tmp_path):
    factories.published()
    call("profile", "export", str(tmp_path / "out"))
    organisation = tmp_path / "out" / "organisation.toml"
    text = organisation.read_text(encoding="utf-8")
    organisation.write_text(f"colour = 1\n{text}", encoding="utf-8")

    result = call("profile", "check", str(tmp_path / "out"), "--json")

    assert result.exit_code == 1
    rows = json.loads(result.stdout)
    assert {"file": "organisation.toml", "line": 1, "key": "colour"}.items() <= rows[0].items()
    assert call("profile", "load", str(tmp_path / "out")).exit_code == 1


def test_worker_once_settles_what_is_due_at_the_given_moment(call):
    factories.published()
    result = call("worker", "--once", "--at", "2026-03-02T09:00+03:00")
    assert (result.exit_code, result.stdout) == (0, "settled 0\n")
    assert call("worker", "--at", "2026-03-02T09:00+03:00").exit_code == 2
    assert call("worker", "--once", "--at", "yesterday").exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        "run", "worker", "init", "demo", "profile", "user", "token", "outbox", "profile check",
        "profile load", "profile diff", "profile export", "user add", "token add", "token list",
        "token revoke", "outbox status", "outbox pause", "outbox resume", "demo load",
    ],
)  # fmt: skip
def test_every_command_explains_itself(call, command):
    result = call(*command.split(), "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_help_needs_no_configuration(tmp_path):
    result = outside("token", "add", "--help", folder=tmp_path / "none")
    assert (result.returncode, result.stderr) == (0, "")
    assert not (tmp_path / "none").exists()


def refused(result: subprocess.CompletedProcess, code: int, words: str) -> None:
    assert result.returncode == code, result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert words in result.stderr


def test_a_missing_configuration_says_which(tmp_path):
    refused(outside("token", "list", folder=tmp_path / "none"), 3, "DERMAN_SECRET_KEY is not set")


def test_an_unknown_preset_says_which_there_are(tmp_path):
    result = outside("run", folder=tmp_path / "data", DERMAN_PROFILE="atlantis")
    refused(result, 3, "atlantis")
    assert "gas" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    refused(outside("init", folder=tmp_path / "file"), 3, "DERMAN_DATA")


def test_another_organisations_data_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "profile").write_text("atlantis\n")
    refused(outside("run", folder=tmp_path / "data", DERMAN_PROFILE="gas"), 3, "'atlantis'")


def test_a_database_that_does_not_answer_ends_with_four(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/none"
    refused(outside("init", folder=tmp_path / "data", DERMAN_DATABASE_URL=url), 4, "database")


def test_a_mistake_in_the_command_line_ends_with_two(tmp_path):
    refused(outside("dance", folder=tmp_path / "data"), 2, "dance")


def test_a_lost_second_step_is_reset_from_the_command_line(call):
    elif_kaya = factories.make_user(Role.AGENT, name="elif")
    assert call("user", "reset-factor", "elif").exit_code == 1
    Authenticator.objects.create(user=elif_kaya, type="totp", data={"secret": "x"})

    assert call("user", "reset-factor", "elif").exit_code == 0
    assert not Authenticator.objects.exists()
    assert call("user", "reset-factor", "nobody").exit_code == 1
