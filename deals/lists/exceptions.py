"""The register of exceptions from the policy: columns, filters, ready views."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.filters.contacts import DayFilter
from crm.lists import ALL, Column, Kind, ListSpec, each_of
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT_OF_ROW
from deals.models import ExceptionKind, PolicyException

STATES = (
    ("in_force", gettext_lazy("In force")),
    ("ending", gettext_lazy("Expiring this month")),
    ("late", gettext_lazy("Review overdue")),
    ("expired", gettext_lazy("Have expired")),
)


def in_state(rows: Any, name: str, state: str) -> Any:
    """In force today, over in this month, to be reviewed, or over."""
    today = timezone.localdate()
    reads = {
        "in_force": rows.in_force,
        "ending": rows.ending_in_month,
        "late": rows.late_for_review,
        "expired": rows.expired,
    }
    return reads[state](today)


def state_of(row: PolicyException) -> tuple[str, str]:
    """In words and tone, how it stands today."""
    today = timezone.localdate()
    late = row.ends_on < today
    if row.ended_on is not None or (late and row.kind != ExceptionKind.LIMIT):
        return _("over"), "neutral"
    if late:
        return _("review overdue"), "danger"
    if row.starts_on > today:
        return _("to come"), "info"
    return _("in force"), "success"


def state_chip(row: PolicyException) -> str:
    """The same as a chip."""
    words, tone = state_of(row)
    return status_chip(capfirst(words), tone)


class ExceptionFilter(OfClientFilter):
    """What narrows the register."""

    contract = None
    kind = filters.MultipleChoiceFilter(label=gettext_lazy("Kind"), choices=ExceptionKind.choices)
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, method=in_state)
    ends_from = DayFilter(label=gettext_lazy("Ends from"), field_name="ends_on", lookup_expr="gte")
    ends_to = DayFilter(label=gettext_lazy("Ends to"), field_name="ends_on", lookup_expr="lte")

    class Meta(OfClientFilter.Meta):
        model = PolicyException


EXCEPTIONS = ListSpec(
    name="exceptions",
    model=PolicyException,
    title=gettext_lazy("Exceptions from the policy"),
    columns=[
        CLIENT_OF_ROW,
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("value", gettext_lazy("How much"), value="measure"),
        Column(
            "state",
            gettext_lazy("State"),
            value=lambda row: state_of(row)[0],
            render=state_chip,
        ),
        Column("starts_on", gettext_lazy("From"), kind=Kind.DATE, sort="starts_on"),
        Column("ends_on", gettext_lazy("To, included"), kind=Kind.DATE, sort="ends_on"),
        Column("reason", gettext_lazy("Reason")),
        Column("owner", gettext_lazy("Responsible"), value="owner.short_name"),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
        Column("manager", gettext_lazy("Manager"), value="client.manager.short_name"),
    ],
    default_sort="ends_on",
    default_columns=[
        "client",
        "kind",
        "value",
        "state",
        "ends_on",
        "reason",
        "owner",
        "approved_by",
    ],
    filters=ExceptionFilter,
    views=[*each_of("state", STATES), ALL],
)
