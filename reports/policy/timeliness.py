"""Policy of terms that no document keeps: by when clients are distributed (CAL-4, III.14)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role
from crm.work.registry import Group

TERMS = Group(
    pgettext_lazy("terms", "Deadlines"),
    changed_by=(Role.ADMIN, Role.DIRECTOR, Role.DEPARTMENT_HEAD),
)
WORKING = _("working days")


def register_timeliness_policy() -> None:
    """Declare the settings."""
    TERMS.whole(
        "terms.distribution_days", 1, 0, 60, _("A new client is given to a manager within"), WORKING
    )
    TERMS.whole(
        "terms.redistribution_days",
        3,
        0,
        60,
        _("A decided hand-over of clients takes effect within"),
        WORKING,
    )
