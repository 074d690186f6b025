"""The register of target tasks: columns, filters, ready views."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.lists.term_cells import term_cell
from crm.money import format_percent
from crm.shell.templatetags.formats import month_name
from crm.shell.templatetags.shell import status_chip
from reports.models import TargetState, TargetTask
from reports.parameters import month_start

TONES: dict[str, str] = {
    TargetState.SET: "info",
    TargetState.REPORTED: "warning",
    TargetState.RETURNED: "danger",
    TargetState.ACCEPTED: "success",
    TargetState.CLOSED: "success",
}


class TargetFilter(filters.FilterSet):
    """Tasks by month, state and whose they are."""

    state = SeveralFilter(label=_("State"), choices=TargetState.choices)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    this_month = YesNoFilter(label=_("This month"), method="by_month")
    late = YesNoFilter(label=_("Overdue"), method="by_lateness")

    class Meta:
        model = TargetTask
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks is to reach it."""
        mine = {"owner": self.request.user}
        return rows.filter(**mine) if value else rows.exclude(**mine)

    def by_month(self, rows: Any, _name: str, value: bool) -> Any:
        """Of the running month."""
        month = {"month": month_start(timezone.localdate())}
        return rows.filter(**month) if value else rows.exclude(**month)

    def by_lateness(self, rows: Any, _name: str, value: bool) -> Any:
        """Not reported, and its day has gone by."""
        late = TargetTask.objects.to_report().filter(due_on__lt=timezone.localdate())
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


def state_chip(row: TargetTask) -> str:
    """The state in words, with its colour."""
    return status_chip(row.get_state_display(), TONES.get(row.state, "neutral"))


def due_cell(row: TargetTask) -> str:
    """The last day; when it was reported, or how late it is."""
    done = timezone.localdate(row.reported_at) if row.reported_at else None
    is_open = row.state in {TargetState.SET, TargetState.RETURNED}
    return term_cell(row.due_on, done, str(_("reported %(day)s")), is_open=is_open)


TARGETS = ListSpec(
    name="targets",
    model=TargetTask,
    title=_("Target tasks"),
    columns=[
        Column("name", _("Task"), link=True),
        Column("month", _("Month"), sort="month", value=lambda row: month_name(row.month)),
        Column("owner", _("Who"), value="owner.short_name"),
        Column("org_unit", _("Unit"), value=lambda row: row.org_unit.name if row.org_unit else ""),
        Column("weight", _("Weight, %"), kind=Kind.NUMBER),
        Column("plan", pgettext_lazy("figure", "Plan"), kind=Kind.NUMBER),
        Column("fact", pgettext_lazy("figure", "Actual"), kind=Kind.NUMBER),
        Column("unit", _("Measured in")),
        Column(
            "measure",
            _("Calculated automatically"),
            value=lambda row: row.get_measure_display() if row.measure else "",
        ),
        Column(
            "completion",
            _("Completion, %"),
            kind=Kind.NUMBER,
            value=lambda row: row.completion_percent,
            render=lambda row: format_percent(row.completion_percent),
        ),
        Column("due_on", _("By what day"), kind=Kind.DATE, sort="due_on", render=due_cell),
        Column("state", _("State"), filter="state", render=state_chip),
        Column(
            "set_by", _("Set by"), value=lambda row: row.set_by.short_name if row.set_by else ""
        ),
    ],
    default_sort="-month",
    default_columns=[
        *("name", "month", "owner", "weight", "plan", "fact", "completion", "due_on", "state")
    ],
    filters=TargetFilter,
    row_url="reports:target_detail",
    views=[
        View(pgettext_lazy("target tasks", "This month"), "this_month=true&sort=due_on"),
        View(pgettext_lazy("target tasks", "Mine"), "mine=true&sort=due_on"),
        View(pgettext_lazy("target tasks", "To be accepted"), "state=reported&sort=due_on"),
        View(pgettext_lazy("target tasks", "Overdue"), "late=true&sort=due_on"),
        ALL,
    ],
    page_template="reports/target_list.html",
    empty_template="reports/_targets_none.html",
)
