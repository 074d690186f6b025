"""Policy of variable pay: the days for an objection, the lawful cap (D.14)."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group

INCENTIVES = Group(_("Variable pay"), changed_by=(Role.ADMIN, Role.DIRECTOR))


def register_incentive_policy() -> None:
    """Declare the settings."""
    INCENTIVES.whole(
        "incentive.objection_days",
        3,
        1,
        30,
        _("An employee may object to a sheet within"),
        _("working days"),
    )
    # The law says twenty (art. 135 TK); the policy may be milder, never harder.
    INCENTIVES.whole(
        "incentive.reduction_cap_percent",
        20,
        0,
        20,
        _("Disciplinary reductions take at most of the monthly salary"),
        "%",
    )
