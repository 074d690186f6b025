"""The calendar of internal reports as a register."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import User
from crm.assignments.filters import Day
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.shell.templatetags.shell import status_chip
from reports.models import ReportDefinition, ReportSubmission, SubmissionState

TONES: dict[str, str] = {
    SubmissionState.SUBMITTED: "info",
    SubmissionState.ACCEPTED: "success",
    SubmissionState.RETURNED: "danger",
}
STEPS = (
    ("mine", gettext_lazy("Mine to hand in")),
    ("decide", gettext_lazy("For me to accept")),
    ("late", gettext_lazy("Late")),
)


def people(request: Any) -> Any:
    """Colleagues in the order of names."""
    return User.objects.visible_to(request.user).order_by("sort_key", "pk")


class SubmissionFilter(filters.FilterSet):
    """What narrows the register."""

    step = filters.ChoiceFilter(label=gettext_lazy("Step"), choices=STEPS, method="in_step")
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=SubmissionState.choices)
    definition = filters.ModelChoiceFilter(
        label=gettext_lazy("Report"), queryset=ReportDefinition.objects.all()
    )
    author = filters.ModelChoiceFilter(label=gettext_lazy("Author"), queryset=people)
    due_from = Day(label=gettext_lazy("Due, from"), field_name="due_on", lookup_expr="gte")
    due_to = Day(label=gettext_lazy("Due, to"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = ReportSubmission
        fields = ()

    def in_step(self, rows: Any, _name: str, step: str) -> Any:
        """What waits for the reader, or is late."""
        user = self.request.user if self.request else None
        if step == "mine":
            return rows.to_hand_in().filter(author=user)
        if step == "decide":
            return rows.filter(state="submitted", recipient=user)
        return rows.late(timezone.localdate())


def late_by(row: ReportSubmission) -> int:
    """Calendar days late: as handed in first, else as of today."""
    if row.late_days is not None:
        return row.late_days
    return max(0, (timezone.localdate() - row.due_on).days)


def late_cell(row: ReportSubmission) -> str:
    """The same with its mark."""
    days = late_by(row)
    return status_chip(_("%(days)s d") % {"days": days}, "danger", "clock") if days else "—"


def state_chip(row: ReportSubmission) -> str:
    """The state in words."""
    late = row.state == SubmissionState.DUE and late_by(row)
    tone = "danger" if late else TONES.get(row.state, "neutral")
    return status_chip(row.get_state_display(), tone)


SUBMISSIONS = ListSpec(
    name="report_submissions",
    model=ReportSubmission,
    title=gettext_lazy("Report calendar"),
    columns=[
        Column("report", gettext_lazy("Report"), value=str, link=True, sort="definition__title"),
        Column(
            "author",
            gettext_lazy("Author"),
            value="author.short_name",
            sort="author__sort_key",
            filter="author",
            filter_value="author_id",
        ),
        Column("recipient", gettext_lazy("To whom"), value="recipient.short_name"),
        Column("due_on", pgettext_lazy("last day", "Due"), sort="due_on"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column(
            "late", gettext_lazy("Days late"), value=late_by, render=late_cell, kind=Kind.NUMBER
        ),
        Column("first_submitted_on", gettext_lazy("Handed in on"), kind=Kind.DATE),
        Column("decided_on", gettext_lazy("Decided on"), kind=Kind.DATE),
    ],
    default_sort="-due_on",
    default_columns=["report", "author", "recipient", "due_on", "state", "late"],
    filters=SubmissionFilter,
    search=lambda rows, text: (
        rows.filter(definition__title__icontains=text)
        | rows.filter(definition__title_en__icontains=text)
    ),
    search_hint=gettext_lazy("Title"),
    empty_template="reports/_submissions_none.html",
    views=[
        ALL,
        View(gettext_lazy("Mine to hand in"), "step=mine&sort=due_on"),
        View(gettext_lazy("For me to accept"), "step=decide"),
        View(gettext_lazy("Late"), "step=late"),
    ],
    page_template="reports/submission_list.html",
)
