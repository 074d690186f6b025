"""The page of claims: what came, what was given, by whose fault; every figure leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from claims.models import Claim, GuiltyParty
from claims.querysets.claims import OWED, UNANSWERED
from clients.category_terms import first_of_month
from crm.accounts.models import User
from crm.shell.templatetags.shell import heat_cell
from reports import links
from reports.parameters import Period
from reports.queries import claims as queries
from reports.queries.claims import PARTIES, MatrixCell
from reports.registry import Params

MONTHS = 12
LEVELS = 5  # of the heat map, by the greatest cell
TOP = 8


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

    def __init__(self, user: User, month: date, *, today: date) -> None:
        self.user, self.month, self.today = user, month, today
        last = first_of_month(month, 1) - timedelta(days=1)
        self.period = Period(month, last)
        self.params: Params = {"period": self.period}

    @cached_property
    def whole(self) -> dict[str, Any]:
        """Received and satisfied in the month with the shares."""
        found = queries.whole(self.user, self.params)
        return {**found, **queries.shares(found)}

    @cached_property
    def standing(self) -> dict[str, int]:
        """What is open today, late, to be compensated and not answered: one query."""
        rows = Claim.objects.in_sums_of(self.user).order_by()
        is_open = Q(state__in=["registered", "in_review", "escalated"])
        return rows.filter(is_open | Q(state__in=["decided", "compensated"])).aggregate(
            open=Count("pk", filter=is_open),
            late=Count("pk", filter=is_open & Q(response_due__lt=self.today)),
            to_compensate=Count("pk", filter=OWED),
            to_answer=Count("pk", filter=UNANSWERED),
        )

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
        return [str(labels.get(code, _("Not found out yet"))) for code in PARTIES]

    @cached_property
    def faults(self) -> list[FaultRow]:
        """Reasons down, guilty parties across; darker is more."""
        cells = queries.fault_matrix(self.user, self.params)
        names = queries.reason_names({reason for reason, _party in cells}, self.params)
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
        return heat_cell(None, str(cell.count), escape(url), level)

    @cached_property
    def products(self) -> list[dict[str, Any]]:
        """Goods that are complained of most."""
        found = queries.claim_rows(self.user, {**self.params, "by": "product"})
        return [dict(row) for row in found[:TOP]]

    @cached_property
    def chart(self) -> dict[str, Any]:
        """Received and satisfied by month, a year of them."""
        first = first_of_month(self.month, 1 - MONTHS)
        params = {"period": Period(first, self.period.last), "by": "month"}
        by_month = {row["key"]: row for row in queries.claim_rows(self.user, params)}
        months = [first_of_month(first, number) for number in range(MONTHS)]
        rows = [by_month.get(month, {"received": 0, "satisfied": 0}) for month in months]
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
        months = [first_of_month(self.today.replace(day=1), -back) for back in range(6)]
        return [{"month": m, "code": f"{m:%Y-%m}", "on": m == self.month} for m in months]
