"""Periodic work of files."""

from django.utils.translation import gettext_lazy as _

from crm.files import actions
from crm.work import periodic


def register_jobs() -> None:
    """Declare the jobs."""
    periodic.register(
        "files.sweep",
        due=periodic.daily(3, 40),
        run=actions.sweep_files,
        label=_("Sweep what broken uploads left"),
    )
