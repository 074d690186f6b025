"""Running a declared report: parameters, rows and totals, the same for all surfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.lists.cells import day
from crm.money import round_half_up
from crm.shell.templatetags.formats import month_name
from crm.tabular import Kind, plain_spaces
from reports.parameters import EARLIEST, MonthField, Period, PeriodField
from reports.registry import Report, ReportColumn, Row

MAX_TYPED = 500


class ReportForm(forms.Form):
    """The parameters of one report for one person; what is not given has its usual value."""

    def __init__(self, report: Report, user: User, given: Mapping[str, str], today: date) -> None:
        self.report = report
        self.given = {key: text[:MAX_TYPED].replace("\x00", "") for key, text in given.items()}
        declared = {parameter.name: parameter for parameter in report.parameters}
        built = {name: one.field(user) for name, one in declared.items()}
        data = {
            name: field.prepare_value(declared[name].default(today))
            for name, field in built.items()
            if name not in self.given and not isinstance(field, PeriodField)
        }
        # An empty required parameter of the address means its usual value too.
        super().__init__(
            {key: value for key, value in data.items() if value is not None} | self.given
        )
        self.fields.update(built)

    @property
    def keys(self) -> set[str]:
        """What the address may say."""
        period = {"from", "to"} if self.period_name else set()
        return {*self.fields, *period}

    @property
    def period_name(self) -> str:
        """The parameter that is a period; empty without one."""
        return next((n for n, f in self.fields.items() if isinstance(f, PeriodField)), "")

    def clean(self) -> dict[str, Any]:
        """Refuse what the report does not ask for."""
        for key in sorted(self.given.keys() - self.keys):
            text = _("The report has no such parameter: %(name)s.") % {"name": key[:50]}
            self.add_error(None, text)
        return dict(self.cleaned_data)

    def forget(self) -> None:
        """Nothing has been asked yet: what lacks is to be filled in, not a mistake."""
        self.initial, self.is_bound = dict(self.data), False
        self.full_clean()

    def problems(self) -> list[str]:
        """What is wrong, with the names of parameters: for the command line."""
        found = []
        for name, errors in self.errors.items():
            prefix = "" if name == "__all__" else f"{name}: "
            found += [f"{prefix}{error}" for error in errors]
        return found


@dataclass(frozen=True)
class Result:
    """What a report says for one person and choice of parameters."""

    report: Report
    params: Mapping[str, Any]
    columns: list[ReportColumn]
    rows: list[Row]
    totals: Row

    @property
    def header(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    @property
    def kinds(self) -> list[Kind]:
        return [column.kind for column in self.columns]

    def values(self) -> Iterator[list[Any]]:
        """Rows for a file."""
        return map(self._values, self.rows)

    def foot(self) -> list[Any]:
        """The row of totals for a file."""
        values = self._values(self.totals)
        return [_("Total"), *values[1:]] if values[0] is None else values

    def _values(self, row: Row) -> list[Any]:
        return [rounded(row.get(column.name), column.kind) for column in self.columns]

    @property
    def has_totals(self) -> bool:
        return bool(self.rows) and any(column.name in self.totals for column in self.columns)


def run(report: Report, user: User, params: Mapping[str, Any]) -> Result:
    """Ask the report; raises PermissionDenied where the person may not open it."""
    if not user.is_active or not report.may_open(user):
        raise PermissionDenied
    columns, rows = list(report.columns(params)), list(report.rows(user, params))
    totals = {
        column.name: sum((row.get(column.name) or 0 for row in rows), _zero(column))
        for column in columns
        if column.total
    }
    if report.totals is not None:
        totals |= report.totals(user, params, rows)
    return Result(report, params, columns, rows, totals)


def _zero(column: ReportColumn) -> Any:
    return Decimal(0) if column.kind == Kind.MONEY else 0


def rounded(value: Any, kind: Kind) -> Any:
    """Money and percentages to two decimals; everything else as it is."""
    exact = kind in (Kind.MONEY, Kind.PERCENT) and isinstance(value, Decimal)
    return round_half_up(value) if exact else value


def plain(value: Any, kind: Kind) -> Any:
    """A value for JSON: money and percentages as text with two decimals, days ISO."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if kind in (Kind.MONEY, Kind.PERCENT) and isinstance(value, Decimal | int):
        return format(round_half_up(value), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, bool | int):
        return value
    return plain_spaces(str(value))


def as_json(result: Result) -> dict[str, Any]:
    """The object that the command line prints."""
    kinds = {column.name: column.kind for column in [*result.report.figures, *result.columns]}
    return {
        "title": str(result.report.title),
        "parameters": {name: told(value) for name, value in result.params.items()},
        "columns": [{"name": one.name, "label": str(one.label)} for one in result.columns],
        "rows": [
            [plain(row.get(one.name), one.kind) for one in result.columns] for row in result.rows
        ],
        "totals": {
            name: plain(value, kinds.get(name, Kind.TEXT)) for name, value in result.totals.items()
        },
    }


def told(value: Any) -> Any:
    """A parameter for the command line."""
    if isinstance(value, Period):
        return {"from": value.first.isoformat(), "to": value.last.isoformat()}
    if hasattr(value, "code"):
        return value.code
    return plain(value, Kind.TEXT)


def days_in_words(field: forms.Field, value: Any) -> str:
    """A day, month or period of a calendar as the product writes it; empty for the rest."""
    if isinstance(value, Period):
        days = {"first": day(value.first), "last": day(value.last)}
        text = _("up to %(last)s") if value.first == EARLIEST else _("from %(first)s to %(last)s")
        return text % days
    return in_words(field, value) if isinstance(value, date) else ""


def in_words(field: forms.Field, value: Any) -> str:
    """A parameter for people."""
    if isinstance(value, Period) and value.first == EARLIEST:
        return days_in_words(field, value)
    if isinstance(field, MonthField) and isinstance(value, date):
        return month_name(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.widget.choices}  # type: ignore[attr-defined]
        return labels.get(str(getattr(value, "pk", value)), str(value))
    return str(value)
