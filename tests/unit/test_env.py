"""Settings from the environment: read as typed values, refused with the variable's name."""

import pytest

from derman.lib import env


def test_text_comes_from_the_variable_or_its_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("öffne\n", encoding="utf-8")
    monkeypatch.setenv("DERMAN_X_FILE", str(tmp_path / "secret"))
    assert env.text("DERMAN_X") == "öffne"

    monkeypatch.delenv("DERMAN_X_FILE")
    monkeypatch.setenv("DERMAN_X", "here")
    assert env.text("DERMAN_X", "default") == "here"
    assert env.text("DERMAN_Y", "default") == "default"


def test_a_missing_variable_is_named(monkeypatch):
    with pytest.raises(env.Misconfigured, match="DERMAN_X is not set"):
        env.text("DERMAN_X")


def test_variable_and_file_together_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("DERMAN_X", "a")
    monkeypatch.setenv("DERMAN_X_FILE", str(tmp_path))
    with pytest.raises(env.Misconfigured, match="not both"):
        env.text("DERMAN_X")


def test_an_unreadable_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DERMAN_X_FILE", str(tmp_path / "none"))
    with pytest.raises(env.Misconfigured, match="DERMAN_X_FILE"):
        env.text("DERMAN_X")


@pytest.mark.parametrize(
    ("value", "meaning"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("", False)]
)
def test_flag_reads_yes_and_no(monkeypatch, value, meaning):
    monkeypatch.setenv("DERMAN_X", value)
    assert env.flag("DERMAN_X") is meaning


def test_flag_refuses_anything_else(monkeypatch):
    monkeypatch.setenv("DERMAN_X", "maybe")
    with pytest.raises(env.Misconfigured, match="true or false"):
        env.flag("DERMAN_X")


@pytest.mark.parametrize("value", ["eight", "0", "70000", "8.5"])
def test_number_refuses_what_is_none_or_out_of_bounds(monkeypatch, value):
    monkeypatch.setenv("DERMAN_X", value)
    with pytest.raises(env.Misconfigured, match="DERMAN_X"):
        env.number("DERMAN_X", 8000, least=1, most=65535)


def test_words_may_be_parted_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("DERMAN_X", "a.example, b.example c.example")
    assert env.words("DERMAN_X") == ["a.example", "b.example", "c.example"]
