"""Static files under names that change with their content, so browsers may keep them for ever."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "ui/css/app.css"
IMPORT = re.compile(r'^@import "([\w-]+\.css)";$', re.MULTILINE)


class Assets(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our own ES modules too; those of libraries hold examples."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "*/js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Put the sheets of the house style into one first, so that a browser asks once.

        They are read where they come from: what was collected before may be one sheet already.
        """
        if SHEET in paths and not dry_run:
            folder = SHEET.rpartition("/")[0]
            whole = IMPORT.sub(
                lambda found: _text(*paths[f"{folder}/{found[1]}"]), _text(*paths[SHEET])
            )
            self.delete(SHEET)
            self.save(SHEET, ContentFile(whole))
            paths = {**paths, SHEET: (self, SHEET)}
        return super().post_process(paths, dry_run, **options)


def _text(source: Storage, name: str) -> str:
    with source.open(name) as file:
        text: bytes = file.read()
    return text.decode()
