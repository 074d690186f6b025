"""Periodic work on categories (C.6)."""

from django.utils.translation import gettext_lazy as _

from clients.actions.categories import apply_category_changes
from clients.actions.category_proposals import remind_of_new_clients
from crm.work import periodic


def register_category_jobs() -> None:
    """Changes take effect just after midnight; heads are reminded in the morning."""
    periodic.register(
        "apply_category_changes",
        due=periodic.daily(0, 10),
        run=apply_category_changes,
        label=_("Put category changes in force"),
    )
    periodic.register(
        "remind_of_new_clients",
        due=periodic.daily(8, 40),
        run=remind_of_new_clients,
        label=_("Remind of new clients without a category"),
    )
