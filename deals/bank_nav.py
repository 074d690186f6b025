"""Lines of the rail for documents and money."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.shell import nav

SEES_STATEMENTS = nav.DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER, Role.ADMIN}


def register() -> None:
    """Called once when the app is ready."""
    nav.register(
        nav.NavItem(
            "statements",
            _("Bank statements"),
            "building-bank",
            "deals:statement_list",
            nav.DEALS,
            SEES_STATEMENTS,
            phone=30,
            order=40,
            also=("deals:own_account_list",),
        )
    )
