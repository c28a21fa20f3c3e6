"""`make messages`: collect the words to translate from the code, then compile what is translated.

Needs gettext. The .po files keep neither line numbers nor dates, so they change only when words do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "derman"
LANGUAGES = ["tr", "de"]  # the words in the code are English


def collect(source: Path, languages: list[str]) -> list[Path]:
    """Bring django.po of every language below `source` to the words in the code."""
    (source / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-wrap"]
    command += ["--no-obsolete", "--extension", "html,py"]
    command += [f"--locale={language}" for language in languages]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)
    found = [source / "locale" / language / "LC_MESSAGES" / "django.po" for language in languages]
    for path in found:
        _tidy(path)
    return found


def _tidy(path: Path) -> None:
    """Drop guesses and dates: a wrong guess is worse than an empty line."""
    words = polib.pofile(str(path), wrapwidth=0)
    for entry in words.fuzzy_entries():
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        entry.msgstr = ""
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    words.metadata_is_fuzzy = False
    words.header = "Words of Derman."
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To"):
        words.metadata.pop(name, None)
    for name in ("Last-Translator", "Language-Team"):
        words.metadata.pop(name, None)
    words.metadata["Project-Id-Version"] = "derman"
    words.metadata["Language"] = path.parts[-3]
    words.save(str(path))


def main() -> None:
    if not shutil.which("xgettext"):
        sys.exit("gettext is not installed (on Debian and Ubuntu: apt install gettext)")
    for path in collect(SOURCE, LANGUAGES):
        words = polib.pofile(str(path))
        words.save_as_mofile(str(path.with_suffix(".mo")))
        print(f"{path.parts[-3]}: {words.percent_translated()} % of {len(words)} translated")


if __name__ == "__main__":
    main()
