"""Periodic work of imports, and what its notices say."""

from django.utils.translation import gettext_lazy as _

from crm.imports import actions
from crm.notices import kinds
from crm.work import periodic


def register_jobs() -> None:
    """Declare the jobs and the sentence of a refused file."""
    periodic.register(
        "import_1c_dropfolder",
        due=periodic.every(15),
        run=actions.pick_up_files,
        label=_("Pick up files of 1C and the bank from the folder"),
    )
    periodic.register(
        "imports.forget_files",
        due=periodic.daily(3, 20),
        run=actions.forget_old_files,
        label=_("Forget old uploaded files"),
    )
    kinds.register(
        "import.dropped_refused",
        title=_("The file “%(file)s” of the folder is not imported: %(reason)s"),
    )
