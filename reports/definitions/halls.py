"""Who is unpromising for a personal manager: candidates for the trading hall (HALL-1, L240)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clients.categorising.unpromising import bounds, prospects_of
from clients.models import Client, ClientCategory, ClientKind, ClientStatus, HallMove, HallState
from clients.permissions.halls import can_see_hall_candidates
from crm.accounts.models import User
from crm.tabular import Kind
from reports.definitions.abc import GROUP
from reports.definitions.columns import money
from reports.parameters import manager_parameter, unit_parameter
from reports.registry import Params, Report, ReportColumn, Row, register


def candidates(user: User, params: Params) -> list[dict[str, Any]]:
    """Clients of category C that HALL-1 calls unpromising today, the longest silent first."""
    today, limits = timezone.localdate(), bounds()
    rows = (
        Client.objects.visible_to(user)
        .filter(status=ClientStatus.CLIENT, category=ClientCategory.C, archived_at=None)
        .exclude(kind=ClientKind.CHAIN)
    )
    if params.get("manager"):
        rows = rows.filter(manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(org_unit__path__startswith=params["unit"].path)
    known = {
        pk: one for pk, one in prospects_of(rows, today=today).items() if one.unpromising(limits)
    }
    asked = HallMove.objects.filter(client__in=known, state=HallState.PROPOSED)
    waiting = set(asked.values_list("client", flat=True))
    shown = Client.objects.filter(pk__in=known).select_related("manager", "org_unit")
    found = [
        {
            "code": client.code,
            "client": client.name,
            "url": reverse("clients:hall", args=[client.pk]),
            "manager": client.manager.short_name if client.manager else "",
            "unit": client.org_unit.name if client.org_unit else "",
            "last_on": known[client.pk].last_on,
            "days": known[client.pk].days,
            "monthly": known[client.pk].monthly,
            "potential": known[client.pk].potential,
            "state": HallState.PROPOSED.label if client.pk in waiting else "",
        }
        for client in shown
    ]
    return sorted(found, key=lambda row: (-row["days"], row["client"]))


def _rows(user: User, params: Params) -> Iterable[Row]:
    yield from candidates(user, params)


def register_hall_reports() -> None:
    """Declare the report."""
    register(
        Report(
            name="hall_candidates",
            title=gettext_lazy("Candidates for the trading hall"),
            group=GROUP,
            parameters=[manager_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("code", gettext_lazy("Code")),
                ReportColumn("client", gettext_lazy("Client"), link="url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("unit", gettext_lazy("Unit")),
                ReportColumn("last_on", gettext_lazy("Last shipment"), Kind.DATE),
                ReportColumn("days", gettext_lazy("Days since"), Kind.NUMBER),
                money("monthly", gettext_lazy("Monthly average")),
                money("potential", gettext_lazy("Potential per month")),
                ReportColumn("state", gettext_lazy("State")),
            ],
            rows=_rows,
            may_open=can_see_hall_candidates,
            how=gettext_lazy(
                "Category C with a potential below the setting, and either no shipment for more"
                " days than the setting allows or monthly net shipments below it on average of the"
                " last months (HALL-1). A client that never bought is counted from the day it was"
                " entered; the average is judged once a client has bought for all these months."
                " The list is only a proposal: managers propose and the head of the department"
                " decides, on the client card."
            ),
        )
    )
