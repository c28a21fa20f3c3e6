"""Every word a person may read exists in every language, and the compiled files are fresh."""

import ast
import re
import shutil
from pathlib import Path

import polib
import pytest

from tests import messages

LOCALES = messages.SOURCE / "locale"
FIELDS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po"))


def ids(entries: list) -> set[tuple]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_is_untranslated_or_guessed(language):
    words = catalogue(language)
    assert not [entry.msgid for entry in words.untranslated_entries()]
    assert not [entry.msgid for entry in words.fuzzy_entries()]
    assert not [entry.msgid for entry in words.obsolete_entries()]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_has_the_same_fields_as_its_original(language):
    wrong = []
    for entry in catalogue(language):
        wanted = set(FIELDS.findall(entry.msgid)) | set(FIELDS.findall(entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and not set(FIELDS.findall(text)) <= wanted:
                wrong.append(entry.msgid)
    assert not wrong


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_file_is_fresh(language):
    words = catalogue(language)
    compiled = polib.mofile(str(LOCALES / language / "LC_MESSAGES" / "django.mo"))

    def texts(entries) -> dict:
        return {(e.msgctxt, e.msgid): (e.msgstr, tuple(e.msgstr_plural.values())) for e in entries}

    assert texts(compiled) == texts(words.translated_entries())


def test_no_word_hides_inside_an_f_string():
    """There xgettext does not look, so nobody would translate it."""
    hidden = []
    for path in messages.SOURCE.rglob("*.py"):
        strings = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.JoinedStr)]
        calls = [n for one in strings for n in ast.walk(one) if isinstance(n, ast.Call)]
        hidden += [(path.name, call.lineno) for call in calls if is_marked(call)]
    assert not hidden


def is_marked(call: ast.Call) -> bool:
    """Whether it asks for the translation of words that are written there."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    first = call.args[0] if call.args else None
    is_said = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return is_said and (name == "_" or "gettext" in name)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_catalogues_hold_the_words_of_the_code(tmp_path: Path):
    copy = tmp_path / "derman"
    shutil.copytree(
        messages.SOURCE,
        copy,
        ignore=shutil.ignore_patterns("locale", "static", "presets", "migrations", "__pycache__"),
    )
    (fresh,) = messages.collect(copy, ["tr"])
    wanted = ids(polib.pofile(str(fresh)))

    for language in messages.LANGUAGES:
        held = ids(catalogue(language))
        assert sorted(held - wanted, key=str) == [], f"{language}: no longer in the code"
        assert sorted(wanted - held, key=str) == [], f"{language}: new in the code: make messages"
