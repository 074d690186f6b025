"""Registers of checks and violations."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import User
from crm.assignments.filters import Day
from crm.assignments.tables import state_chip as work_chip
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.shell.templatetags.shell import status_chip
from reports.models import BusinessProcess, CheckState, Severity, SpotCheck, Violation

TONES: dict[str, str] = {CheckState.IN_PROGRESS: "warning", CheckState.COMPLETED: "success"}
WEIGHTS: dict[str, str] = {Severity.SERIOUS: "warning", Severity.GROSS: "danger"}


def state_chip(check: SpotCheck) -> str:
    """The state in words."""
    return status_chip(check.get_state_display(), TONES.get(check.state, "neutral"))


def severity_chip(violation: Any) -> str:
    """How serious it is."""
    return status_chip(violation.get_severity_display(), WEIGHTS.get(violation.severity, "neutral"))


def people(request: Any) -> Any:
    """Colleagues in the order of names."""
    return User.objects.visible_to(request.user).order_by("sort_key", "pk")


def processes(_request: Any) -> Any:
    """The processes."""
    return BusinessProcess.objects.all()


class CheckFilter(filters.FilterSet):
    """What narrows the register of checks."""

    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=CheckState.choices)
    process = filters.ModelChoiceFilter(
        label=gettext_lazy("Process"), field_name="point__process", queryset=processes
    )
    checked = filters.ModelChoiceFilter(label=gettext_lazy("Who is checked"), queryset=people)
    checker = filters.ModelChoiceFilter(label=gettext_lazy("Checker"), queryset=people)
    point = filters.NumberFilter(label=gettext_lazy("Control point"), field_name="point")
    planned_from = Day(
        label=gettext_lazy("Planned, from"), field_name="planned_on", lookup_expr="gte"
    )
    planned_to = Day(label=gettext_lazy("Planned, to"), field_name="planned_on", lookup_expr="lte")

    class Meta:
        model = SpotCheck
        fields = ()


class ViolationFilter(filters.FilterSet):
    """What narrows the register of violations."""

    severity = filters.ChoiceFilter(label=gettext_lazy("Severity"), choices=Severity.choices)
    process = filters.ModelChoiceFilter(
        label=gettext_lazy("Process"),
        field_name="item__spot_check__point__process",
        queryset=processes,
    )
    person = filters.ModelChoiceFilter(label=gettext_lazy("Whose violation"), queryset=people)
    found_from = Day(label=gettext_lazy("Found, from"), field_name="found_on", lookup_expr="gte")
    found_to = Day(label=gettext_lazy("Found, to"), field_name="found_on", lookup_expr="lte")

    class Meta:
        model = Violation
        fields = ()


CHECKS = ListSpec(
    name="spot_checks",
    model=SpotCheck,
    title=gettext_lazy("Checks"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("question", gettext_lazy("Question"), value="question_label"),
        Column(
            "process",
            gettext_lazy("Process"),
            value="point.process.label",
            filter="process",
            filter_value="point.process_id",
        ),
        Column(
            "checked",
            gettext_lazy("Who is checked"),
            value="checked.short_name",
            sort="checked__sort_key",
            filter="checked",
            filter_value="checked_id",
        ),
        Column(
            "checker",
            gettext_lazy("Checker"),
            value="checker.short_name",
            filter="checker",
            filter_value="checker_id",
        ),
        Column("planned_on", gettext_lazy("Planned for"), sort="planned_on"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("rows_count", gettext_lazy("Rows"), kind=Kind.NUMBER),
        Column("violations", gettext_lazy("Violations"), kind=Kind.NUMBER),
        Column("completed_at", gettext_lazy("Completed at"), kind=Kind.DATETIME),
    ],
    default_sort="-planned_on",
    default_columns=[
        "number",
        "question",
        "checked",
        "checker",
        "planned_on",
        "state",
        "rows_count",
        "violations",
    ],
    filters=CheckFilter,
    search=lambda rows, text: (
        rows.filter(number__icontains=text)
        | rows.filter(question__icontains=text)
        | rows.filter(question_en__icontains=text)
    ),
    search_hint=gettext_lazy("Number or question"),
    views=[
        ALL,
        View(gettext_lazy("Planned"), "state=planned"),
        View(gettext_lazy("In progress"), "state=in_progress"),
        View(gettext_lazy("Completed"), "state=completed"),
    ],
    page_template="reports/check_list.html",
    empty_template="reports/_check_none.html",
)


def work_state(violation: Violation) -> str:
    """What became of mending it."""
    return work_chip(violation.work)


VIOLATIONS = ListSpec(
    name="violations",
    model=Violation,
    title=gettext_lazy("Violations"),
    columns=[
        Column("title", gettext_lazy("Row"), value="label", link=True, sort="title"),
        Column(
            "person",
            gettext_lazy("Whose violation"),
            value="person.short_name",
            sort="person__sort_key",
            filter="person",
            filter_value="person_id",
        ),
        Column("severity", gettext_lazy("Severity"), filter="severity", render=severity_chip),
        Column("description", gettext_lazy("What was found")),
        Column(
            "process",
            gettext_lazy("Process"),
            value="item.spot_check.point.process.label",
            filter="process",
            filter_value="item.spot_check.point.process_id",
        ),
        Column("check", pgettext_lazy("spot check", "Check"), value="item.spot_check.number"),
        Column("found_on", gettext_lazy("Found on"), sort="found_on"),
        Column("found_by", gettext_lazy("Found by"), value="found_by.short_name"),
        Column("due", gettext_lazy("To be corrected by"), value="work.due_on", kind=Kind.DATE),
        Column(
            "work",
            gettext_lazy("What became of it"),
            value=lambda row: row.work.get_state_display(),
            render=work_state,
        ),
    ],
    default_sort="-found_on",
    default_columns=["title", "person", "severity", "description", "found_on", "due", "work"],
    filters=ViolationFilter,
    search=lambda rows, text: (
        rows.filter(title__icontains=text)
        | rows.filter(title_en__icontains=text)
        | rows.filter(description__icontains=text)
    ),
    search_hint=gettext_lazy("Words"),
    page_template="reports/violation_list.html",
)


def result_chip(result: str, label: str) -> str:
    """What was found of a row."""
    tones = {"ok": "success", "violation": "danger"}
    return status_chip(label, tones.get(result, "neutral")) if result else status_chip(_("To do"))
