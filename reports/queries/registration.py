"""Registration sheets of a year by manager (REG-1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from clients.models import RegistrationSheet
from clients.querysets.registration import SheetSums
from crm.accounts.models import OrgUnit, User
from crm.money import percent
from reports.registry import Params, Row

COUNTS = ("total", "approved", "in_time", "late", "submitted", "returned", "left", "overdue")


def campaign(user: User, params: Params) -> list[Row]:
    """Sheets of the campaigns of the year by the unit of the client and the manager."""
    rows: Any = RegistrationSheet.objects.visible_to(user).filter(campaign__year=params["year"])
    if unit := params.get("unit"):
        inside = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
        rows = rows.filter(client__org_unit__in=inside)
    found = rows.sums_by(timezone.localdate(), "client__org_unit", "manager")
    people = User.objects.in_bulk({manager for _unit, manager in found})
    units = OrgUnit.objects.in_bulk({unit for unit, _manager in found if unit})
    made = [
        _row(params["year"], units.get(unit), people[manager], sums)
        for (unit, manager), sums in found.items()
    ]
    return sorted(made, key=lambda row: (row["unit"], row["name"]))


def _row(year: int, unit: OrgUnit | None, manager: User, sums: SheetSums) -> dict[str, Any]:
    asked = {"year": year, "manager": manager.pk} | ({"unit": unit.pk} if unit else {})
    return {
        "unit": unit.name if unit else "",
        "name": manager.short_name,
        "url": f"{reverse('clients:sheet_list')}?{urlencode(asked)}",
        **_figures(sums),
    }


def _figures(sums: SheetSums) -> dict[str, Any]:
    return {
        "total": sums.total,
        "approved": sums.approved,
        "in_time": sums.in_time,
        "late": sums.late,
        "submitted": sums.submitted,
        "returned": sums.returned,
        "left": sums.not_started + sums.in_progress,
        "overdue": sums.overdue,
        "required": sums.required,
        "filled": sums.filled,
        "collected_pct": sums.collected_pct,
        "in_time_pct": sums.in_time_pct,
        "completeness_pct": sums.completeness_pct,
    }


def campaign_totals(_user: User, _params: Params, rows: Any) -> Row:
    """Percentages of the whole come from the sums."""
    whole = {
        name: sum(row[name] for row in rows) for name in ("total", *COUNTS, "required", "filled")
    }
    return {
        "collected_pct": percent(whole["approved"], whole["total"]),
        "in_time_pct": percent(whole["in_time"], whole["total"]),
        "completeness_pct": percent(whole["filled"], whole["required"]),
    }
