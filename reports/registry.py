"""Reports, each declared once; page, XLSX and `manage.py report` come with the declaration.

    registry.register(Report(
        name="ageing",
        title=_("Ageing of receivables"),
        parameters=[DateParameter("as_of", …), ChoiceParameter("by", …)],
        columns=lambda params: [ReportColumn("client", _("Client"), link="url"), …],
        rows=ageing_rows,                      # (user, params) → dicts by column name
        may_open=can_see_money,
    ))

`rows` starts from `visible_to(user)`. Values are what they are (Decimal, date, int, str); the
surfaces format them, money on the command line is a string with two decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise

from crm.declaring import declare
from crm.tabular import Kind

if TYPE_CHECKING:
    from crm.accounts.models import User

Text = str | Promise
Params = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter: `field` builds its form field for the person, `default` its usual value."""

    name: str
    field: Callable[[User], forms.Field]
    default: Callable[[date], Any] = lambda today: None


@dataclass(frozen=True)
class ReportColumn:
    """One column; `link` names the row's key of the address, `empty` is shown for no value."""

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    total: bool = False
    link: str = ""
    help: Text = ""
    empty: Text = ""


@dataclass(frozen=True)
class Report:
    """A report: what it asks, what it shows, who may open it.

    `totals` gives what is not the sum of a column (percentages are never averaged); columns with
    `total=True` are added up by themselves; keys of `totals` that are no columns are figures of
    the whole, named by `figures`. `how` says how it was counted, in one sentence.
    """

    name: str
    title: Text
    columns: Callable[[Params], Sequence[ReportColumn]]
    rows: Callable[[User, Params], Iterable[Row]]
    may_open: Callable[[User], bool]
    parameters: Sequence[Parameter] = ()
    totals: Callable[[User, Params, Sequence[Row]], Row] | None = None
    how: Text = ""
    group: Text = ""
    chart: Callable[[Params, Sequence[Row]], Mapping[str, Any]] | None = None
    figures: Sequence[ReportColumn] = ()
    tags: frozenset[str] = field(default_factory=frozenset)


_reports: dict[str, Report] = {}


def register(report: Report) -> None:
    """Declare a report; apps call it from AppConfig.ready()."""
    declare(_reports, report.name, report)


def reports() -> list[Report]:
    """Declared reports in the order of declaration."""
    return list(_reports.values())


def get(name: str) -> Report:
    """One declared report; KeyError when nothing declared it."""
    return _reports[name]


def open_to(user: User) -> list[Report]:
    """Reports that the person may open."""
    return [report for report in reports() if user.is_active and report.may_open(user)]
