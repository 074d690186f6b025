"""How the engine of approvals moves budgets and expenses, and what their evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Role, User
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.errors import RuleViolation
from crm.states import moving
from deals.approval_handlers.guards import signer_is_enough
from reports.actions import budget_moves, expense_payments, expenses
from reports.cost_limits import OTHER, REPRESENTATION, expense_route
from reports.models import EXPENSE_MOVES, Budget, BudgetState, Expense, ExpenseState
from reports.pages.budget_evidence import BudgetEvidence
from reports.pages.expenses import ExpenseEvidence


def load_budget(pk: int) -> Budget:
    """The budget with who sent it."""
    budget: Budget = Budget.objects.for_list().get(pk=pk)
    return budget


def budget_sent(budget: Budget, decision: Decision) -> None:
    """draft or returned → on approval."""
    budget_moves.sent(budget, by=decision.by)


def budget_approved(budget: Budget, decision: Decision) -> None:
    """on approval → approved."""
    budget_moves.approved(budget, by=decision.by)


def budget_returned(budget: Budget, decision: Decision) -> None:
    """on approval → returned, with the words of the director."""
    budget_moves.returned(budget, comment=decision.comment)


def budget_withdrawn(budget: Budget, decision: Decision) -> None:
    """on approval → draft."""
    budget_moves.withdrawn(budget)


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


BUDGETS = Handler(
    kind=budget_moves.KIND,
    label=gettext_lazy("Cost budget"),
    icon="wallet",
    model=Budget,
    default_route=(RouteStep(StepKind.APPROVE, role=Role.DIRECTOR),),
    loader=load_budget,
    summary_template="reports/_budget_summary.html",
    target_url=Budget.get_absolute_url,
    may_refuse=False,
    can_withdraw=lambda budget: budget.state == BudgetState.ON_APPROVAL,
    on_submitted=budget_sent,
    on_approved=budget_approved,
    on_returned=budget_returned,
    on_withdrawn=budget_withdrawn,
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
