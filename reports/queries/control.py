"""Results of checks by person and process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from crm.accounts.models import User
from crm.money import percent
from reports.models import BusinessProcess, SpotCheck
from reports.registry import Params, Row

COUNTS = ("checks", "rows_count", "ok", "violations", "gross")


def results(user: User, params: Params) -> list[Row]:
    """Completed checks of the period by person and process; shares of rows that apply."""
    period = params["period"]
    rows: Any = SpotCheck.objects.visible_to(user).filter(
        state="completed", completed_at__date__range=(period.first, period.last)
    )
    bad = Q(items__result="violation")
    found = list(
        rows.order_by()
        .values("checked", "point__process")
        .annotate(
            checks=Count("pk", distinct=True),
            rows_count=Count("items", filter=~Q(items__result="na")),
            ok=Count("items", filter=Q(items__result="ok")),
            violations=Count("items", filter=bad),
            gross=Count("items", filter=bad & Q(items__severity="gross")),
        )
    )
    people = User.objects.in_bulk([row["checked"] for row in found])
    processes = BusinessProcess.objects.in_bulk()
    made = []
    for row in found:
        process = processes[row["point__process"]]
        asked = {"checked": row["checked"], "process": process.pk, "state": "completed"}
        url = f"{reverse('reports:check_list')}?{urlencode(asked)}"
        name = people[row["checked"]].short_name
        shown = {"name": name, "process": process.label, "url": url}
        made.append({**row, **shown, **share(row)})
    return sorted(made, key=lambda row: (row["name"], row["process"]))


def share(row: Row) -> dict[str, Any]:
    """Rows in order of those that apply; never averaged."""
    return {"share": percent(row["ok"], row["rows_count"])}


def results_totals(_user: User, _params: Params, rows: Any) -> Row:
    """The same of all of them."""
    return share({name: sum(row[name] for row in rows) for name in COUNTS})
