"""What the writes of files are called in a history."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs


def register_all() -> None:
    """Called once when the app is ready."""
    name_verbs(
        {
            "file.added": _("File added"),
            "file.replaced": _("New version of the file"),
            "file.put_aside": _("File put aside"),
            "file.brought_back": _("File brought back"),
            "file.received": _("File received from outside"),
        }
    )
