"""Plan and fact of a month as they are shown: one metric, a row for each unit and manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.shell.templatetags.formats import month_name
from crm.work.registry import setting
from reports import links
from reports.days.months import PRESETS, Months
from reports.parameters import month_start
from reports.permissions import can_close_month
from reports.queries.cuts import GROUP, names_of
from reports.queries.fact_rows import code_of, documents_url, plans_url
from reports.queries.plan_fact import METRICS, Measure, Pace, PlanFact, Row, Sums, of_clients

LABELS: dict[str, str | Promise] = {
    "ship": gettext_lazy("Shipments"),
    "cash": gettext_lazy("Receipts"),
    "active": gettext_lazy("Active clients"),
    "contacts": gettext_lazy("Contacts"),
}
TONES: dict[str, str | Promise] = {
    "success": gettext_lazy("on course"),
    "warning": gettext_lazy("behind"),
    "danger": gettext_lazy("far behind"),
}
CUTS: dict[str, str | Promise] = {
    "": gettext_lazy("Units and managers"),
    "category": gettext_lazy("Category"),
    "territory": gettext_lazy("Territory"),
    "channel": gettext_lazy("Channel"),
    "group": gettext_lazy("Product group"),
}
ICONS = {"success": "circle-check", "warning": "alert-circle", "danger": "alert-triangle"}
MOST_MONTHS = 13
MOST_CLIENTS = 200


@dataclass(frozen=True)
class Asked:
    """Who asks for what; all of it stands in the address."""

    user: User
    today: date
    months: Months
    unit: OrgUnit | None
    units: list[OrgUnit]
    metric: str
    opened: int | None
    within: bool = False
    by: str = ""

    @property
    def params(self) -> dict[str, Any]:
        """The same for a report by the cut; of the company without its unit: it has all."""
        whole = self.unit is None or self.unit.kind == OrgUnitKind.COMPANY
        return {
            "month": self.months.first,
            "until": self.months.last,
            "by": self.by,
            "unit": None if whole else self.unit,
        }

    def url(self, **changes: Any) -> str:
        """The address with something else; `within` says that the table is part of a dashboard."""
        return self._address("reports:plan_fact", **changes)

    def figure_url(self, **changes: Any) -> str:
        """How the numbers of a row were counted."""
        return self._address("reports:figure", within=None, **changes)

    def _address(self, name: str, **changes: Any) -> str:
        given = {
            **self.months.query,
            "unit": self.unit.pk if self.unit else None,
            "metric": self.metric,
            "open": self.opened,
            "within": 1 if self.within else None,
            "by": self.by,
        } | changes
        query = urlencode({key: value for key, value in given.items() if value})
        return f"{reverse(name)}?{query}"


@dataclass(frozen=True)
class Line:
    """A row of the table with its links."""

    name: str
    measure: Measure
    tone: str
    plan_url: str
    fact_url: str
    figure_url: str
    code: str = ""
    url: str = ""
    level: str = "manager"
    is_open: bool = False

    @property
    def tone_text(self) -> str:
        return str(TONES[self.tone]) if self.tone else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.tone, "")


class PlanFactPage:
    """The page of one unit, or of a manager, and month."""

    def __init__(
        self,
        asked: Asked,
        found: PlanFact,
        counted_at: datetime | None,
        cut: dict[Any, Sums] | None = None,
    ) -> None:
        self.asked, self.found, self.counted_at, self.cut = asked, found, counted_at, cut
        self.months, self.unit, self.metric = asked.months, asked.unit, asked.metric
        self.month = asked.months.last
        self.pace = Pace.of(asked.months.first, asked.today, asked.months.last)
        self.closing = found.closing

    @property
    def title(self) -> str:
        return self.unit.name if self.unit else self.asked.user.short_name

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The metrics; product groups have shipments alone."""
        return [
            {"label": LABELS[name], "url": self.asked.url(metric=name), "on": name == self.metric}
            for name in (METRICS if self.asked.by != GROUP else METRICS[:1])
        ]

    @property
    def cuts(self) -> list[dict[str, Any]]:
        """What the rows are by; product groups for shipments."""
        return [
            {"label": label, "url": self.asked.url(by=code, open=None), "on": code == self.asked.by}
            for code, label in CUTS.items()
            if code != GROUP or self.metric == "ship"
        ]

    @property
    def heading(self) -> str:
        """The head of the first column."""
        if self.asked.by:
            return str(CUTS[self.asked.by])
        return _("Unit") if self.by_unit else _("Manager")

    @property
    def by_group(self) -> bool:
        """Rows are product groups, which no plan knows."""
        return self.asked.by == GROUP

    @property
    def file(self) -> str:
        """The rows of a cut as a workbook; what a page by people shows is opened row by row."""
        params = self.asked.params
        return links.report(
            "plan_fact",
            month=f"{self.months.first:%Y-%m}",
            until="" if self.months.is_one else f"{self.months.last:%Y-%m}",
            by=self.asked.by or "manager",
            unit=params["unit"].pk if params["unit"] else "",
            export="xlsx",
        )

    @property
    def unplanned(self) -> str:
        """In words: for which months there is no plan to hold the facts against."""
        return self.found.unplanned

    @property
    def periods(self) -> list[dict[str, Any]]:
        """Relative periods, then the last months."""
        return periods(self.months, self.asked.today)

    @property
    def parents(self) -> list[tuple[OrgUnit, str]]:
        """Units above, of those the person may open."""
        if self.unit is None:
            return []
        above = [u for u in self.asked.units if self.unit.path.startswith(u.path)]
        return [(u, self.asked.url(unit=u.pk, open=None)) for u in above if u.pk != self.unit.pk]

    @property
    def is_money(self) -> bool:
        return self.metric in {"ship", "cash"}

    @property
    def by_unit(self) -> bool:
        """Rows are units, each with a page of its own."""
        return self.unit is not None and self.unit.kind == OrgUnitKind.COMPANY

    @property
    def may_close(self) -> bool:
        """The month is over and open, and the person may close it."""
        is_over = self.months.is_one and self.month < self.asked.today.replace(day=1)
        return is_over and self.closing is None and can_close_month(self.asked.user)

    @property
    def late_url(self) -> str:
        """What was posted after the closing."""
        return links.report("late_changes", month=f"{self.month:%Y-%m}")

    @property
    def has_changed(self) -> bool:
        """Some figure of the whole is another one than at the closing."""
        return any(self.found.whole.sums.measure(m, self.pace).has_changed for m in METRICS)

    @cached_property
    def lines(self) -> list[Line]:
        """Units of the company; else sectors with their managers, and the clients of one."""
        if self.cut is not None:
            return self._parts(self.cut)
        if self.by_unit:
            return self._units()
        groups: dict[int | None, list[Row]] = {}
        for row in self.found.managers.values():
            groups.setdefault(row.unit_id, []).append(row)
        names = self._names
        lines: list[Line] = []
        for unit_id in sorted(groups, key=self._path):
            unit = self.found.units.get(unit_id or 0)
            if unit is not None and len(groups) > 1:
                lines.append(self._unit_line(unit))
            for row in sorted(groups[unit_id], key=lambda r: names.get(r.manager_id, "")):
                lines += self._manager_lines(row)
        return lines

    def _parts(self, cut: dict[Any, Sums]) -> list[Line]:
        """The rows of a cut, the greatest fact first."""
        by, unit = self.asked.by, self.asked.params["unit"]
        names, within = names_of(by, cut), unit.pk if unit else None
        order = sorted(cut, key=lambda key: (-cut[key].fact[self.metric], names[key].text))
        return [
            self._line(Row(cut[key]), names[key].text, {by: key}, within, level="cut")
            for key in order
            if cut[key].fact[self.metric] or cut[key].plan[self.metric] or self._changed(cut[key])
        ]

    def _changed(self, sums: Sums) -> bool:
        return sums.measure(self.metric, self.pace).has_changed

    def _units(self) -> list[Line]:
        assert self.unit is not None
        children = [u for u in self.asked.units if u.parent_id == self.unit.pk]
        return [self._unit_line(self.found.units[u.pk]) for u in children]

    def _path(self, pk: int | None) -> str:
        return next((u.path for u in self.asked.units if u.pk == pk), "")

    @cached_property
    def _names(self) -> dict[int | None, str]:
        ids = {row.manager_id for row in self.found.managers.values()} - {None}
        people = User.objects.filter(pk__in=ids).only("last_name", "first_name", "middle_name")
        return {one.pk: one.short_name for one in people}

    @property
    def total(self) -> Line:
        """The whole."""
        unit = self.asked.params["unit"]
        within = unit.pk if unit else None
        return self._line(self.found.whole, _("Total"), {}, within, level="total")

    def _unit_line(self, row: Row) -> Line:
        url = self.asked.url(unit=row.unit_id, open=None)
        if self.asked.within:
            query = urlencode({**self.months.query, "unit": row.unit_id})
            url = f"{reverse('reports:department')}?{query}"
        return self._line(row, row.name, {}, row.unit_id, url=url, level="unit")

    def _manager_lines(self, row: Row) -> list[Line]:
        name = self._names.get(row.manager_id) or _("No manager")
        where = {"manager": row.manager_id, "unit": row.unit_id}
        if row.manager_id is None:
            return [self._line(row, name, where)]
        is_open = row.manager_id == self.asked.opened
        url = self.asked.url(open=None if is_open else row.manager_id)
        lines = [self._line(row, name, where, url=url, is_open=is_open)]
        return [*lines, *self._clients(row.manager_id)] if is_open else lines

    def _clients(self, manager: int) -> list[Line]:
        rows = of_clients(self.asked.user, self.months, manager, self.found)
        return [
            self._line(
                row,
                row.name or _("No client"),
                {"manager": manager, "client": row.client_id},
                url=links.client_card(row.client_id) if row.client_id else "",
                level="client",
            )
            for row in rows[:MOST_CLIENTS]
        ]

    def _line(
        self, row: Row, name: str, parts: dict[str, Any], unit: int | None = None, **more: Any
    ) -> Line:
        """A row with what its numbers are made of: `parts` within the unit and all below it."""
        measure = row.sums.measure(self.metric, self.pace)
        is_planned = GROUP not in parts
        plan_url = plans_url(self.months, parts, unit) if is_planned else ""
        fact_url = documents_url(self.months, self.metric, parts, unit)
        return Line(
            name=name,
            measure=measure,
            tone=tone_of(measure.forecast_percent),
            plan_url=plan_url,
            fact_url=fact_url,
            figure_url=self._figure_url(parts, unit, more.get("level", "")),
            code=code_of(parts),
            **more,
        )

    def _figure_url(self, parts: dict[str, Any], unit: int | None, level: str) -> str:
        """Of a unit it is the whole of its own page, of the whole it does not matter by what."""
        if level == "unit":
            return self.asked.figure_url(unit=unit, open=None, by=None)
        if level == "total":
            return self.asked.figure_url(open=None, by=None)
        opened = self.asked.opened if level == "client" else None
        return self.asked.figure_url(open=opened, row=code_of(parts))

    def line_of(self, code: str) -> Line | None:
        """The row of the code; without one the whole."""
        if not code:
            return self.total
        return next((one for one in self.lines if one.code == code), None)


def span_in_words(months: Months) -> str:
    """A month, or from the first to the last one."""
    if months.is_one:
        return month_name(months.last)
    return f"{month_name(months.first)} – {month_name(months.last)}"


def periods(chosen: Months, today: date) -> list[dict[str, Any]]:
    """Relative periods, then the last months, this one first."""
    found = [
        {"label": label, "code": code, "on": code == chosen.code} for code, label in PRESETS.items()
    ]
    months = [month_start(today, -back) for back in range(MOST_MONTHS)]
    codes = [f"{month:%Y-%m}" for month in months]
    if chosen.code not in {*PRESETS, *codes}:
        months.append(chosen.last)
    for month in months:
        code = f"{month:%Y-%m}"
        found.append({"label": month_name(month), "code": code, "on": code == chosen.code})
    return found


def tone_of(share: Decimal | None) -> str:
    """The traffic light of a percentage of the plan, by the settings; none without a plan.

    It is of the forecast while the month runs, of the fact afterwards.
    """
    if share is None:
        return ""
    if share >= setting("plan_fact.good_percent"):
        return "success"
    return "warning" if share >= setting("plan_fact.fair_percent") else "danger"
