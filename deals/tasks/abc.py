"""Periodic work on the ABC analysis (C.6)."""

from django.utils.translation import gettext_lazy as _

from crm.work import periodic
from deals.actions.abc import recalculate_abc


def register_abc_jobs() -> None:
    """On the 3rd of the month at 03:00, when the documents of the month are in."""
    periodic.register(
        "abc_recalculation",
        due=periodic.monthly(3, 3, 0),
        run=recalculate_abc,
        label=_("Calculate the ABC analysis"),
    )
