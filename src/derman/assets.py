"""Static files under names that change with their content, so browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of ES modules too."""

    support_js_module_import_aggregation = True
