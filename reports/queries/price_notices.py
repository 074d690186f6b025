"""Notices of new prices by change and manager: how many were told, in time, acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.money import percent
from deals.models import PriceChangeNotice
from reports import links
from reports.parameters import Period
from reports.registry import Params, Row

COUNTS = ("notices", "told", "in_time", "late", "acknowledged")
CHANGE = (
    "change_id",
    "change__price_list_id",
    "change__price_list__name",
    "change__effective_from",
)
MANAGER = (
    *("client__manager_id", "client__manager__last_name", "client__manager__first_name"),
    "client__manager__middle_name",
)
FIELDS: dict[str, tuple[str, ...]] = {
    "both": (*CHANGE, *MANAGER),
    "change": CHANGE,
    "manager": MANAGER,
}


def notice_rows(user: User, params: Params) -> list[Row]:
    """Notices to visible clients of changes that come in force in the period."""
    by, today = params["by"], timezone.localdate()
    period: Period = params["period"]
    rows = PriceChangeNotice.objects.in_sums_of(user).order_by()
    rows = rows.filter(change__effective_from__range=(period.first, period.last))
    if manager := params.get("manager"):
        rows = rows.filter(client__manager=manager)
    if unit := params.get("unit"):
        units = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
        rows = rows.filter(client__org_unit__in=units)
    counted = rows.values(*FIELDS[by]).annotate(
        notices=Count("pk"),
        told=Count("pk", filter=Q(delivered_on__isnull=False)),
        in_time=Count("pk", filter=Q(delivered_on__lte=F("due_on"))),
        late=Count("pk", filter=PriceChangeNotice.objects.is_late(today)),
        acknowledged=Count("pk", filter=Q(state="acknowledged")),
    )
    found = [{**row, **_named(row), **_shares(row)} for row in counted]
    return sorted(found, key=lambda row: (row.get("effective") or today, row.get("manager", "")))


def notice_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The same shares of all of them."""
    return _shares({name: sum(row[name] for row in rows) for name in COUNTS})


def _shares(row: Row) -> Row:
    return {
        f"{name}_share": percent(row[name], row["notices"]) for name in ("in_time", "acknowledged")
    }


def _named(row: Row) -> Row:
    """The change and the manager, as far as the row has them."""
    named: dict[str, object] = {}
    if "change_id" in row:
        named["change"] = row["change__price_list__name"]
        named["effective"] = row["change__effective_from"]
        named["url"] = links.record("deals:price_list_changes", row["change__price_list_id"])
    if "client__manager_id" in row:
        named["manager"] = _manager(row)
    return named


def _manager(row: Row) -> str:
    if row["client__manager_id"] is None:
        return _("No manager")
    parts = ("last_name", "first_name", "middle_name")
    return User(**{part: row[f"client__manager__{part}"] for part in parts}).short_name
