"""The page of demand: product groups by month, forecast, what waits, needs; all lead to rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from reports import links
from reports.days.months import Months
from reports.pages.kept import Kept
from reports.parameters import month_end
from reports.permissions import can_see_facts
from reports.queries.demand import BASE, SHOWN, Demand, GroupDemand
from reports.queries.fact_rows import documents_url


@dataclass(frozen=True)
class MonthCell:
    """Shipments of a group in a month, and their documents."""

    month: date
    ship: Decimal
    url: str


@dataclass(frozen=True)
class DemandRow:
    """A group as it is shown."""

    group: GroupDemand
    cells: list[MonthCell]
    urls: dict[str, str]


class DemandPage:
    """The page of one person."""

    base = BASE

    def __init__(self, kept: Kept[Demand], user: User) -> None:
        self.figures, self.counted_at = kept
        self.user = user
        self.leads = can_see_facts(user)

    @property
    def months(self) -> list[date]:
        """Those of the table, the earliest first."""
        return self.figures.months[-SHOWN:]

    @cached_property
    def rows(self) -> list[DemandRow]:
        return [self._row(group) for group in self.figures.groups]

    @property
    def whole(self) -> DemandRow:
        """All groups together; its cells lead to the months of everything."""
        cells = [
            MonthCell(month, self._ship(self.figures.whole, month), self._documents(month, {}))
            for month in self.months
        ]
        return DemandRow(self.figures.whole, cells, {"waiting": self._report("demand_unshipped")})

    def _row(self, group: GroupDemand) -> DemandRow:
        cells = [
            MonthCell(month, self._ship(group, month), self._documents(month, {"group": group.pk}))
            for month in self.months
        ]
        key = group.pk or "none"
        days = {"from": self.figures.months[0], "to": month_end(self.figures.months[-1])}
        return DemandRow(
            group,
            cells,
            {
                "products": links.report("demand_products", group=key, **days),
                "waiting": self._report("demand_unshipped", group=key),
                "needing": self._report("demand_needs", group=key),
                "not_buying": self._report("demand_needs", group=key, only="not_buying"),
            },
        )

    @staticmethod
    def _ship(group: GroupDemand, month: date) -> Decimal:
        return group.by_month.get(month, Decimal(0))

    def _documents(self, month: date, parts: dict[str, Any]) -> str:
        return documents_url(Months.of(month), "ship", parts) if self.leads else ""

    def _report(self, name: str, **params: Any) -> str:
        return links.report(name, **params) if self.leads else ""

    @property
    def unnamed_url(self) -> str:
        """Needs whose words name no group."""
        return self._report("demand_needs", group="none")

    @cached_property
    def chart(self) -> dict[str, Any]:
        """A year of shipments and the forecast of this month."""
        figures = self.figures
        labels = [f"{month:%m.%Y}" for month in [*figures.months, figures.target]]
        facts = [self._ship(figures.whole, month) for month in figures.months]
        return {
            "type": "bar",
            "unit": "money",
            "labels": labels,
            "datasets": [
                {"label": _("Shipments"), "data": [*facts, None]},
                {
                    "label": _("Forecast"),
                    "data": [*([None] * len(facts)), figures.whole.forecast],
                    "tone": "neutral",
                },
            ],
        }
