"""What becomes of expenses: approved, paid by the accounting, booked by it, annulled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, Role, User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import format_money
from crm.notices.actions import notify, notify_many
from crm.notices.kinds import in_each_language
from crm.states import move
from deals.actions.contracts import said
from reports.actions.expenses import lock_expense
from reports.models import EXPENSE_MOVES, BudgetItem, Expense, ExpenseState
from reports.permissions import costs as permissions


@dataclass(frozen=True)
class Cost:
    """A cost of a unit that the accounting books as paid; roubles with VAT."""

    org_unit: OrgUnit
    item: BudgetItem
    spent_on: date
    amount: Decimal
    purpose: str
    document: str


def approved(expense: Expense, *, by: User) -> None:
    """on approval → approved, in the transaction of the engine; the accounting is told."""
    now = timezone.now()
    move(expense, EXPENSE_MOVES, ExpenseState.APPROVED, approved_by=by, approved_at=now, comment="")
    payers = User.objects.working().filter(role=Role.ACCOUNTANT).values_list("pk", flat=True)
    notify_many(
        sorted(payers),
        kind="expense.to_pay",
        params=_params(expense),
        url=expense.get_absolute_url(),
        dedupe_key=f"expense.to_pay:{expense.pk}:{expense.version}",
    )


def sent_back(expense: Expense, state: str, *, comment: str) -> None:
    """on approval → returned or refused; approved → returned where the approval is taken back."""
    words = comment.strip()[:500] or _("Returned")
    facts: dict[str, Any] = {"approved_by": None, "approved_at": None, "comment": words}
    move(expense, EXPENSE_MOVES, state, **facts)


@transaction.atomic
def pay_expense(
    expense_id: int, *, by: User, version: int, on: date, document: str, today: date
) -> Expense:
    """approved → paid, by the accounting, with the day and the document; the author is told."""
    expense = lock_expense(expense_id, by, version)
    if not permissions.can_pay(by) or by.pk == expense.employee_id:
        raise PermissionDenied
    if on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    with verb("expense.paid", by=by):
        move(
            expense,
            EXPENSE_MOVES,
            ExpenseState.PAID,
            paid_on=on,
            paid_by=by,
            payment_document=said(document, "document"),
        )
    assert expense.employee_id is not None
    notify(
        expense.employee_id,
        kind="expense.paid",
        params=_params(expense),
        url=expense.get_absolute_url(),
        dedupe_key=f"expense.paid:{expense.pk}",
    )
    return expense


@transaction.atomic
def book_cost(cost: Cost, *, by: User, today: date, key: UUID | None = None) -> Expense:
    """A cost of a unit that came from the books, paid at once.

    Raises RuleViolation for a day to come, and for representation expenses: those are logged by
    whoever spent them.
    """
    if not permissions.can_pay(by):
        raise PermissionDenied
    made = Expense.objects.filter(idempotency_key=key, created_by=by).first() if key else None
    if made is not None:
        return made
    if cost.spent_on > today:
        raise RuleViolation(_("This day is still to come."), field="spent_on")
    if cost.item.is_representation:
        text = _("Entertainment expenses are logged by whoever spent them.")
        raise RuleViolation(text, field="item")
    if cost.amount <= 0:
        raise RuleViolation(_("Above zero."), field="amount")
    with verb("expense.booked", by=by):
        expense: Expense = Expense.objects.create(
            org_unit=cost.org_unit,
            item=cost.item,
            spent_on=cost.spent_on,
            amount=cost.amount,
            purpose=said(cost.purpose, "purpose"),
            payment_document=cost.document.strip(),
            state=ExpenseState.PAID,
            paid_on=cost.spent_on,
            paid_by=by,
            created_by=by,
            idempotency_key=key,
        )
    return expense


@transaction.atomic
def annul_expense(expense_id: int, *, by: User, version: int, reason: str) -> Expense:
    """paid → annulled, with the reason: it counts no more, and a new one is logged instead."""
    expense = lock_expense(expense_id, by, version)
    if not permissions.can_pay(by):
        raise PermissionDenied
    with verb("expense.annulled", by=by):
        move(expense, EXPENSE_MOVES, ExpenseState.ANNULLED, comment=said(reason)[:500])
    if expense.employee_id is not None:
        notify(
            expense.employee_id,
            kind="expense.annulled",
            params=_params(expense) | {"comment": expense.comment},
            url=expense.get_absolute_url(),
            dedupe_key=f"expense.annulled:{expense.pk}",
        )
    return expense


def _params(expense: Expense) -> dict[str, Any]:
    who = expense.employee.short_name if expense.employee else ""
    return {
        "item": in_each_language(lambda: expense.item),
        "amount": format_money(expense.amount),
        "day": f"{expense.spent_on:%d.%m.%Y}",
        "who": who,
    }
