"""Rights on cost budgets, expenses and cost-reduction measures (DL-20, S5.5.2); pure.

Heads answer for the costs of their units, the director approves budgets, the accounting pays.
"""

from __future__ import annotations

from crm.accounts.models import DIRECTORS, HEADS, OrgUnit, OrgUnitKind, Role, User
from crm.accounts.scope import scope_of
from reports.models import (
    OPEN_SAVING,
    Budget,
    CostMeasure,
    Expense,
    ExpenseState,
    SavingState,
)

SPENDERS = HEADS | {Role.MANAGER, Role.DIRECTOR}


def can_see_budget(user: User) -> bool:
    """Heads their units, the directors and the accounting the company."""
    return user.is_active and user.role in HEADS | DIRECTORS | {Role.ACCOUNTANT}


def can_draw_up_budget(user: User, unit: OrgUnit) -> bool:
    """The head of the department, or who stands in."""
    return unit.kind == OrgUnitKind.DEPARTMENT and _heads(user, unit.pk)


def draws_up_budgets(user: User) -> bool:
    """Of some department: what shows the button."""
    return user.is_active and user.role == Role.DEPARTMENT_HEAD


def heads_budget(user: User, budget: Budget) -> bool:
    """The head of the budget's department, or who stands in."""
    return _heads(user, budget.org_unit_id)


def can_edit_budget(user: User, budget: Budget) -> bool:
    """The head of the department, until it is sent."""
    return budget.is_editable and heads_budget(user, budget)


def can_correct_budget(user: User, budget: Budget) -> bool:
    """The head of the department begins a new revision of what holds."""
    return budget.is_in_force and _heads(user, budget.org_unit_id)


def can_see_expenses(user: User) -> bool:
    """Who may spend sees the own ones, heads those of their units, the accounting all."""
    return user.is_active and user.role in SPENDERS | DIRECTORS | {Role.ACCOUNTANT}


def can_log_expense(user: User) -> bool:
    """Managers, heads and the director, each for the own money (S5.5.2)."""
    return user.is_active and user.role in SPENDERS and user.org_unit_id is not None


def can_correct_expense(user: User, expense: Expense) -> bool:
    """Whoever spent it, once it came back."""
    own = user.is_active and user.pk == expense.employee_id
    return own and expense.state == ExpenseState.RETURNED


def can_add_receipt(user: User, expense: Expense) -> bool:
    """Whoever spent it until it is decided; the accounting as long as it stands."""
    own = user.pk == expense.employee_id
    open_states = {ExpenseState.DRAFT, ExpenseState.RETURNED, ExpenseState.ON_APPROVAL}
    if user.is_active and own and expense.state in open_states:
        return True
    return can_pay(user) and expense.state in {ExpenseState.APPROVED, ExpenseState.PAID}


def can_pay(user: User) -> bool:
    """The accounting pays, books costs and annuls."""
    return user.is_active and user.role == Role.ACCOUNTANT


def can_pay_expense(user: User, expense: Expense) -> bool:
    """What was approved, by another than whoever spent it."""
    approved = expense.state == ExpenseState.APPROVED
    return can_pay(user) and approved and user.pk != expense.employee_id


def can_annul_expense(user: User, expense: Expense) -> bool:
    """What was paid by mistake."""
    return can_pay(user) and expense.state == ExpenseState.PAID


def can_see_savings(user: User) -> bool:
    """Whoever may answer for a measure."""
    return can_see_expenses(user)


def plans_savings(user: User) -> bool:
    """Heads for their units, the director for all."""
    return user.is_active and user.role in {*HEADS, Role.DIRECTOR}


def can_plan_saving(user: User, unit: OrgUnit) -> bool:
    """A measure of this unit."""
    return plans_savings(user) and _oversees(user, unit.pk)


def can_carry_saving_out(user: User, row: CostMeasure) -> bool:
    """Whoever answers for it, and the heads above."""
    mine = row.owner_id == user.pk or can_head_saving(user, row)
    return user.is_active and row.state in OPEN_SAVING and mine


def can_confirm_saving(user: User, row: CostMeasure) -> bool:
    """A head above or the director, never whoever answers for it (four eyes)."""
    other = row.owner_id != user.pk and can_head_saving(user, row)
    return row.state == SavingState.DONE and other


def can_change_saving(user: User, row: CostMeasure) -> bool:
    """Correct the plan or give it up: the heads."""
    return row.state in OPEN_SAVING and can_head_saving(user, row)


def can_head_saving(user: User, row: CostMeasure) -> bool:
    """A head of the measure's unit, or the director."""
    return plans_savings(user) and _oversees(user, row.org_unit_id)


def _heads(user: User, unit_id: int) -> bool:
    return user.is_active and user.role in HEADS and unit_id in scope_of(user).unit_ids


def _oversees(user: User, unit_id: int) -> bool:
    return user.role == Role.DIRECTOR or unit_id in scope_of(user).unit_ids
