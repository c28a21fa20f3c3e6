"""The data folder keeps secrets once made, and belongs to one organisation."""

import stat

import pytest

from derman.lib import datafolder
from derman.lib.env import Misconfigured
from derman.lib.sealing import Keyring


def test_prepare_makes_what_is_missing_and_changes_nothing_after(tmp_path):
    folder = tmp_path / "new" / "data"
    datafolder.prepare(folder, profile="gas", demo=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}

    datafolder.prepare(folder, profile="gas", demo=False)

    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert set(first) == {"secret_key", "keys.json", "profile", "demo"}
    assert Keyring.read(folder / "keys.json").current


def test_secrets_are_for_their_owner_only(tmp_path):
    datafolder.prepare(tmp_path / "data", profile="gas", demo=False)

    for name in ("secret_key", "keys.json"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600


def test_another_organisations_data_is_refused(tmp_path):
    datafolder.prepare(tmp_path, profile="gas", demo=False)
    with pytest.raises(Misconfigured, match=r"organisation 'gas', not 'telecom'"):
        datafolder.prepare(tmp_path, profile="telecom", demo=False)


def test_lost_keys_are_not_replaced(tmp_path, monkeypatch):
    datafolder.prepare(tmp_path, profile="gas", demo=False)
    (tmp_path / "keys.json").rename(tmp_path / "elsewhere.json")

    with pytest.raises(Misconfigured, match=r"keys\.json is missing"):
        datafolder.prepare(tmp_path, profile="gas", demo=False)
    monkeypatch.setenv("DERMAN_KEYS_FILE", str(tmp_path / "elsewhere.json"))
    datafolder.prepare(tmp_path, profile="gas", demo=False)

    assert not (tmp_path / "keys.json").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Misconfigured, match="DERMAN_DATA"):
        datafolder.prepare(tmp_path / "file" / "data", profile="gas", demo=False)


def test_read_gives_none_for_what_is_not_there(tmp_path):
    assert datafolder.read(tmp_path / "none", datafolder.DEMO) is None
