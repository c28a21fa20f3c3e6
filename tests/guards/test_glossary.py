"""Translations use the words on which docs/glossary.md agreed, and not those that it put aside."""

import re
from pathlib import Path

import polib
import pytest

from tests import messages

MESSAGES = messages.SOURCE / "profile" / "presets"
PUT_ASIDE = {
    "de": r"\b(Einheit|Einheiten|Fall|Fälle|Fällen|Meldung|Folgeschlüssel|Stichwort)\b",
    "tr": r"[Cc]eva[pb]|iletişim nokta|[Bb]aşvurunun sahibi\b|[Öö]nerimiz|[Şş]ikayet",
}
STILL_RIGHT = r"ganzen Einheiten der Währung|Vertrauliche Meldung"


def texts(language: str) -> dict[str, str]:
    """Every translation by its original, the plural after the singular."""
    path = messages.SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    return {
        f"{entry.msgctxt}: {entry.msgid}": " ".join([entry.msgstr, *entry.msgstr_plural.values()])
        for entry in polib.pofile(str(path))
    }


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_words_that_were_put_aside_are_not_used(language):
    found = {
        original: text
        for original, text in texts(language).items()
        if re.search(PUT_ASIDE[language], re.sub(STILL_RIGHT, "", text))
    }
    assert not found


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_messages_do_not_use_them_either(language):
    paths = sorted(MESSAGES.glob(f"*/messages/{language}/*.txt"))
    assert len(paths) > 100
    wrong = [path for path in paths if re.search(PUT_ASIDE[language], path.read_text())]
    assert not [str(path.relative_to(MESSAGES)) for path in wrong]


def test_german_messages_say_anliegen_to_applicants_and_vorgang_to_staff():
    def wrong(path: Path) -> bool:
        said = "Anliegen" if path.name.startswith("staff_") else "Vorgang"
        return said in path.read_text()

    paths = sorted(MESSAGES.glob("*/messages/de/*.txt"))
    assert len(paths) > 100
    assert not [str(path.relative_to(MESSAGES)) for path in paths if wrong(path)]
