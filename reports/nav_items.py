"""Lines of the rail that belong to reports, and home pages that this app declares."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.pages import card_tabs
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.library.screens import register_reports
from crm.shell import nav
from crm.shell.nav import (
    CLAIMS,
    CONTROL,
    GROWTH,
    MONEY,
    PLANS,
    SEES_CLIENTS,
    SEES_MONEY,
    WORK,
    NavItem,
)
from reports.permissions import CHIEFS, can_see_plans
from reports.permissions.strategy import PLANNERS
from reports.registry import open_to

# Whoever may open one report at least; logistics sees no money.
READERS = (SEES_CLIENTS | {Role.PURCHASING}) - {Role.LOGISTICS}
LAWYERS = frozenset({Role.LAWYER})
ACCOUNTING = frozenset({Role.ACCOUNTANT})


ITEMS = (
    NavItem(
        "plan_fact",
        _("Plan vs actual"),
        "chart-line",
        "reports:plan_fact",
        PLANS,
        frozenset({Role.MANAGER, *CHIEFS}),
        phone=22,
        order=26,
        also=("reports:month_close",),
    ),
    NavItem(
        "audience",
        _("Audience of leads"),
        "users-group",
        "reports:audience",
        GROWTH,
        SALES | DIRECTORS,
        phone=55,
        order=10,
    ),
    NavItem(
        "targets",
        _("Target tasks"),
        "target-arrow",
        "reports:target_list",
        PLANS,
        frozenset({Role.MANAGER, *CHIEFS}),
        phone=23,
        order=27,
        also=("reports:target_detail",),
    ),
    NavItem(
        "demand",
        _("Demand"),
        "packages",
        "reports:demand",
        GROWTH,
        frozenset({Role.MANAGER, Role.MARKETER, *CHIEFS}),
        phone=24,
        order=28,
    ),
    NavItem(
        "strategy",
        _("Pack for the strategic plan"),
        "binoculars",
        "reports:strategy",
        CONTROL,
        PLANNERS,
        phone=28,
        order=62,
    ),
    NavItem(
        "timeliness",
        pgettext_lazy("terms", "Deadlines"),
        "calendar-stats",
        "reports:timeliness",
        CONTROL,
        frozenset(CHIEFS),
        phone=25,
        order=36,
    ),
    NavItem(
        "workload",
        _("Workload"),
        "gauge",
        "reports:workload",
        CONTROL,
        frozenset(CHIEFS),
        phone=26,
        order=37,
        also=("reports:staff_facts",),
    ),
    NavItem(
        "reports",
        _("Reports"),
        "report-analytics",
        "reports:report_list",
        CONTROL,
        READERS,
        phone=18,
        order=60,
        also=("reports:report",),
    ),
    NavItem(
        "plans",
        pgettext_lazy("rail", "Plans"),
        "target",
        "reports:plan_list",
        PLANS,
        SALES | SEES_MONEY,
        phone=17,
        order=25,
        also=("reports:plan_detail", "reports:plan_grid"),
    ),
    NavItem(
        "receivables",
        _("Receivables"),
        "report-money",
        "reports:receivables",
        MONEY,
        SEES_MONEY,
        phone=7,
        order=40,
        also=("reports:receivable_invoices", "deals:credit", "deals:limit_"),
    ),
    NavItem(
        "claims_in_figures",
        _("Claims in figures"),
        "chart-bar",
        "reports:claims",
        CLAIMS,
        SEES_MONEY,
        phone=19,
        order=33,
    ),
    NavItem(
        "accounting",
        _("Accounting"),
        "calculator",
        "reports:accounting",
        WORK,
        ACCOUNTING,
        phone=1,
        order=1,
    ),
    NavItem(
        "legal",
        _("Contracts and papers"),
        "scale",
        "reports:legal",
        WORK,
        LAWYERS,
        phone=1,
        order=1,
        short=_("Contracts"),
    ),
    NavItem(
        "delivery",
        _("Delivery today"),
        "truck-delivery",
        "reports:delivery",
        WORK,
        frozenset({Role.LOGISTICS}),
        phone=1,
        order=1,
        short=_("Today"),
    ),
)


def _opens_report(user: User, name: str) -> bool:
    """Whether the declared report is one of the person's."""
    return any(report.name == name for report in open_to(user))


def register_report_nav() -> None:
    """Declare the lines."""
    for item in ITEMS:
        nav.register(item)
    register_reports(_opens_report)
    register_tab(
        TabOfLaterApp(
            "plans",
            pgettext_lazy("rail", "Plans"),
            "target",
            "reports:client_plans",
            can_see_plans,
            order=56,
            group=card_tabs.SALES,
        )
    )
