"""The page of one report: parameters, chips, a bounded table and where to take all of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.forms import BoundField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.lists.cells import NUMERIC, titled, written
from crm.lists.filtering import Chip
from crm.tabular import Kind
from crm.web import person_of
from reports.parameters import PRESETS, period_of
from reports.registry import Report, ReportColumn, Row
from reports.running import ReportForm, Result, days_in_words, in_words, rounded, run

SCREEN_ROWS, PRINT_ROWS = 200, 5_000
OWN_KEYS = ("export", "print", "part")


@dataclass(frozen=True)
class Head:
    """The title of a column."""

    label: str
    number: bool
    help: str


@dataclass(frozen=True)
class Figure:
    """A figure of the whole."""

    label: str
    text: SafeString
    is_words: bool = False


class ReportPage:
    """One report for one person, as the address says."""

    def __init__(self, report: Report, request: HttpRequest) -> None:
        self.report, self.user, self.path = report, person_of(request), request.path
        given = {key: str(value) for key, value in request.GET.items() if key not in OWN_KEYS}
        self.given = {key: value for key, value in given.items() if value.strip()}
        self.export = request.GET.get("export", "")
        self.printing = request.GET.get("print") == "1"
        self.today = timezone.localdate()
        self.form = ReportForm(report, self.user, self.given, self.today)
        self.refused = bool(self.given) and not self.form.is_valid()
        if not self.given and not self.form.is_valid():
            self.form.forget()

    @property
    def title(self) -> str:
        return str(self.report.title)

    @cached_property
    def result(self) -> Result | None:
        """The answer; None while a parameter lacks or is wrong."""
        if not self.form.is_valid():
            return None
        return run(self.report, self.user, self.form.cleaned_data)

    def url(self, **changes: Any) -> str:
        """This page with other parameters."""
        kept = {**self.given, **changes}
        query = urlencode({key: value for key, value in kept.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def chips(self) -> list[Chip]:
        """What was chosen, beside the usual values."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        found = []
        for name, field in self.form.fields.items():
            keys = ("period", "from", "to") if name == self.form.period_name else (name,)
            if cleaned.get(name) is not None and any(key in self.given for key in keys):
                text = in_words(field, cleaned[name])
                found.append(Chip(str(field.label), text, self.url(**dict.fromkeys(keys))))
        return found

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Every parameter in words, chosen or usual: on paper there is no form."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        return [
            (str(field.label), in_words(field, cleaned[name]))
            for name, field in self.form.fields.items()
            if cleaned.get(name) not in (None, "")
        ]

    @property
    def chosen(self) -> str:
        """The parameters in one line, in front of the fields that a phone folds away."""
        parts = (f"{label}: {text}" if text.isdecimal() else text for label, text in self.asked)
        return ", ".join(parts) or _("none set")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The parameters, the figures that are no columns and how it was counted: for files."""
        figures = [(figure.label, str(figure.text)) for figure in self.figures]
        return [*self.asked, *figures, (_("How it was calculated"), str(self.report.how))]

    @property
    def fields(self) -> list[tuple[BoundField, str]]:
        """The fields, those of days with what holds in words: calendars write days as the browser
        does, and stand empty beside a usual period."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        return [(bound, days_in_words(bound.field, cleaned.get(bound.name))) for bound in self.form]

    @property
    def presets(self) -> list[dict[str, Any]]:
        """Usual periods as links."""
        if not self.form.period_name:
            return []
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        chosen = cleaned.get(self.form.period_name)
        return [
            {
                "label": label,
                "url": self.url(**{"from": None, "to": None, "period": code}),
                "on": chosen == period_of(code, self.today),
            }
            for code, label in PRESETS.items()
        ]

    @property
    def preset(self) -> str:
        """The period by name, kept by the form; days typed into it win."""
        return self.given.get("period", "") if self.form.period_name else ""

    @property
    def exports(self) -> list[tuple[str, str]]:
        return [("XLSX", self.url(export="xlsx")), ("CSV", self.url(export="csv"))]

    @property
    def print_url(self) -> str:
        return self.url(print="1")

    @property
    def list_url(self) -> str:
        return reverse("reports:report_list")

    @cached_property
    def head(self) -> list[Head]:
        columns = self.result.columns if self.result else []
        return [Head(heading(one), one.kind in NUMERIC, str(one.help)) for one in columns]

    @cached_property
    def shown(self) -> list[Row]:
        """Rows on the screen or on paper."""
        bound = PRINT_ROWS if self.printing else SCREEN_ROWS
        return self.result.rows[:bound] if self.result else []

    @property
    def left_out(self) -> int:
        """Rows that only the file holds."""
        return len(self.result.rows) - len(self.shown) if self.result else 0

    @property
    def body(self) -> SafeString:
        """The rows as safe HTML, a template per cell would cost too much."""
        assert self.result is not None
        return mark_safe("".join(f"<tr>{self._cells(row)}</tr>" for row in self.shown))

    def _cells(self, row: Row) -> str:
        assert self.result is not None
        return "".join(
            cell(one, row, label=head.label, first=place == 0)
            for place, (one, head) in enumerate(zip(self.result.columns, self.head, strict=True))
        )

    @property
    def totals(self) -> SafeString:
        """The last row of the table; nothing without totals."""
        if self.result is None or not self.result.has_totals:
            return mark_safe("")
        first = self.result.columns[0].name
        row = {first: _("Total"), **self.result.totals}
        return mark_safe(f"<tr>{self._cells(row)}</tr>")

    @property
    def figures(self) -> list[Figure]:
        """Figures of the whole that are no columns."""
        if self.result is None:
            return []
        known = self.result.totals
        return [
            Figure(
                str(one.label),
                mark_safe(written(one.kind, rounded(known[one.name], one.kind))),
                one.kind == Kind.TEXT,
            )
            for one in self.report.figures
            if known.get(one.name) is not None
        ]

    @cached_property
    def chart(self) -> Any:
        """The figures of the chart; None without one or without rows."""
        if self.report.chart is None or not self.result or not self.result.rows:
            return None
        return self.report.chart(self.result.params, self.result.rows)


def heading(column: ReportColumn) -> str:
    """Money names its unit in the heading."""
    return titled(str(column.label), column.kind, money_only=True)


def cell(column: ReportColumn, row: Row, *, label: str, first: bool) -> str:
    """One cell: a figure, a link to what makes it, its heading for a phone."""
    value = rounded(row.get(column.name), column.kind)
    value = str(column.empty) if value is None and column.empty else value
    text = written(column.kind if not isinstance(value, str) else Kind.TEXT, value)
    url = row.get(column.link) if column.link else ""
    if url and text:
        text = format_html('<a href="{}">{}</a>', url, mark_safe(text))
    if first and column.kind not in NUMERIC:
        # The title of a phone's card: it needs no label. A code is not broken at its hyphen.
        whole = " text-nowrap" if column.name == "code" else ""
        return f'<td class="stack-title{whole}">{text}</td>'
    tone = ' class="num"' if column.kind in NUMERIC else ""
    return f'<td{tone} data-label="{conditional_escape(label)}">{text}</td>'
