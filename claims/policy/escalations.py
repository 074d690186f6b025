"""Policy of escalations: how long each level has (ESC-1)."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

ESCALATIONS = Group(_("Escalations and conflicts"))
WORKING = _("working days")
WHOLE = (
    ("sector_days", 2, 1, 30, _("The sector head settles an escalation within"), WORKING),
    (
        "department_days",
        2,
        1,
        30,
        _("The department head settles an escalation within"),
        WORKING,
    ),
    (
        "department_days_a",
        1,
        1,
        30,
        _("The department head settles one of a client of category A in person within"),
        WORKING,
    ),
    ("director_days", 3, 1, 60, _("The director settles an escalation within"), WORKING),
)


def register_escalation_policy() -> None:
    """Declare the settings of escalations."""
    for name, default, least, most, label, unit in WHOLE:
        ESCALATIONS.whole(f"escalation.{name}", default, least, most, label, unit)
