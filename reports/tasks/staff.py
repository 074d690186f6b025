"""What notes about employees declare when the app is ready: the words of their histories."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs

VERBS = {
    "staff_note.added": _("Note about the employee added"),
    "staff_note.withdrawn": _("Note about the employee taken back"),
}


def register_staff() -> None:
    """Called once."""
    name_verbs(VERBS)
