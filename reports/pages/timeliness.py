"""The page «Terms»: what was kept and missed by kind, by sector and by person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import scope_of
from crm.money import format_percent
from reports import links
from reports.days.months import Months
from reports.pages.kept import figures_of
from reports.pages.report import ReportPage
from reports.parameters import Period, month_end
from reports.queries.timeliness import (
    WORDS,
    Names,
    asked_kinds,
    counted,
    figures_asked,
    named,
    places,
    whole_of,
)
from reports.registry import Params, Report, Row, Text
from reports.running import Result, run
from reports.timeliness.figures import NOBODY, Place
from reports.timeliness.kind import kind_of
from reports.timeliness.terms import OVERDUE, STANDINGS, Counts

PEOPLE, PEOPLE_AT_ONCE = "people", 20
NOTHING = '<span class="text-secondary">0</span>'


class Number(NamedTuple):
    """A number with the rows behind it."""

    name: str
    label: Text
    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """A row of a table: numbers with links, the share, what the term is."""

    name: str
    counts: Counts
    cells: Row
    url: str = ""
    note: str = ""
    level: int = 0
    is_chosen: bool = False

    @property
    def numbers(self) -> list[Number]:
        """The four numbers."""
        return [
            Number(one, WORDS[one], self.cells[one], self.cells[f"{one}_url"]) for one in STANDINGS
        ]


def _row(line: Line, labels: Mapping[str, str], share: str) -> str:
    """A row of a table, written here because a template per cell is what costs."""
    cells = "".join(_cell(line, name, labels[name]) for name in STANDINGS)
    level = f" plan-depth-{line.level + 1}" if line.level else ""
    percent = "—"
    if line.counts.come:
        shown = format_percent(line.counts.percent or 0, 2)
        percent = f'<a href="{escape(line.cells["url"])}">{shown}</a>'
    return f"""
          <tr{' class="table-active"' if line.is_chosen else ""}>
            <th scope="row" class="stack-title{level}">{_title(line)}</th>
            {cells}
            <td class="num terms-share" data-label="{share}">{percent}</td>
          </tr>
        """


def _title(line: Line) -> str:
    """What the row is about, a link to it alone or to its terms."""
    name, note = escape(line.name), ""
    if line.note:
        css = "d-block small fw-normal text-secondary"
        note = f'<span class="{css}">{escape(line.note)}</span>'
    if not line.url:
        return f'<a href="{escape(line.cells["url"])}">{name}</a>{note}'
    url = escape(line.url)
    swap = f'hx-get="{url}" hx-target="#_timeliness" hx-swap="outerHTML"'
    current = ' aria-current="true"' if line.is_chosen else ""
    return f'<a class="tap" href="{url}" {swap}{current}>{name}</a>{note}'


def _cell(line: Line, name: str, label: str) -> str:
    inner = NOTHING
    if value := line.cells[name]:
        css = ' class="text-danger"' if name == OVERDUE else ""
        inner = f'<a{css} href="{escape(line.cells[f"{name}_url"])}">{value}</a>'
    return f'<td class="num" data-label="{label}">{inner}</td>'


def written(lines: list[Line]) -> SafeString:
    """The rows of a table as safe HTML."""
    labels = {name: escape(str(WORDS[name])) for name in STANDINGS}
    share = escape(_("On time, %"))
    return mark_safe("".join(_row(line, labels, share) for line in lines))


class TimelinessPage(ReportPage):
    """The report of terms shown as three tables of the same numbers."""

    counted_at: datetime | None = None  # of which moment kept figures are; None: fresh

    def __init__(self, report: Report, request: HttpRequest) -> None:
        super().__init__(report, request)
        self.part = request.GET.get("part", "")

    @cached_property
    def result(self) -> Result | None:
        """The report without addresses of its rows, which the page adds up; None while a parameter
        lacks or is wrong. On the screen costly figures are kept for a minute, in files never."""
        if not self.form.is_valid():
            return None
        asks = places if self.export else self._kept_places
        return run(replace(self.report, rows=asks), self.user, self.form.cleaned_data)

    @property
    def period(self) -> Period:
        """The days asked for."""
        found: Period = self.form.cleaned_data["period"]
        return found

    @property
    def unit(self) -> OrgUnit | None:
        """The unit asked for."""
        return self.form.cleaned_data.get("unit") or None

    @property
    def kind(self) -> str:
        """The kind asked for."""
        return self.form.cleaned_data.get("kind") or ""

    @cached_property
    def whole(self) -> Line:
        """Of all that was asked for."""
        return self._line("", whole_of(self._rows))

    @cached_property
    def kinds(self) -> list[Line]:
        """By kind; a kind leads to itself alone, the chosen one back to all."""
        lines = []
        for code, counts in self._summed(lambda place: place.kind).items():
            kind, chosen = kind_of(code), code == self.kind
            assert kind is not None
            url = self.url(kind=None if chosen else code)
            more: dict[str, Any] = {"url": url, "note": str(kind.rule), "is_chosen": chosen}
            lines.append(self._line(str(kind.label), counts, {"kind": code}, **more))
        return lines

    @cached_property
    def units(self) -> list[Line]:
        """By unit, each with those below it, in the order of the tree; empty ones are left out."""
        own = self._summed(lambda place: place.unit_id)
        tree = {unit.pk: unit for unit in OrgUnit.objects.visible_to(self.user)}
        shown = self._shown_units(tree)
        total: dict[int, Counts] = {}
        for pk, counts in own.items():
            for above in tree[pk].path_ids if pk is not None else ():
                if above in shown:
                    total[above] = total.get(above, Counts()) + counts
        order = sorted(total, key=lambda pk: [tree[one].sort_key for one in tree[pk].path_ids])
        lines = [self._unit_line(tree[pk], total) for pk in order]
        if None in own and self.unit is None:
            lines.append(self._line(Names.no_unit(), own[None], {"within": "none"}))
        return lines

    @cached_property
    def people(self) -> list[Line]:
        """By person, the most missed terms first."""
        found = self._summed(lambda place: place.person_id)
        names = {row["place"].person_id: str(row["name"]) for row in self._rows}
        lines = [
            self._line(names[pk], counts, {"person": str(pk or NOBODY)})
            for pk, counts in found.items()
        ]
        return sorted(lines, key=lambda line: (-line.counts.missed, line.name))

    @property
    def shows_people(self) -> bool:
        """Whether people stand there at once: few of them, on paper, or asked for."""
        few = len(self.people) <= PEOPLE_AT_ONCE
        return few or self.printing or self.part == PEOPLE

    @property
    def people_url(self) -> str:
        """This page with the table by person, or that table alone as a part."""
        return self.url(part=PEOPLE)

    @property
    def tables(self) -> dict[str, SafeString]:
        """The rows of the tables that stand there at once."""
        return {name: written(getattr(self, name)) for name in ("kinds", "units")}

    @property
    def people_rows(self) -> SafeString:
        """The rows of the table by person, which in a company is most of the page."""
        return written(self.people)

    @property
    def distribution_url(self) -> str:
        """Distribution of clients alone (III.14)."""
        asked = {"from": self.period.first, "to": self.period.last}
        return links.report("distribution_terms", **asked, unit=self.unit and self.unit.pk)

    @property
    def list_url(self) -> str:
        return reverse("reports:timeliness")

    def _kept_places(self, user: User, params: Params) -> list[Row]:
        whose = (user.pk, user.role, scope_of(user).key)  # also what one is oneself the author of
        unit, asked = params.get("unit"), asked_kinds(params)
        key = ("timeliness", *whose, params["period"], params.get("kind"), unit and unit.pk)
        kept = figures_of((*key, self.today), lambda: figures_asked(user, params))
        self.counted_at = kept.at
        return named(kept.figures, asked)

    @property
    def _rows(self) -> list[Row]:
        return self.result.rows if self.result else []

    def _summed(self, key: Callable[[Place], Any]) -> dict[Any, Counts]:
        """Counts by a part of the place, in the order of the rows."""
        found: dict[Any, Counts] = {}
        for row in self._rows:
            name = key(row["place"])
            found[name] = found.get(name, Counts()) + row["counts"]
        return found

    def _shown_units(self, tree: dict[int, OrgUnit]) -> set[int]:
        """Units that may be asked for: open, of the person's part, below the chosen one."""
        scope = scope_of(self.user)
        top = self.unit.path if self.unit else ""
        return {
            pk
            for pk, unit in tree.items()
            if unit.archived_at is None
            and (scope.everything or pk in scope.unit_ids)
            and unit.path.startswith(top)
        }

    def _unit_line(self, unit: OrgUnit, total: dict[int, Counts]) -> Line:
        level = sum(one in total for one in unit.path_ids[:-1])
        chosen = self.unit is not None and unit.pk == self.unit.pk
        url = self.url(unit=None if chosen else unit.pk)
        more: dict[str, Any] = {"url": url, "level": min(level, 2), "is_chosen": chosen}
        return self._line(unit.name, total[unit.pk], {"unit": unit.pk}, **more)

    def _line(
        self, name: str, counts: Counts, asked: dict[str, Any] | None = None, **more: Any
    ) -> Line:
        query = {"kind": self.kind, "unit": self.unit and self.unit.pk, **(asked or {})}
        return Line(name, counts, counted(counts, self.period, **query), **more)


def period_of(months: Months) -> Period:
    """The days of the months of a dashboard."""
    return Period(months.first, month_end(months.last))


class TermsLine:
    """The line of terms on a dashboard: the same numbers with the same rows behind them."""

    def __init__(self, counts: Counts, unit: OrgUnit, period: Period) -> None:
        self.counts = counts
        cells = counted(counts, period, unit=unit.pk)
        self.numbers = [
            Number(one, WORDS[one], cells[one], cells[f"{one}_url"]) for one in STANDINGS
        ]
        days = {"from": period.first, "to": period.last, "unit": unit.pk}
        self.url = f"{reverse('reports:timeliness')}?{urlencode(days)}"
