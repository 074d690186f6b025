"""Reports of terms: the figures of the page «Terms», the rows behind them, III.14 alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role, User
from crm.tabular import Kind
from reports.parameters import (
    ChosenField,
    choice_parameter,
    period_parameter,
    unit_parameter,
)
from reports.permissions import can_see_department
from reports.queries import timeliness as queries
from reports.registry import Parameter, Params, Report, ReportColumn, register
from reports.timeliness.figures import NOBODY
from reports.timeliness.kind import kinds
from reports.timeliness.terms import STANDINGS

GROUP = _("Control")
COUNTED = _(
    "Deadlines that fall in the period. On time: done by the last day; late: done "
    "after it; overdue: not done although the last day has passed; ahead: not "
    "done, the day has not come yet. The share is of those on time, late and "
    "overdue, calculated from totals. Days late are working days after the last "
    "day."
)


def register_timeliness_reports() -> None:
    """Declare the reports."""
    _register_summary()
    _register_rows()
    _register_distribution()


def kind_parameter() -> Parameter:
    """One kind of terms, or all."""
    return choice_parameter(
        "kind", _("Kind"), [("", _("All")), *((one.code, one.label) for one in kinds())]
    )


def standing_parameter() -> Parameter:
    """How the term stands, or all."""
    words = [(name, queries.WORDS[name]) for name in STANDINGS]
    label = pgettext_lazy("terms", "Standing")
    return choice_parameter("standing", label, [("", _("All")), *words])


def within_parameter() -> Parameter:
    """Whether units below the chosen one count."""
    choices = [
        ("", _("counted")),
        ("own", _("left out")),
        ("none", _("only rows without a unit")),
    ]
    return choice_parameter("within", _("Units below"), choices)


def person_parameter() -> Parameter:
    """Who answers for the term; nobody may."""
    return Parameter("person", lambda user: ChosenField(_people(user), label=_("Who answers")))


def _people(user: User) -> dict[str, tuple[str, Any, set[str]]]:
    rows = User.objects.visible_to(user).exclude(role=Role.ADMIN).order_by("sort_key", "pk")
    nobody = str(_("Nobody"))
    found = {
        str(one.pk): (one.short_name, one, {one.username.casefold(), one.short_name.casefold()})
        for one in rows
    }
    return found | {str(NOBODY): (nobody, NOBODY, {nobody.casefold()})}


def number_columns() -> list[ReportColumn]:
    """The four numbers, each a link to its rows, and the share."""
    numbers = [
        ReportColumn(name, queries.WORDS[name], Kind.NUMBER, total=True, link=f"{name}_url")
        for name in STANDINGS
    ]
    return [*numbers, ReportColumn("percent", _("On time, %"), Kind.PERCENT, link="url")]


def _register_summary() -> None:
    register(
        Report(
            name="timeliness",
            title=pgettext_lazy("terms", "Deadlines"),
            group=GROUP,
            parameters=[period_parameter(), kind_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("kind", _("Kind")),
                ReportColumn("unit", _("Sector")),
                ReportColumn("name", _("Who answers")),
                *number_columns(),
            ],
            rows=queries.summary,
            totals=queries.summary_totals,
            may_open=can_see_department,
            how=COUNTED,
        )
    )


def _row_columns(params: Params) -> Sequence[ReportColumn]:
    kind = [] if params.get("kind") else [ReportColumn("kind", _("Kind"))]
    return [
        ReportColumn("what", _("What"), link="url"),
        *kind,
        ReportColumn("client", _("Client"), link="client_url"),
        ReportColumn("unit", _("Sector")),
        ReportColumn("name", _("Who answers")),
        ReportColumn("due", _("Last day"), Kind.DATE),
        ReportColumn("done", _("Done on"), Kind.DATE),
        ReportColumn("standing", pgettext_lazy("terms", "Standing")),
        ReportColumn(
            "days", _("Late, working days"), Kind.NUMBER, help=_("Working days after the last day")
        ),
    ]


def _figures() -> list[ReportColumn]:
    numbers = [ReportColumn(name, queries.WORDS[name], Kind.NUMBER) for name in STANDINGS]
    return [*numbers, ReportColumn("percent", _("On time, %"), Kind.PERCENT)]


def _register_rows() -> None:
    register(
        Report(
            name="timeliness_rows",
            title=_("Deadlines, row by row"),
            group=GROUP,
            parameters=[
                period_parameter(),
                kind_parameter(),
                standing_parameter(),
                unit_parameter(),
                within_parameter(),
                person_parameter(),
            ],
            columns=_row_columns,
            rows=queries.detail,
            totals=queries.detail_totals,
            figures=_figures(),
            may_open=can_see_department,
            how=COUNTED,
        )
    )


def _register_distribution() -> None:
    register(
        Report(
            name="distribution_terms",
            title=_("Distribution deadlines"),
            group=GROUP,
            parameters=[
                period_parameter(),
                standing_parameter(),
                unit_parameter(),
                person_parameter(),
            ],
            columns=_row_columns,
            rows=queries.distribution,
            totals=queries.detail_totals,
            figures=_figures(),
            may_open=can_see_department,
            how=_(
                "New clients from the day they were added until somebody is responsible for "
                "them, and hand-overs from the decision until they take effect; the terms are "
                "settings. The clients of a person who leaves are due by the person's last "
                "day. What was taken back is left out."
            ),
        )
    )
