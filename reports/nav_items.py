"""Lines of the rail that belong to reports."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.shell.nav import DEALS, SEES_CLIENTS, NavItem

# Whoever may open one report at least; marketing and logistics see no money.
READERS = SEES_CLIENTS - {Role.MARKETER, Role.LOGISTICS, Role.MERCHANDISER}
REPORTS = NavItem(
    "reports",
    _("Reports"),
    "report-analytics",
    "reports:report_list",
    DEALS,
    READERS,
    phone=18,
    order=60,
    also=("reports:report",),
)
