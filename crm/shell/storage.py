"""Static files whose JavaScript modules import each other by hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A new release never mixes its modules with the ones a browser has kept.

    Django can rewrite imports in every script or in none; foreign ones have words that only look
    like imports, so the rule is applied to our own folder.
    """

    _imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _imports[1]))
