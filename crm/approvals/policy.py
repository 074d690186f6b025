"""Policy of approvals: when a late decision goes on to the superior."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Kind, register


def register_approval_policy() -> None:
    """Declare the settings of approvals."""
    register(
        "approvals.escalate_after",
        kind=Kind.INT,
        default=2,
        minimum=0,
        maximum=30,
        label=_("A late decision goes on to the superior after"),
        help=_("Counted from the last day to decide; 0 switches it off."),
        unit=_("working days"),
        group=_("Decisions"),
        changed_by=(Role.ADMIN, Role.DIRECTOR),
    )
