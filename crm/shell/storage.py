"""Static files whose JavaScript modules import each other by hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A new release never mixes its modules with the ones a browser has kept."""

    support_js_module_import_aggregation = True
