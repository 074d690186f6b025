"""What the writes of imports are called in a history."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs


def register_all() -> None:
    """Called once when the app is ready."""
    name_verbs(
        {
            "import.uploaded": _("File uploaded"),
            "import.check_asked": _("Columns confirmed"),
            "import.checked": _("File checked"),
            "import.apply_asked": _("Import confirmed"),
            "import.started": _("Import started"),
            "import.applied": _("Imported from a file"),
            "import.ended": _("Import interrupted"),
            "import.cancelled": _("Import cancelled"),
            "import.undo_asked": _("Undoing asked for"),
            "import.undone": _("Import undone"),
            "import.file_forgotten": _("Uploaded file deleted"),
        }
    )
