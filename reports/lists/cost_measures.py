"""The register of cost-reduction measures: columns, filters, ready views."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter, unit_choices
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.lists.term_cells import term_cell
from crm.shell.templatetags.shell import status_chip
from reports.lists.expenses import by_unit, item_choices
from reports.models import OPEN_SAVING, CostMeasure, SavingState

TONES: dict[str, str] = {
    SavingState.PLANNED: "info",
    SavingState.RUNNING: "warning",
    SavingState.DONE: "info",
    SavingState.CONFIRMED: "success",
}


class SavingFilter(filters.FilterSet):
    """Measures by state, item, whose and how late."""

    state = SeveralFilter(label=_("State"), choices=SavingState.choices)
    item = SeveralFilter(label=_("Item of the budget"), choices=item_choices)
    unit = filters.ChoiceFilter(label=_("Unit"), choices=unit_choices, method=by_unit)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    late = YesNoFilter(label=_("Overdue"), method="by_lateness")

    class Meta:
        model = CostMeasure
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks answers for it."""
        user = self.request.user
        return rows.filter(owner=user) if value else rows.exclude(owner=user)

    def by_lateness(self, rows: Any, _name: str, value: bool) -> Any:
        """Not carried out, and its day has gone by."""
        late = CostMeasure.objects.late(timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


def state_chip(row: CostMeasure) -> str:
    """The state in words, with its colour."""
    return status_chip(row.get_state_display(), TONES.get(row.state, "neutral"))


def due_cell(row: CostMeasure) -> str:
    """The last day; when it was carried out, or how late it is."""
    is_open = row.state in OPEN_SAVING
    return term_cell(row.due_on, row.done_on, str(_("carried out %(day)s")), is_open=is_open)


SAVINGS = ListSpec(
    name="savings",
    model=CostMeasure,
    title=_("Cost-reduction measures"),
    columns=[
        Column("title", _("Measure"), link=True),
        Column("item", _("Item of the budget"), value=lambda row: str(row.item or "")),
        Column("owner", _("Responsible"), value="owner.short_name"),
        Column("org_unit", _("Unit"), value="org_unit.name"),
        Column("due_on", _("To be done by"), kind=Kind.DATE, sort="due_on", render=due_cell),
        Column("state", _("State"), filter="state", render=state_chip),
        Column("planned_saving", _("Planned saving"), kind=Kind.MONEY, total=True),
        Column("actual_saving", _("Saving reached"), kind=Kind.MONEY, total=True),
        Column("done_on", _("Carried out on"), kind=Kind.DATE),
        Column("result", _("Result")),
        Column(
            "confirmed_by",
            _("Confirmed by"),
            value=lambda row: row.confirmed_by.short_name if row.confirmed_by else "",
        ),
    ],
    default_sort="due_on",
    default_columns=[
        *("title", "item", "owner", "due_on", "state", "planned_saving", "actual_saving")
    ],
    filters=SavingFilter,
    row_url="reports:saving_detail",
    views=[
        ALL,
        View(pgettext_lazy("measures", "To be done"), "state=planned&state=running&sort=due_on"),
        View(pgettext_lazy("measures", "Mine"), "mine=true&sort=due_on"),
        View(pgettext_lazy("measures", "Overdue"), "late=true&sort=due_on"),
        View(pgettext_lazy("cost measures", "To be confirmed"), "state=done&sort=due_on"),
    ],
    page_template="reports/saving_list.html",
    empty_template="reports/_savings_none.html",
)
