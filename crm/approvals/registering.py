"""What approvals tell the rest of the product: verbs, jobs of the morning, navigation."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.approvals import actions, inbox
from crm.history import name_verbs
from crm.shell import nav
from crm.work import periodic

ESCALATION = (8, 45)  # before the reminders, so that the superior has one, too
MORNING = (8, 50)
READERS = frozenset({Role.ADMIN, Role.DIRECTOR, Role.GENERAL_DIRECTOR})


def name_approval_verbs() -> None:
    """Words for the history."""
    name_verbs(
        {
            "approval_route.changed": _("Approval route changed"),
            "approval_route.seeded": _("Approval route added"),
            "limits.changed": _("Signature limits changed"),
            "limits.visas_changed": _("Endorsements changed"),
            "limits.seeded": _("Signature limits added"),
        }
    )


def register_approval_jobs() -> None:
    """Late decisions: first to the superior, then the reminders."""
    periodic.register(
        "escalate_overdue_approvals",
        due=periodic.daily(*ESCALATION),
        run=actions.escalate_overdue,
        label=_("Pass late decisions on to the superior"),
    )
    periodic.register(
        "remind_overdue_approvals",
        due=periodic.daily(*MORNING),
        run=actions.remind_overdue,
        label=_("Remind of overdue decisions"),
    )


def register_navigation() -> None:
    """The count of what waits, and the pages of the set-up."""
    nav.register_counter(
        "decisions", lambda user: inbox.count_waiting(user, today=timezone.localdate())
    )
    pages = (
        ("routes", _("Approval routes"), "git-merge", "approvals:route_list", 22, 5),
        ("limits", _("Signature limits"), "signature", "approvals:limit_list", 23, 6),
    )
    for key, label, icon, url, phone, order in pages:
        item = nav.NavItem(key, label, icon, url, nav.SETUP, READERS, phone=phone, order=order)
        nav.register(item)
