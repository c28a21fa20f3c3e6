"""`derman profile`: check, load, diff and export, with the contract's endings."""

import json

import pytest
from click.testing import CliRunner

from derman.cli import derman
from derman.profile import drafts, presets, publishing
from derman.profile.models import ProfileVersion
from tests import profiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path):
    return profiles.write(tmp_path / "small")


def run(*arguments):
    return CliRunner().invoke(derman, ["profile", *map(str, arguments)])


def test_check_says_that_all_is_well(place):
    assert run("check", place).exit_code == 0
    assert run("check", "gas").exit_code == 0
    assert json.loads(run("check", "gas", "--json").stdout) == []


def test_check_names_file_line_and_key(place):
    profiles.change(place, "topics.toml", 'unit = "pipes"', 'unit = "pipe"')

    result = run("check", place)

    assert result.exit_code == 1
    assert "topics.toml:7: bill.dispute.unit: there is no unit pipe" in result.output
    assert json.loads(run("check", place, "--json").stdout) == [
        {
            "file": "topics.toml",
            "line": 7,
            "key": "bill.dispute.unit",
            "message": "there is no unit pipe; did you mean pipes?",
        }
    ]


def test_check_of_nothing_is_refused():
    assert run("check", "nothing-here").exit_code == 1


def test_load_publishes_and_export_writes_the_same(place, tmp_path):
    assert run("load", place, "--note", "spring").exit_code == 0
    assert ProfileVersion.objects.get().note == "spring"

    assert run("export", tmp_path / "copy").exit_code == 0
    assert run("diff", tmp_path / "copy", "--json").stdout == "[]\n"
    assert run("diff", place, tmp_path / "copy").exit_code == 0


def test_load_of_a_profile_with_an_error_publishes_nothing(place):
    profiles.change(place, "topics.toml", 'unit = "pipes"', 'unit = "pipe"')

    assert run("load", place).exit_code == 1
    assert not ProfileVersion.objects.exists()


def test_load_of_another_organisation_is_refused(place):
    run("load", "gas")

    result = run("load", place)

    assert result.exit_code == 1
    assert publishing.current().profile == presets.load("gas")


def test_diff_shows_each_value_that_changed(place):
    run("load", place)
    profiles.change(place, "process.toml", 'task = "2 working days"', 'task = "3 working days"')

    result = run("diff", "published", place)

    assert result.stdout == '~ clocks.task: "2 working days" → "3 working days"\n'


def test_export_leaves_a_folder_of_something_else_alone(place, tmp_path):
    run("load", place)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear")

    assert run("export", tmp_path / "mine").exit_code == 1


def test_load_into_the_draft_publishes_nothing(place):
    run("load", place)
    profiles.change(place, "process.toml", 'task = "2 working days"', 'task = "3 working days"')

    assert run("load", place, "--draft").exit_code == 0

    assert ProfileVersion.objects.count() == 1
    assert str(drafts.current().profile.clocks.task) == "3 working days"
    assert run("load", "gas", "--draft").exit_code == 1
