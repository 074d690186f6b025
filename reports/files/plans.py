"""The file of a plan: lines in the columns that its import reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.accounts.actions import log_access
from crm.accounts.models import User
from crm.lists.export import file_response
from crm.tabular import About, Kind
from reports.days.plans import previous
from reports.models import MonthlyPlan, PlanLine
from reports.queries.plan_money import NONE, brought_in

KINDS = [
    Kind.TEXT,
    Kind.TEXT,
    Kind.TEXT,
    Kind.MONEY,
    Kind.MONEY,
    Kind.NUMBER,
    Kind.NUMBER,
    Kind.TEXT,
    Kind.MONEY,
]


def plan_response(plan: MonthlyPlan, request: HttpRequest, user: User) -> HttpResponseBase:
    """The lines that the person sees, with the shipments of the last month beside them."""
    lines = list(PlanLine.objects.visible_to(user).filter(plan=plan).for_grid())
    target = f"plan?pk={plan.pk}"
    log_access(user, kind="export", target=target, rows=len(lines), request=request)
    header = [
        _("Code"),
        _("Client"),
        _("Manager"),
        _("Shipments"),
        _("Receipts"),
        pgettext("plan", "Active"),
        _("Contacts"),
        _("Comment"),
        _("Shipments of the last month"),
    ]
    facts = [(_("State"), plan.get_state_display()), (_("Version"), str(plan.revision))]
    about = About(str(plan), facts)
    name = f"plan-{plan.month:%Y-%m}-{plan.pk}"
    return file_response("xlsx", name, header, KINDS, _rows(plan, lines), about)


def _rows(plan: MonthlyPlan, lines: list[PlanLine]) -> Iterator[list[Any]]:
    before = brought_in(previous(plan.month), [line.client_id for line in lines])
    for line in lines:
        yield [
            line.client.code,
            line.client.name,
            line.manager.short_name,
            line.ship,
            line.cash,
            line.active,
            line.contacts,
            line.comment,
            before.get(line.client_id, NONE).ship,
        ]
