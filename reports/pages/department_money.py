"""Debt on the dashboard of a unit as it is shown: cards and charts with the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.shell.templatetags.formats import day, day_month
from deals.lists.abc import AbcPage
from deals.models import AbcRun
from deals.permissions import can_see_abc
from reports import links
from reports.pages import receivables_links as debt_links
from reports.pages.receivables import by_age
from reports.queries.department_money import Debt, Debtor, Debts
from reports.queries.month_money import Spans
from reports.queries.reconciliations import Standing

MOST_BARS = 12


def against(spans: Spans) -> str:
    """In words: what the changes of a month are held against."""
    days = {"first": day_month(spans.before.first), "last": day(spans.before.last)}
    if not spans.is_running:
        return _("Changes: to %(first)s–%(last)s, the whole month before.") % days
    return _("Changes: to %(first)s–%(last)s, up to the same working day.") % days


class MoneyPage:
    """The debt of a unit as cards."""

    def __init__(
        self, unit: OrgUnit, figures: Debt, *, today: date, counted_at: datetime | None
    ) -> None:
        self.debt, self.counted_at = figures, counted_at
        where, days = {"unit": unit.pk}, {"as_of": figures.as_of, "today": today}
        self.debt_url = debt_links.page("manager", where, **days)
        late = figures.as_of - timedelta(days=1)
        self.overdue_url = debt_links.documents(where, due_to=late, **days)
        past = min(figures.spans.before.last, today)
        then = {"as_of": past, "today": today}
        self.debt_before_url = debt_links.page("manager", where, **then)
        late_then = past - timedelta(days=1)
        self.overdue_before_url = debt_links.documents(where, due_to=late_then, **then)

    @property
    def against(self) -> str:
        return against(self.debt.spans)


@dataclass(frozen=True)
class ActsLine:
    """Reconciliations to be done now, each figure with its rows; no link while no page is there."""

    figures: Standing
    unit: int
    today: date

    @property
    def parts(self) -> list[tuple[str, int, str, str]]:
        """In words, how many, the register, its tone."""
        figures, day = self.figures, f"{self.today:%Y-%m-%d}"
        return [
            (_("To send"), figures.to_send, self._list(step="send", as_of_to=day), "secondary"),
            (_("Late"), figures.late, self._list(step="late"), "danger"),
            (_("Disputed ones"), figures.disputed, self._list(state="discrepancy"), "warning"),
        ]

    def _list(self, **filters: Any) -> str:
        return links.documents("deals:reconciliation_list", unit=self.unit, **filters)


@dataclass(frozen=True)
class DebtorLine:
    """A debtor with the invoices behind the figures."""

    debtor: Debtor
    url: str
    overdue_url: str


class DebtsPage:
    """The debt by age, the greatest debtors, and the curve of the last ABC analysis."""

    def __init__(
        self,
        user: User,
        unit: OrgUnit,
        figures: Debts,
        *,
        today: date,
        counted_at: datetime | None,
    ) -> None:
        self.user, self.figures, self.counted_at = user, figures, counted_at
        self.ageing, self.today = figures.ageing, today
        self.days = {"as_of": figures.ageing.as_of, "today": today}
        where = {"unit": unit.pk}
        self.ageing_url = debt_links.page(figures.ageing.by, where, **self.days)
        self.debtors_url = debt_links.page("client", where, **self.days)

    @property
    def chart(self) -> dict[str, Any]:
        """Stacked bars by manager or sector, the greatest debts first."""
        rows = [row for row in self.ageing.rows if row.total][:MOST_BARS]
        names = [self.figures.names[row.key].text for row in rows]
        return by_age(rows, names, self.ageing.intervals) | {
            "horizontal": True,
            "rows_title": _("Sector") if self.ageing.by == "unit" else _("Manager"),
        }

    @property
    def debtors(self) -> list[DebtorLine]:
        late = self.ageing.as_of - timedelta(days=1)
        lines = []
        for debtor in self.figures.debtors:
            where = {"client": debtor.client_id}
            whole = debt_links.documents(where, **self.days)
            overdue = debt_links.documents(where, due_to=late, **self.days)
            lines.append(DebtorLine(debtor, whole, overdue))
        return lines

    @cached_property
    def abc(self) -> AbcPage | None:
        """The last analysis, for those who may see it."""
        run = AbcRun.objects.latest_run() if can_see_abc(self.user) else None
        return AbcPage(run, self.user) if run else None
