"""What variable pay declares when the app is ready: words, sentences, facts, seeds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import DIRECTORS, Role
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import seeds
from reports.actions.schemes import seed_schemes
from reports.approval_handlers.incentives import register_incentive_approvals
from reports.grounds.sources import register_grounds
from reports.models import IncentiveSheet
from reports.permissions.incentives import PAID
from reports.policy.incentives import register_incentive_policy

VERBS = {
    "incentive.drafted": _("Incentive sheet drafted"),
    "incentive.recounted": _("Incentive sheet recalculated"),
    "incentive.line_added": _("Reward or reduction added"),
    "incentive.line_withdrawn": _("Reward or reduction taken back"),
    "incentive.acknowledged": _("Incentive sheet acknowledged"),
    "incentive.objected": _("Objection to the incentive sheet"),
    "incentive.sent": _("Incentive sheet sent to payroll"),
    "scheme.seeded": _("Motivation schemes set up"),
    "scheme.set": _("Motivation scheme set"),
    "scheme.wage_set": _("Individual salary set"),
}
TITLES = {
    "incentive.drafted": _("Incentive sheets for %(month)s are drafted: decide them"),
    "incentive.shown": _(
        "Your incentive sheet for %(month)s is approved: acknowledge it or object by %(until)s"
    ),
    "incentive.objected": _("%(employee)s objects to the incentive sheet for %(month)s"),
}
ITEM = nav.NavItem(
    "incentives",
    _("Incentive sheets"),
    "coins",
    "reports:incentive_list",
    nav.PLANS,
    frozenset({*PAID, *DIRECTORS, Role.ACCOUNTANT}),
    phone=24,
    order=35,
    also=(
        "reports:incentive_detail",
        "reports:scheme_list",
        "reports:payroll_list",
        "reports:wage_set",
    ),
)


def register_incentives() -> None:
    """Called once."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    register_incentive_policy()
    register_grounds()
    register_incentive_approvals()
    seeds.register("motivation schemes", seed_schemes)
    nav.register(ITEM)
    nav.register_counter(ITEM.key, IncentiveSheet.objects.waiting_for)
