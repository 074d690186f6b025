"""The pack for the strategic plan: reports of the product run together, none counted anew (RP-07).

Each part is a declared report with its parameters: the page shows its first rows and leads to all
of them, the workbook has a sheet for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.lists.cells import titled
from crm.tabular import About, Table
from reports import links, registry
from reports.pages.report import ReportPage
from reports.queries.growth import DOWN, UP, last_full_month
from reports.registry import Row
from reports.running import ReportForm

MANY, FEW = 15, 10
Given = dict[str, str]


def _none(today: date) -> Given:
    return {}


def _month(**more: str) -> Callable[[date], Given]:
    """Of the last full month."""
    return lambda today: {"month": f"{last_full_month(today):%Y-%m}", **more}


def _always(**given: str) -> Callable[[date], Given]:
    return lambda today: given


@dataclass(frozen=True)
class Part:
    """A part of the pack: which report, with which parameters, how many rows on the page."""

    code: str
    title: str | Promise
    report: str
    given: Callable[[date], Given] = _none
    rows: int = MANY
    chart: bool = False


YEAR = {"period": "last_12_months"}
PARTS = (
    Part("coverage", _("Coverage by territory"), "coverage", _month(by="territory")),
    Part("coverage_of_channels", _("Coverage by channel"), "coverage", _month(by="channel")),
    Part("channels", _("Shipments by channel"), "growth", _always(by="channel")),
    Part("territories", _("Shipments by territory"), "growth", _always(by="territory")),
    Part("groups", _("Shipments by product group"), "growth", _always(by="group")),
    Part("months", _("Shipments by month"), "shipments", _always(by="month", **YEAR), chart=True),
    Part("margin", _("Margin by month"), "margin_by_month", _always(**YEAR)),
    Part("promos", _("Effect of promos"), "promo_effects", _always(**YEAR), rows=FEW),
    Part("abc", _("ABC structure"), "abc_structure"),
    Part("base", _("Active base by category"), "kpi3", _month(by="category")),
    Part("rising", _("Fastest-growing clients"), "growth", _always(by="client", direction=UP), FEW),
    Part(
        "falling",
        _("Fastest-declining clients"),
        "growth",
        _always(by="client", direction=DOWN),
        FEW,
    ),
    Part("claims", _("Claims by month"), "claims", _always(by="month", **YEAR)),
    Part("receivables", _("Receivables by unit"), "ageing", _always(by="unit")),
)


class PartPage(ReportPage):
    """A part for one person: the report with the parameters of the pack."""

    printing, export = False, ""

    def __init__(self, part: Part, user: User, today: date) -> None:  # no address asks for it
        self.part, self.user, self.today = part, user, today
        self.report = registry.get(part.report)
        self.given = part.given(today)
        self.path = links.report(part.report)
        self.form = ReportForm(self.report, user, self.given, today)
        self.refused = not self.form.is_valid()

    @property
    def title(self) -> str:
        return str(self.part.title)

    @property
    def all_url(self) -> str:
        """The report itself, with these parameters."""
        return links.report(self.part.report, **self.given)

    @cached_property
    def shown(self) -> list[Row]:
        return self.result.rows[: self.part.rows] if self.result else []

    @cached_property
    def chart(self) -> Any:
        return super().chart if self.part.chart else None

    def table(self) -> Table:
        """The whole of it, for a sheet."""
        result = self.result
        assert result is not None
        header = [titled(str(one.label), one.kind) for one in result.columns]
        about = About(self.title, foot=result.foot if result.has_totals else None)
        return Table(header, result.kinds, result.values(), about)


def parts_for(user: User) -> list[Part]:
    """Those whose reports the person may open."""
    return [part for part in PARTS if registry.get(part.report).may_open(user)]


def tables_for(user: User, today: date) -> Iterator[Table]:
    """Sheet by sheet, so that one report is held at a time."""
    for part in parts_for(user):
        yield PartPage(part, user, today).table()


def facts_for(user: User, today: date) -> list[tuple[str, str]]:
    """What each sheet is and how it was counted."""
    made = (str(_("Made")), f"{timezone.localtime():%d.%m.%Y %H:%M}")
    told = [(str(part.title), str(registry.get(part.report).how)) for part in parts_for(user)]
    return [(str(_("What")), str(_("Pack for the strategic plan"))), *told, made]
