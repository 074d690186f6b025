"""The register of corrective measures: columns, rates before and after, ready views."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import OPEN_MEASURE, ClaimReason, CorrectiveMeasure, GuiltyParty, MeasureState
from clients.filters.clients import SeveralFilter, YesNoFilter
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.term_cells import term_cell
from crm.money import format_percent
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {
    MeasureState.PLANNED: "info",
    MeasureState.RUNNING: "warning",
    MeasureState.DONE: "info",
    MeasureState.CHECKED: "success",
}
RATE_PLACES = 2


class MeasureFilter(filters.FilterSet):
    """Measures by state, problem and who answers."""

    state = SeveralFilter(label=_("State"), choices=MeasureState.choices)
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    late = YesNoFilter(label=_("Overdue"), method="by_lateness")
    reason = filters.ModelChoiceFilter(
        label=_("Reason"), queryset=lambda request: ClaimReason.objects.all()
    )
    guilty_party = SeveralFilter(label=_("Party at fault"), choices=GuiltyParty.choices)

    class Meta:
        model = CorrectiveMeasure
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks answers for it."""
        mine = {"owner": self.request.user}
        return rows.filter(**mine) if value else rows.exclude(**mine)

    def by_lateness(self, rows: Any, _name: str, value: bool) -> Any:
        """Not carried out, and its day has gone by."""
        late = CorrectiveMeasure.objects.late(timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)


def state_chip(row: CorrectiveMeasure) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(row), TONES.get(row.state, "neutral"))


def due_cell(row: CorrectiveMeasure) -> str:
    """The last day; when it was carried out, or how late it is."""
    is_open = row.state in OPEN_MEASURE
    return term_cell(row.due_on, row.done_on, str(_("carried out %(day)s")), is_open=is_open)


def problem_of(row: CorrectiveMeasure) -> str:
    """Reason, fault and group of goods in one line."""
    parts = [row.reason, row.get_guilty_party_display(), row.product_group]
    return " · ".join(str(part) for part in parts if part)


def percent_cell(name: str) -> Any:
    """A rate with its sign."""

    def cell(row: CorrectiveMeasure) -> str:
        value = getattr(row, name)
        return "—" if value is None else format_percent(value, RATE_PLACES)

    return cell


MEASURES = ListSpec(
    name="measures",
    model=CorrectiveMeasure,
    title=_("Corrective measures"),
    columns=[
        Column("title", _("Measure"), link=True),
        Column("problem", _("Against"), value=problem_of),
        Column("owner", _("Responsible"), value="owner.short_name"),
        Column("org_unit", _("Unit"), value="org_unit.name"),
        Column("due_on", _("To be done by"), kind=Kind.DATE, sort="due_on", render=due_cell),
        Column("state", _("State"), filter="state", render=state_chip),
        Column(
            "before_rate",
            _("Rate before"),
            kind=Kind.NUMBER,
            render=percent_cell("before_rate"),
            help=_("Claimed ÷ shipped of the same days"),
        ),
        Column("after_rate", _("Rate after"), kind=Kind.NUMBER, render=percent_cell("after_rate")),
        Column("done_on", _("Carried out on"), kind=Kind.DATE),
        Column("conclusion", _("Conclusion")),
    ],
    default_sort="due_on",
    default_columns=[
        "title",
        "problem",
        "owner",
        "due_on",
        "state",
        "before_rate",
        "after_rate",
    ],
    filters=MeasureFilter,
    row_url="claims:measure_detail",
    views=[
        View(pgettext_lazy("measures", "To be done"), "state=planned&state=running&sort=due_on"),
        View(pgettext_lazy("measures", "Mine"), "mine=true&sort=due_on"),
        View(pgettext_lazy("measures", "Overdue"), "late=true&sort=due_on"),
        View(pgettext_lazy("measures", "To be checked"), "state=done&sort=due_on"),
        ALL,
    ],
    page_template="claims/measure_list.html",
    empty_template="claims/_measures_none.html",
)
