"""The report of workload, and the list of what was done for the development of the staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.tabular import Kind
from reports.parameters import choice_parameter, month_parameter, period_parameter, unit_parameter
from reports.permissions.pages import can_see_department
from reports.permissions.staff import can_see_notes
from reports.queries import staff, workload
from reports.registry import Params, Report, ReportColumn, Text, register

GROUP = _("Staff")


def register_workload_reports() -> None:
    """Declare the reports."""
    _workload()
    _development()


def _number(name: str, label: Text, **more: Text) -> ReportColumn:
    return ReportColumn(name, label, Kind.NUMBER, total=True, link=f"{name}_url", **more)


def _columns(_params: Params) -> list[ReportColumn]:
    return [
        ReportColumn("name", _("Manager"), link="name_url"),
        ReportColumn("standing_words", _("Load"), link="clients_url"),
        ReportColumn("load", _("Own load, %"), Kind.PERCENT, link="clients_url"),
        ReportColumn("with_others", _("With substitutions, %"), Kind.PERCENT, link="clients_url"),
        ReportColumn("absence", _("Substitution"), link="absence_url"),
        _number("clients_A", "A", help=_("Clients of category A")),
        _number("clients_B", "B", help=_("Clients of category B")),
        _number("clients_C", "C", help=_("Clients of category C")),
        _number("clients_new", _("No category")),
        _number("planned", _("Contacts, plan")),
        _number("done", _("Contacts, actual")),
        _number("plan_lines", pgettext_lazy("clients", "In the plan")),
        _number(
            "work", pgettext_lazy("workload", "Work"), help=_("Work items that are not finished")
        ),
        _number("overdue", _("Overdue")),
        _number("claims", _("Claims")),
        _number("reconciliations", _("Reconciliations")),
    ]


def _workload() -> None:
    register(
        Report(
            name="workload",
            title=_("Workload"),
            group=GROUP,
            parameters=[month_parameter(), unit_parameter()],
            columns=_columns,
            rows=workload.workload,
            totals=workload.workload_totals,
            figures=[
                ReportColumn("over_count", pgettext_lazy("people", "Overloaded"), Kind.NUMBER),
                ReportColumn("under_count", _("Room for more clients"), Kind.NUMBER),
                ReportColumn("away_count", _("Away today"), Kind.NUMBER),
            ],
            may_open=can_see_department,
            how=_(
                "Load: Σ clients of a category ÷ the number of such clients that makes a full"
                " load (settings) × 100; clients of the trading hall and of the archive do not"
                " count. With substitutions the own load of those whom the person stands in for"
                " today is added; by it somebody is overloaded or has room (settings). Of all of"
                " them: the average. Contacts and the plan are those of the month, the rest as it"
                " stands now; in a large company the figures are counted once a minute."
            ),
        )
    )


def _development() -> None:
    register(
        Report(
            name="staff_development",
            title=_("Training and reserve"),
            group=GROUP,
            parameters=[
                period_parameter(usual="this_year"),
                choice_parameter("kind", _("Kind"), staff.KINDS),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("on", _("Day"), Kind.DATE),
                ReportColumn("name", _("Employee"), link="url"),
                ReportColumn("unit", _("Unit")),
                ReportColumn("kind", _("Kind")),
                ReportColumn("text", pgettext_lazy("staff", "What")),
                ReportColumn("author", _("Noted by")),
            ],
            rows=staff.development,
            may_open=can_see_notes,
            how=_(
                "Courses taken, candidates of the reserve and recommendations noted on the card of"
                " an employee with a day in the period; those taken back are left out."
            ),
        )
    )
