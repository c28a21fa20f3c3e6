"""The static files as they are served: one sheet, names that change with the content."""

import gzip
import re

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
