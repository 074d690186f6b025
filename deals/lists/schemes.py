"""The register of relationship schemes: columns, filters, ready views."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.filters.clients import YesNoFilter
from clients.filters.contacts import DayFilter
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.money import NBSP
from crm.shell.templatetags.shell import category_badge, status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT_OF_ROW
from deals.lists.documents import last_day
from deals.models import RelationshipScheme, SchemeState

TONES: dict[str, str] = {
    SchemeState.ON_APPROVAL: "warning",
    SchemeState.APPROVED: "info",
    SchemeState.ACTIVE: "success",
    SchemeState.REJECTED: "danger",
    SchemeState.TERMINATED: "warning",
}


def ending(rows: Any, name: str, value: str) -> Any:
    """Standing, and over within what is left of the month."""
    return rows.ending_in_month(timezone.localdate())


def state_chip(scheme: RelationshipScheme) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(scheme), TONES.get(scheme.state, "neutral"))


def end_cell(scheme: RelationshipScheme) -> str:
    """The last day; with the days that are left, where they are few."""
    return last_day(scheme.valid_to, within=31 if scheme.state == SchemeState.ACTIVE else None)


def sooner(scheme: RelationshipScheme) -> str:
    """Working days, where it is so."""
    if not scheme.accelerated_days:
        return "—"
    words = _("by %(days)s working d.") % {"days": scheme.accelerated_days}
    return words.replace(" ", NBSP)


class SchemeFilter(OfClientFilter):
    """What narrows the register."""

    contract = None
    state = filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=SchemeState.choices)
    ends = filters.ChoiceFilter(
        label=gettext_lazy("Ends"), choices=[("month", gettext_lazy("this month"))], method=ending
    )
    beyond = YesNoFilter(label=gettext_lazy("Outside the policy"), field_name="beyond_policy")
    to_from = DayFilter(label=gettext_lazy("Ends from"), field_name="valid_to", lookup_expr="gte")
    to_to = DayFilter(label=gettext_lazy("Ends to"), field_name="valid_to", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = RelationshipScheme


SCHEMES = ListSpec(
    name="schemes",
    model=RelationshipScheme,
    title=gettext_lazy("Relationship schemes"),
    columns=[
        CLIENT_OF_ROW,
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            render=lambda scheme: category_badge(scheme.client.category),
        ),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("valid_from", gettext_lazy("From"), kind=Kind.DATE, sort="valid_from"),
        Column(
            "valid_to",
            gettext_lazy("To, included"),
            kind=Kind.DATE,
            sort="valid_to",
            render=end_cell,
        ),
        Column("discount_pct", gettext_lazy("Discount, %"), kind=Kind.NUMBER, sort="discount_pct"),
        Column("accelerated_days", gettext_lazy("Sooner"), value=sooner),
        Column(
            "turnover_goal", gettext_lazy("Goal a month"), kind=Kind.MONEY, sort="turnover_goal"
        ),
        Column("goals", gettext_lazy("Goals")),
        Column("beyond_policy", gettext_lazy("Outside the policy"), filter="beyond"),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
        Column("manager", gettext_lazy("Manager"), value="client.manager.short_name"),
    ],
    default_sort="valid_to",
    default_columns=[
        "client",
        "category",
        "state",
        "valid_from",
        "valid_to",
        "discount_pct",
        "accelerated_days",
        "turnover_goal",
        "manager",
    ],
    filters=SchemeFilter,
    row_url="deals:scheme_detail",
    views=[
        View(gettext_lazy("In force"), "state=active"),
        View(gettext_lazy("Ending this month"), "ends=month"),
        View(gettext_lazy("On their way"), "state=draft&state=on_approval&state=approved"),
        ALL,
    ],
    empty_template="deals/_schemes_none.html",
)
