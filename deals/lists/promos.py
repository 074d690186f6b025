"""The register of promos: columns, filters, ready views."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.contacts import DayFilter
from crm.calendar import month_start
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals.lists.documents import last_day
from deals.models import PromoCampaign, PromoKind, PromoState

TONES: dict[str, str] = {
    PromoState.ON_APPROVAL: "warning",
    PromoState.APPROVED: "info",
    PromoState.RUNNING: "success",
    PromoState.FINISHED: "warning",
    PromoState.CANCELLED: "danger",
}


def this_month(rows: Any, name: str, value: str) -> Any:
    """At least one of its days is in the month."""
    first = month_start(timezone.localdate())
    return rows.touching(first, month_start(first, 1) - timedelta(days=1))


def state_chip(promo: PromoCampaign) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(promo), TONES.get(promo.state, "neutral"))


def end_cell(promo: PromoCampaign) -> str:
    """The last day; with the days that are left, where they are few."""
    return last_day(promo.ends_on, within=14 if promo.state == PromoState.RUNNING else None)


class PromoFilter(filters.FilterSet):
    """What narrows the register."""

    state = filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=PromoState.choices)
    kind = filters.MultipleChoiceFilter(label=gettext_lazy("Kind"), choices=PromoKind.choices)
    brand = filters.CharFilter(label=gettext_lazy("Brand"), lookup_expr="icontains", max_length=100)
    runs = filters.ChoiceFilter(
        label=gettext_lazy("Days"),
        choices=[("month", gettext_lazy("in this month"))],
        method=this_month,
    )
    starts_from = DayFilter(
        label=gettext_lazy("Begins from"), field_name="starts_on", lookup_expr="gte"
    )
    starts_to = DayFilter(
        label=gettext_lazy("Begins to"), field_name="starts_on", lookup_expr="lte"
    )

    class Meta:
        model = PromoCampaign
        fields: tuple[str, ...] = ()


PROMOS = ListSpec(
    name="promos",
    model=PromoCampaign,
    title=gettext_lazy("Promos"),
    columns=[
        Column("name", pgettext_lazy("of a record", "Name"), sort="name", link=True),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("brand", gettext_lazy("Brand"), sort="brand", filter="brand"),
        Column("starts_on", gettext_lazy("First day"), kind=Kind.DATE, sort="starts_on"),
        Column(
            "ends_on", gettext_lazy("Last day"), kind=Kind.DATE, sort="ends_on", render=end_cell
        ),
        Column(
            "discount_pct",
            gettext_lazy("Discount, %"),
            kind=Kind.NUMBER,
            value=lambda promo: promo.discount_pct or None,
        ),
        Column("planned_sales", gettext_lazy("Planned sales"), kind=Kind.MONEY),
        Column("planned_costs", gettext_lazy("Planned costs"), kind=Kind.MONEY),
        Column("actual_costs", gettext_lazy("Actual costs"), kind=Kind.MONEY),
        Column("org_unit", gettext_lazy("Unit"), value="org_unit.name"),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
    ],
    default_sort="-starts_on",
    default_columns=[
        "name",
        "state",
        "kind",
        "brand",
        "starts_on",
        "ends_on",
        "discount_pct",
        "planned_sales",
        "planned_costs",
    ],
    filters=PromoFilter,
    row_url="deals:promo_detail",
    views=[
        View(gettext_lazy("In this month"), "runs=month"),
        View(pgettext_lazy("promos", "Running"), "state=running"),
        View(gettext_lazy("On their way"), "state=draft&state=on_marketing_approval"),
        View(gettext_lazy("To be analysed"), "state=finished"),
        ALL,
    ],
    empty_template="deals/_promos_none.html",
    page_template="deals/promo_list.html",
)
