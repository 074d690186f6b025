"""What the page of an expense shows, what a decision rests on, expenses of one client."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Sum

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.files.models import Attachment
from crm.money import percent
from deals.models import Shipment
from deals.permissions import can_see_money
from deals.receivables.client_figures import year_before
from reports.actions.expenses import KIND, MonthLimit, limit_of
from reports.formulas.budgets import NOTHING
from reports.models import Expense, ExpenseState
from reports.pages.budgets import expenses_url
from reports.permissions import costs as permissions

SHOWN = 20


class ClientCosts:
    """What a client has cost in twelve full months and the running one, and what it bought."""

    def __init__(self, client: Client, user: User, today: date) -> None:
        self.client, self.user, self.today = client, user, today
        self.first = year_before(today)

    @cached_property
    def rows(self) -> list[Expense]:
        """The last expenses that the person sees."""
        return list(self._all.for_list()[:SHOWN])

    @cached_property
    def spent(self) -> Decimal:
        """Paid and approved ones of the period."""
        rows = self._all.filter(state__in=["approved", "paid"], spent_on__gte=self.first)
        return Decimal(rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING)

    @cached_property
    def shipped(self) -> Decimal:
        """Net shipments of the period with VAT."""
        rows = Shipment.objects.filter(client=self.client).counted()
        net = rows.in_period(self.first, self.today).turnover()["net"]
        return Decimal(str(net))

    @property
    def share(self) -> Decimal | None:
        """Costs to shipments, %; None where nothing was shipped."""
        return percent(self.spent, self.shipped) if self.shipped > 0 else None

    @property
    def sees_money(self) -> bool:
        return can_see_money(self.user)

    @property
    def list_url(self) -> str:
        """Those that are added up."""
        url = expenses_url(client=self.client.pk, spent_from=self.first)
        return f"{url}&state=approved&state=paid"

    @property
    def _all(self) -> Any:
        rows = Expense.objects.visible_to(self.user).filter(client=self.client)
        return rows.exclude(state=ExpenseState.WITHDRAWN)


class ExpenseEvidence:
    """What whoever decides reads: the limit of the month, the receipt, the client."""

    def __init__(self, row: Expense, user: User, today: date) -> None:
        self.row, self.user, self.today = row, user, today

    @cached_property
    def limit(self) -> MonthLimit | None:
        """The person's month without this expense; only representation expenses have one."""
        if not self.row.is_representation or self.row.employee is None:
            return None
        person = User.objects.select_related("org_unit").get(pk=self.row.employee_id)
        return limit_of(person, self.row.spent_on, besides=self.row.pk)

    @property
    def left(self) -> Decimal | None:
        """What is left once this one is counted; None where it is above the limit."""
        if self.limit is None or self.limit.over(self.row.amount):
            return None
        return self.limit.left - self.row.amount

    @cached_property
    def files(self) -> list[Attachment]:
        """Receipts."""
        rows = Attachment.objects.visible_to(self.user).of(KIND, self.row.pk)
        return list(rows.newest().open())

    @cached_property
    def client_costs(self) -> ClientCosts | None:
        """The client's costs against its shipments."""
        if self.row.client is None:
            return None
        return ClientCosts(self.row.client, self.user, self.today)


class ExpensePage(WayOfApproval, ExpenseEvidence):
    """One expense for one person."""

    def __init__(self, row: Expense, user: User, today: date) -> None:
        ExpenseEvidence.__init__(self, row, user, today)
        self.target = row

    @property
    def may_correct(self) -> bool:
        return permissions.can_correct_expense(self.user, self.row)

    @property
    def may_take_back(self) -> bool:
        """Until somebody has signed, and once it came back."""
        return self.may_correct or self.may_withdraw

    @property
    def may_pay(self) -> bool:
        return permissions.can_pay_expense(self.user, self.row)

    @property
    def may_annul(self) -> bool:
        return permissions.can_annul_expense(self.user, self.row)
