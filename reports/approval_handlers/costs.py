"""How the engine of approvals moves budgets and expenses, and what their evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.states import moving
from deals.approval_handlers.guards import signer_is_enough
from reports.actions import budget_moves, expense_payments, expenses, revisions
from reports.approval_handlers.revisions import revision_handler
from reports.models import EXPENSE_MOVES, Budget, Expense, ExpenseState
from reports.pages.budget_evidence import BudgetEvidence
from reports.pages.expenses import ExpenseEvidence
from reports.policy.cost_limits import OTHER, REPRESENTATION, expense_route


def budget_approved(budget: Budget, decision: Decision) -> None:
    """on approval → approved."""
    revisions.approved(budget, by=decision.by)


def budget_section(target: Budget, user: User, today: date) -> Mapping[str, Any]:
    """Sums by item beside the budget that holds and what the year before cost."""
    return {"budget": target, "page": BudgetEvidence(target, user)}


def load_expense(pk: int) -> Expense:
    """The expense with its names."""
    expense: Expense = Expense.objects.for_list().get(pk=pk)
    return expense


def expense_approved(expense: Expense, decision: Decision) -> None:
    """on approval → approved, if whoever decides may still do so."""
    found = expense_route(
        is_representation=expense.is_representation,
        amount=expense.amount,
        over=expense.over_limit,
    )
    if not signer_is_enough(decision, found):
        raise RuleViolation(_("This is above your limit now: return the request."))
    expense_payments.approved(expense, by=decision.by)


def expense_returned(expense: Expense, decision: Decision) -> None:
    """on approval or approved → returned."""
    expense_payments.sent_back(expense, ExpenseState.RETURNED, comment=decision.comment)


def expense_rejected(expense: Expense, decision: Decision) -> None:
    """on approval → refused."""
    expense_payments.sent_back(expense, ExpenseState.REJECTED, comment=decision.comment)


def expense_section(target: Expense, user: User, today: date) -> Mapping[str, Any]:
    """What it was for, the limit of the month, the receipt, the client's shipments."""
    return {"row": target, "page": ExpenseEvidence(target, user, today)}


BUDGETS = revision_handler(
    Budget,
    kind=budget_moves.KIND,
    label=gettext_lazy("Cost budget"),
    icon="wallet",
    approved=budget_approved,
)
EXPENSES = Handler(
    kind=expenses.KIND,
    label=gettext_lazy("Expense"),
    icon="receipt-2",
    model=Expense,
    limits=(REPRESENTATION, OTHER),
    loader=load_expense,
    summary_template="reports/_expense_summary.html",
    target_url=Expense.get_absolute_url,
    list_label=gettext_lazy("Expenses"),
    list_url=lambda: reverse("reports:expense_list"),
    can_withdraw=lambda expense: expense.state == ExpenseState.ON_APPROVAL,
    on_submitted=moving(EXPENSE_MOVES, ExpenseState.ON_APPROVAL),
    on_approved=expense_approved,
    on_returned=expense_returned,
    on_rejected=expense_rejected,
    on_withdrawn=moving(EXPENSE_MOVES, ExpenseState.WITHDRAWN),
    can_revoke=lambda expense: expense.state == ExpenseState.APPROVED,
    on_revoked=expense_returned,
)


def register_cost_approvals() -> None:
    """Called once when the app is ready."""
    registry.register(
        BUDGETS,
        evidence=(
            Section(
                key="items",
                title=gettext_lazy("By item"),
                template="reports/_evidence_budget.html",
                load=budget_section,
                order=10,
                wide=True,
            ),
        ),
    )
    registry.register(
        EXPENSES,
        evidence=(
            Section(
                key="expense",
                title=gettext_lazy("What it was spent on"),
                template="reports/_evidence_expense.html",
                load=expense_section,
                order=10,
                wide=True,
            ),
        ),
    )
