"""Reports of work items: execution, response of units, questions without movement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.assignments.models import ASKED, WorkKind
from crm.fields import DaysField
from crm.shell.nav import SEES_MONEY
from crm.tabular import Kind
from crm.work.registry import setting
from reports.parameters import (
    choice_parameter,
    day_parameter,
    number_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import work_items as queries
from reports.registry import Report, ReportColumn, Text, register

GROUP = _("Assignments and meetings")
ANY: tuple[str, Text] = (queries.ALL, _("All kinds"))
KINDS: list[tuple[str, Text]] = [ANY, *((kind.value, kind.label) for kind in WorkKind)]
QUESTIONS: list[tuple[str, Text]] = [ANY, *((kind.value, kind.label) for kind in ASKED)]


def may_read(user: User) -> bool:
    """Whoever reads reports; each sees what concerns the own people."""
    return user.is_active and user.role in SEES_MONEY


def register_work_reports() -> None:
    """Declare the reports."""
    _execution()
    _response()
    _stale()


def _execution() -> None:
    register(
        Report(
            name="work_execution",
            title=_("Execution of assignments"),
            group=GROUP,
            parameters=[
                period_parameter(),
                day_parameter("as_of", _("Overdue as of"), lambda today: today),
                choice_parameter("kind", _("Kind"), KINDS),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("name", _("Employee"), link="url"),
                ReportColumn("total", _("In all"), Kind.NUMBER, total=True),
                ReportColumn("done", _("Solved"), Kind.NUMBER, total=True),
                ReportColumn("to_verify", _("To be verified"), Kind.NUMBER, total=True),
                ReportColumn("done_pct", _("Solved, %"), Kind.PERCENT),
                ReportColumn("in_time", _("Solved on time"), Kind.NUMBER, total=True),
                ReportColumn("on_time_pct", _("On time, %"), Kind.PERCENT),
                ReportColumn("overdue", _("Overdue"), Kind.NUMBER, total=True),
            ],
            rows=queries.execution,
            totals=queries.execution_totals,
            may_open=may_read,
            how=_(
                "Orders, instructions, assignments, requests and decisions of meetings whose "
                "due day lies in the period, withdrawn ones left out, by assignee; what nobody "
                "has taken counts for the head of the unit. Solved: the author has verified "
                "it. On time: the assignee did it not later than the due day. Overdue: not "
                "done and the due day is before the day named."
            ),
        )
    )


def _response() -> None:
    register(
        Report(
            name="work_response",
            title=_("Response of units to requests"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("kind", _("Kind"), QUESTIONS),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("name", _("Unit"), link="url"),
                ReportColumn("asked", _("Asked"), Kind.NUMBER, total=True),
                ReportColumn("answered", _("Answered"), Kind.NUMBER, total=True),
                ReportColumn("answered_in_time", _("Answered on time"), Kind.NUMBER, total=True),
                ReportColumn("share", _("Answered on time, %"), Kind.PERCENT),
                ReportColumn("average", _("Days to the answer"), Kind.NUMBER),
                ReportColumn("waiting", _("Without an answer"), Kind.NUMBER, total=True),
                ReportColumn("late", _("Answer overdue"), Kind.NUMBER, total=True),
            ],
            rows=queries.response,
            totals=queries.response_totals,
            may_open=may_read,
            how=_(
                "Requests and proposals entered in the period, withdrawn ones left out, by the "
                "unit of whoever is asked. On time: answered by the day of the answer; the "
                "share is of those answered and those whose day has passed. Calendar days from "
                "the entry to the answer, on the average of all answers."
            ),
        )
    )


def _stale() -> None:
    register(
        Report(
            name="work_stale",
            title=_("Unanswered requests"),
            group=GROUP,
            parameters=[
                number_parameter(
                    "days",
                    _("Waiting longer than, working days"),
                    lambda: int(setting("work.stale_days")),
                    kind=DaysField,
                    least=0,
                    most=250,
                ),
                choice_parameter("kind", _("Kind"), QUESTIONS),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("number", _("Number"), link="url"),
                ReportColumn("title", _("What is wanted")),
                ReportColumn("kind", _("Kind")),
                ReportColumn("author", _("Author")),
                ReportColumn("executor", _("Who is to answer")),
                ReportColumn("created", _("Entered on"), Kind.DATE),
                ReportColumn("feedback_due", _("Answer by"), Kind.DATE),
                ReportColumn("days", _("Days waiting"), Kind.NUMBER),
                ReportColumn("late", _("Days late"), Kind.NUMBER),
            ],
            rows=queries.without_movement,
            may_open=may_read,
            how=_(
                "Requests and proposals as they stand now without an answer for longer than the"
                " working days named, the oldest first; calendar days since the entry and since"
                " the day of the answer."
            ),
        )
    )
