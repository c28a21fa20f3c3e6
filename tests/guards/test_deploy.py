"""What operators copy: units that start commands which exist, a container that pins its parts."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from derman.cli import derman

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy").glob("*.service"))


def read(unit: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(unit.read_text())
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_command_that_exists(unit):
    _, *words = shlex.split(read(unit)["Service"]["ExecStart"])

    result = CliRunner().invoke(derman, [words[0], "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_with_little_power(unit):
    service = read(unit)["Service"]

    assert service["User"] == "derman"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "derman"


def test_a_timer_has_its_service():
    for timer in (ROOT / "deploy").glob("*.timer"):
        assert timer.with_suffix(".service").exists()


def test_the_container_installs_what_the_lock_pins():
    text = (ROOT / "Containerfile").read_text()

    assert "--require-hashes --no-deps -r requirements.lock" in text
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)


def test_the_settings_that_the_guide_names_exist():
    known = (ROOT / "docs/reference/environment.md").read_text()
    guide = (ROOT / "docs/operating.md").read_text()

    for name in set(re.findall(r"DERMAN_[A-Z_]+[A-Z]", guide)):
        assert f"`{name}`" in known, name
