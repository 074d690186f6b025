"""The file of a transfer to payroll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from crm.accounts.actions import log_access
from crm.accounts.models import User
from crm.lists.export import file_response
from crm.money import format_money
from crm.tabular import About, Kind
from reports.models import IncentiveSheet, PayrollTransfer

KINDS = [Kind.TEXT, Kind.TEXT, Kind.TEXT, *[Kind.MONEY] * 5, Kind.TEXT]


def transfer_response(
    transfer: PayrollTransfer, suffix: str, request: HttpRequest, user: User
) -> HttpResponseBase:
    """One line for each sheet; the access journal keeps who took it."""
    sheets = IncentiveSheet.objects.visible_to(user).filter(transfer=transfer).for_list()
    rows = list(sheets.order_by("employee__sort_key", "pk"))
    log_access(
        user, kind="export", target=f"payroll?pk={transfer.pk}", rows=len(rows), request=request
    )
    header = [
        _("Employee"),
        _("Unit"),
        _("Month"),
        _("Monthly salary"),
        _("Bonus after the correction"),
        _("Rewards"),
        _("Reduction of the bonus"),
        _("Variable pay"),
        _("Approved by"),
    ]
    facts = [(_("Sheets"), str(transfer.sheets_count)), (_("Total"), format_money(transfer.total))]
    about = About(f"{_('Transfer to payroll')} {transfer}", facts)
    name = f"payroll-{transfer.month:%Y-%m}-{transfer.pk}"
    return file_response(suffix, name, header, KINDS, _lines(rows), about)


def _lines(rows: list[IncentiveSheet]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            str(row.employee),
            row.org_unit.name,
            f"{row.month:%m.%Y}",
            row.salary,
            row.after_correction,
            row.rewards,
            row.reductions,
            row.variable_total,
            row.approved_by.short_name if row.approved_by else "",
        ]
