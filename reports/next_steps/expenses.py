"""The reason of My day that follows from expenses: one of the client came back to its author."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Min, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from crm.money import format_money
from reports.models import Expense
from reports.pages.budgets import expenses_url


def _returned(today: date) -> Cases:
    """An expense on the client that its manager has to correct and send again, or withdraw."""
    rows = Expense.objects.filter(
        client__in=asked(), state="returned", employee=F("client__manager")
    )
    by_client = rows.order_by().values("client").annotate(day=Min("spent_on"), sum=Sum("amount"))
    return Cases(by_client, on=F("day"), amount=F("sum"))


def _label(reason: Reason) -> str:
    amount = format_money(reason.case.amount or 0)
    return _("Expense returned: %(amount)s") % {"amount": amount}


def _link(reason: Reason) -> str:
    """The client's returned ones."""
    return expenses_url(client=reason.client.pk, state="returned")


RETURNED = ReasonRule(
    code="expense_returned",
    rank=77,
    name=gettext_lazy("Expenses returned"),
    verb=gettext_lazy("Correct the expense"),
    tone="warning",
    icon="receipt-2",
    cases=_returned,
    label=_label,
    link=_link,
    settled_by_contact=False,
)


def register_expense_reasons() -> None:
    """Declare it."""
    register(RETURNED)
