"""The page of claims: what came, what was given, by whose fault; every figure leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from claims.models import GuiltyParty
from crm.calendar import month_start
from crm.shell.templatetags.shell import heat_cell
from reports import links
from reports.pages.kept import Kept
from reports.queries.claims import PARTIES, MatrixCell
from reports.queries.claims_month import MONTHS, MonthOfClaims, period_of
from reports.registry import Row

LEVELS = 5  # of the heat map, by the greatest cell


@dataclass(frozen=True)
class FaultRow:
    """A reason with its claims by guilty party."""

    name: str
    url: str
    cells: SafeString
    count: int
    amount: Decimal


class ClaimsPage:
    """The page of one person and month."""

    def __init__(self, month: date, kept: Kept[MonthOfClaims], *, today: date) -> None:
        self.month, self.today = month, today
        self.figures, self.counted_at = kept
        self.period = period_of(month)

    @property
    def whole(self) -> Row:
        """Received and satisfied in the month with the shares."""
        return self.figures.of(self.month)

    @property
    def standing(self) -> dict[str, int]:
        """What is open today, late, to be compensated and not answered."""
        return self.figures.standing

    @property
    def urls(self) -> dict[str, str]:
        """The rows behind the figures."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        claims = "claims:list"
        return {
            "received": links.documents(claims, registered_from=first, registered_to=last),
            "satisfied": links.documents(
                claims, step="satisfied", decided_from=first, decided_to=last
            ),
            **{step: links.documents(claims, step=step) for step in ("decide", "late")},
            "compensate": links.documents(claims, step="compensate"),
            "answer": links.documents(claims, step="answer"),
            "report": links.report("claims", **{"from": first, "to": last}),
            "faults": links.report("claims_by_fault", **{"from": first, "to": last}),
        }

    @property
    def parties(self) -> list[str]:
        """Names of the columns of the heat map."""
        labels = dict(GuiltyParty.choices)
        return [str(labels.get(code, _("Not established yet"))) for code in PARTIES]

    @cached_property
    def faults(self) -> list[FaultRow]:
        """Reasons down, guilty parties across; darker is more."""
        cells, names = self.figures.cells, self.figures.reasons
        most = max((cell.count for cell in cells.values()), default=0)
        rows = []
        for pk, name in names.items():
            of_reason = [(code, cells.get((pk, code), MatrixCell())) for code in PARTIES]
            marks = [self._cell(pk, code, cell, most) for code, cell in of_reason]
            count = sum(cell.count for _code, cell in of_reason)
            amount = sum((cell.amount for _code, cell in of_reason), Decimal(0))
            whole = mark_safe("".join(marks))
            rows.append(FaultRow(name["name"], name["url"], whole, count, amount))
        return sorted(rows, key=lambda row: (-row.count, row.name))

    def _cell(self, reason: int, party: str, cell: MatrixCell, most: int) -> SafeString:
        if not cell.count:
            return mark_safe('<td class="heat heat-0"></td>')
        level = max(1, -(-cell.count * LEVELS // most))
        query = {"reason": reason, "guilty_party": party} if party else {"reason": reason}
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        days = {"registered_from": first, "registered_to": last}
        url = links.documents("claims:list", **query, **days) if party else ""
        return heat_cell(None, str(cell.count), url, level)

    @property
    def products(self) -> list[Row]:
        """Goods that are complained of most."""
        return self.figures.products

    @cached_property
    def chart(self) -> dict[str, Any]:
        """Received and satisfied by month, a year of them."""
        months = [month_start(self.month, number) for number in range(1 - MONTHS, 1)]
        rows = [self.figures.of(month) for month in months]
        return {
            "type": "bar",
            "labels": [f"{month:%m.%Y}" for month in months],
            "datasets": [
                {
                    "label": _("Received"),
                    "data": [row["received"] for row in rows],
                    "tone": "neutral",
                },
                {"label": _("Satisfied"), "data": [row["satisfied"] for row in rows]},
            ],
        }

    @property
    def presets(self) -> list[dict[str, Any]]:
        """This month and the five before it."""
        months = [month_start(self.today.replace(day=1), -back) for back in range(6)]
        return [{"month": m, "code": f"{m:%Y-%m}", "on": m == self.month} for m in months]
