"""Periodic work of imports."""

from django.utils.translation import gettext_lazy as _

from crm.imports import actions
from crm.work import periodic


def register_jobs() -> None:
    """Declare the job of the night."""
    periodic.register(
        "imports.forget_files",
        due=periodic.daily(3, 20),
        run=actions.forget_old_files,
        label=_("Forget old uploaded files"),
    )
