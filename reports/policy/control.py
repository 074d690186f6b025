"""Policy of control: how many rows a sample has, by when a violation is mended."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

CONTROL = Group(_("Control"))


def register_control_policy() -> None:
    """Declare the settings."""
    CONTROL.whole("control.sample_size", 10, 1, 200, _("A check looks at"), _("rows"))
    CONTROL.whole(
        "control.mend_days", 5, 1, 90, _("A violation is corrected within"), _("working days")
    )
    CONTROL.whole(
        "control.complete_days", 5, 1, 90, _("A check is completed within"), _("working days")
    )
    CONTROL.whole("control.period_days", 30, 1, 366, _("A check looks back"), _("calendar days"))
