"""The static files as they are served: one sheet, names that change with the content."""

import gzip
import os
import re
import time

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.templatetags.static import static


def test_collected_files_are_one_small_sheet_and_hashed_modules(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "derman.assets.Assets"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    name = static("ui/css/app.css").removeprefix(settings.STATIC_URL)
    sheet = (tmp_path / name).read_text(encoding="utf-8")
    assert re.fullmatch(r"ui/css/app\.[0-9a-f]{12}\.css", name)
    assert "@import" not in sheet
    assert ".clock" in sheet
    assert len(gzip.compress(sheet.encode())) < 15_000

    module = static("ui/js/combobox.js").removeprefix(settings.STATIC_URL)
    imported = re.search(r'from "\./([^"]+)"', (tmp_path / module).read_text(encoding="utf-8"))
    assert (tmp_path / "ui" / "js" / imported[1]).exists()
    assert imported[1] != "choices.js"


@pytest.fixture
def own_finders():
    """Finders that know the folders of this test alone."""
    finders.get_finder.cache_clear()
    yield
    finders.get_finder.cache_clear()


def test_the_sheet_of_an_update_is_the_new_one(settings, tmp_path, own_finders):
    """Only an imported part has changed since files were collected; the sheet itself has not."""
    parts = tmp_path / "source" / "ui" / "css"
    parts.mkdir(parents=True)
    (parts / "app.css").write_text('@import "print.css";\n')
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "derman.assets.Assets"},
    }
    names = set()
    for number, colour in enumerate(("red", "blue")):
        (parts / "print.css").write_text(f"h1 {{ color: {colour}; }}\n")
        later = time.time() + 60 * number
        os.utime(parts / "print.css", (later, later))
        call_command("collectstatic", interactive=False, verbosity=0)
        name = static("ui/css/app.css").removeprefix(settings.STATIC_URL)
        assert colour in (settings.STATIC_ROOT / name).read_text(encoding="utf-8")
        names.add(name)
    assert len(names) == 2
