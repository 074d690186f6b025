"""The register of merchandisers' visits, and the plans of months."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.visits import VisitFilter
from clients.models import Client, MerchandiserVisit, VisitPlan, VisitPlanState, VisitState
from clients.search import search_list
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.shell.templatetags.formats import month_name
from crm.shell.templatetags.shell import progress, status_chip

MOST_CLIENTS = 500
TONES: dict[str, str] = {
    VisitState.PLANNED: "info",
    VisitState.DONE: "success",
    VisitState.MISSED: "danger",
    VisitState.CANCELLED: "neutral",
}
PLAN_TONES: dict[str, str] = {
    VisitPlanState.DRAFT: "warning",
    VisitPlanState.APPROVED: "success",
}


def state_chip(visit: MerchandiserVisit) -> str:
    """The state in words, with its colour; one that has begun says so."""
    if visit.is_open and visit.started_at is not None:
        return status_chip(_("In the outlet now"), "warning")
    return status_chip(visit.get_state_display(), TONES.get(visit.state, "neutral"))


def plan_chip(plan: VisitPlan) -> str:
    """The same of a plan."""
    return status_chip(plan.get_state_display(), PLAN_TONES.get(plan.state, "neutral"))


def day_cell(visit: MerchandiserVisit) -> str:
    """The day, and that it was another one at first."""
    day = f"{visit.planned_on:%d.%m.%Y}"
    if visit.moved_from is None:
        return day
    note = _("moved from %(day)s") % {"day": f"{visit.moved_from:%d.%m}"}
    return format_html(
        '{}<span class="d-block small text-secondary" title="{}">{}</span>',
        day, visit.move_reason, note,
    )  # fmt: skip


def stock_cell(visit: MerchandiserVisit) -> str:
    """How many goods were out of stock, in red where any."""
    if not visit.oos_count:
        return "" if visit.oos_count is None else "0"
    return format_html('<b class="text-danger">{}</b>', visit.oos_count)


def points_cell(visit: MerchandiserVisit) -> str:
    """How many points of the checklist are in order."""
    points = visit.checklist
    if not points or visit.started_at is None:
        return ""
    return f"{sum(point['ok'] is True for point in points)}/{len(points)}"


def find_visits(rows: Any, text: str) -> Any:
    """By the outlet, its address, or words of the client's name, its code, INN or phone."""
    found = search_list(Client.objects.all(), text.strip()).rows.order_by()
    words = Q(outlet__name__icontains=text.strip()) | Q(outlet__address__icontains=text.strip())
    return rows.filter(words | Q(outlet__client__in=found.values("pk")[:MOST_CLIENTS]))


VISITS = ListSpec(
    name="visits",
    model=MerchandiserVisit,
    title=gettext_lazy("Merchandisers' visits"),
    columns=[
        Column(
            "planned_on",
            pgettext_lazy("visit", "Day"),
            link=True,
            sort="planned_on",
            render=day_cell,
        ),
        Column(
            "client",
            gettext_lazy("Client"),
            value="outlet.client.name",
            filter="client",
            filter_value="outlet.client_id",
        ),
        Column(
            "outlet",
            gettext_lazy("Outlet"),
            value="outlet.name",
            filter="outlet",
            filter_value="outlet_id",
        ),
        Column("address", gettext_lazy("Address"), value="outlet.address"),
        Column(
            "merchandiser",
            gettext_lazy("Merchandiser"),
            value="merchandiser.short_name",
            filter="merchandiser",
            filter_value="merchandiser_id",
        ),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("started_at", pgettext_lazy("visit", "Started at"), kind=Kind.DATETIME),
        Column("minutes", gettext_lazy("Minutes"), kind=Kind.NUMBER),
        Column("points", gettext_lazy("Checklist in order"), value=points_cell),
        Column(
            "oos_count",
            gettext_lazy("Out of stock"),
            kind=Kind.NUMBER,
            sort="oos_count",
            render=stock_cell,
        ),
        Column("shelf_share", gettext_lazy("Share of the shelf, %"), sort="shelf_share"),
        Column("comment", gettext_lazy("Comment")),
        Column("move_reason", gettext_lazy("Why it was moved")),
        Column("cancel_reason", gettext_lazy("Why it was cancelled")),
    ],
    default_sort="-planned_on",
    default_columns=[
        *("planned_on", "client", "outlet", "merchandiser", "state", "started_at", "minutes"),
        *("points", "oos_count", "shelf_share"),
    ],
    filters=VisitFilter,
    search=find_visits,
    search_hint=gettext_lazy("Outlet, address, client"),
    views=[
        View(pgettext_lazy("visits", "Due"), "due=true"),
        ALL,
        View(pgettext_lazy("visits", "Planned"), "state=planned&sort=planned_on"),
        View(pgettext_lazy("visits", "Done"), "state=done"),
        View(pgettext_lazy("visits", "Missed"), "state=missed"),
        View(gettext_lazy("Goods were out of stock"), "stockouts=true"),
    ],
    page_template="clients/visit_list.html",
    empty_template="clients/_visits_none.html",
)


def done_cell(plan: Any) -> str:
    """How much of the plan is done."""
    label = _("Done")
    return format_html("{}/{} {}", plan.done, plan.total, progress(plan.done, plan.total, label))


PLANS = ListSpec(
    name="visit_plans",
    model=VisitPlan,
    title=gettext_lazy("Plans of visits"),
    columns=[
        Column(
            "month",
            gettext_lazy("Month"),
            value=lambda plan: month_name(plan.month),
            link=True,
            sort="month",
        ),
        Column("state", gettext_lazy("State"), render=plan_chip),
        Column("people", gettext_lazy("Merchandisers"), kind=Kind.NUMBER),
        Column("total", gettext_lazy("Visits"), kind=Kind.NUMBER),
        Column(
            "done",
            pgettext_lazy("visits", "Done"),
            kind=Kind.NUMBER,
            render=done_cell,
        ),
        Column("missed", pgettext_lazy("visits", "Missed"), kind=Kind.NUMBER),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
        Column("approved_at", gettext_lazy("Approved on"), kind=Kind.DATETIME),
    ],
    default_sort="-month",
    page_template="clients/visit_plan_list.html",
    empty_template="clients/_visit_plans_none.html",
)
