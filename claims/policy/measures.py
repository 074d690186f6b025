"""Policy of corrective measures."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

MEASURES = Group(_("Corrective measures"))


def register_measure_policy() -> None:
    """Declare the settings of measures."""
    MEASURES.whole(
        "measure.compared_days",
        90,
        7,
        400,
        _("A measure is judged by so many days before and after it"),
        _("calendar days"),
    )
