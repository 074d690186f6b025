"""What the accountant's home page shows: every figure with the link to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.calendar import month_start
from crm.imports.permissions import can_see_imports
from crm.money import percent
from deals.models import BankStatement, Payment
from deals.pages.payments import Queue
from reports import links
from reports.queries.accounting import Accounting

TOP = 5
MONTHS = 3


@dataclass(frozen=True)
class StatementLine:
    """A statement, its page or its payments, and what the bank says more than its documents."""

    statement: BankStatement
    url: str
    incoming: Decimal
    outgoing: Decimal

    @property
    def differs(self) -> bool:
        return bool(self.incoming or self.outgoing)


class AccountingPage:
    """The page of one month."""

    def __init__(
        self,
        user: User,
        figures: Accounting,
        queue: Queue,
        *,
        today: date,
        counted_at: datetime | None,
    ) -> None:
        self.figures, self.queue, self.today = figures, queue, today
        self.counted_at = counted_at  # of receipts and what was expected
        self.top: list[Payment] = queue.rows[:TOP]
        self.may_import = can_see_imports(user)
        self.statements = [_line(statement) for statement in figures.statements]

    @property
    def share(self) -> Decimal | None:
        """Received of what was expected, percent."""
        return percent(self.figures.received, self.figures.expected)

    @property
    def receipts_url(self) -> str:
        """The month's receipts."""
        first, last = self.figures.month, self.figures.last_day
        return _payments(receipts="true", paid_from=first, paid_to=last)

    @property
    def advances_url(self) -> str:
        return _payments(advance="true")

    @property
    def expected_url(self) -> str:
        """The invoices due in the month, with what was expected of each."""
        return links.report("expected_of_month", month=f"{self.figures.month:%Y-%m}")

    @property
    def unassigned_url(self) -> str:
        return optional("deals:unassigned_list")

    @property
    def presets(self) -> list[dict[str, Any]]:
        """This month and the two before it."""
        month, found = self.today.replace(day=1), []
        for _index in range(MONTHS):
            found.append(
                {"month": month, "code": f"{month:%Y-%m}", "on": month == self.figures.month}
            )
            month = month_start(month, -1)
        return found

    @property
    def chart(self) -> dict[str, Any]:
        """Received and expected by day."""
        days = self.figures.days
        return {
            "type": "bar",
            "unit": "money",
            "labels": [f"{day.on:%d.%m}" for day in days],
            "datasets": [
                {"label": _("Expected"), "data": [day.expected for day in days], "tone": "neutral"},
                {"label": _("Received"), "data": [day.received for day in days]},
            ],
        }


def _line(statement: BankStatement) -> StatementLine:
    payments = _payments(
        own_account=statement.own_account_id,
        paid_from=statement.date_from,
        paid_to=statement.date_to,
    )
    return StatementLine(
        statement,
        optional("deals:statement_detail", statement.pk) or payments,
        statement.missing_in or Decimal(0),
        statement.missing_out or Decimal(0),
    )


def _payments(**filters: Any) -> str:
    return f"{reverse('deals:payment_list')}?{urlencode(filters)}"


def optional(name: str, *args: Any) -> str:
    """The address, or nothing where the page is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
