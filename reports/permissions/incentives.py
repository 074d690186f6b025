"""Rights on variable pay (C.9): the head decides, the director approves, the accounting exports.

Nobody decides what the person is paid by; nobody stands in for somebody as the one who is paid.
"""

from __future__ import annotations

from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.accounts.scope import scope_of
from reports.models import IncentiveSheet, SheetState

PAID = SALES


def can_see_sheets(user: User) -> bool:
    """Who is paid by results, the directors, the accounting."""
    return user.is_active and user.role in PAID | DIRECTORS | {Role.ACCOUNTANT}


def can_see_schemes(user: User) -> bool:
    """The directors all, everybody the scheme of the own role."""
    return user.is_active and user.role in PAID | DIRECTORS


def can_edit_schemes(user: User) -> bool:
    """The director."""
    return user.is_active and user.role == Role.DIRECTOR


def judges(user: User, sheet: IncentiveSheet) -> bool:
    """The head of the department decides about its people, the director about the head."""
    if not user.is_active or user.pk == sheet.employee_id:
        return False
    if sheet.role == Role.DEPARTMENT_HEAD:
        return user.role == Role.DIRECTOR
    return user.role == Role.DEPARTMENT_HEAD and sheet.org_unit_id in scope_of(user).unit_ids


def can_decide_sheet(user: User, sheet: IncentiveSheet) -> bool:
    """Add rewards and reductions, and send the sheet to whoever approves it."""
    return sheet.is_open and judges(user, sheet)


def is_direct(user: User, sheet: IncentiveSheet) -> bool:
    """The employee is a direct subordinate, of the person or of whom the person substitutes."""
    return sheet.superior_id in {user.pk, *scope_of(user).substituted_ids}


def can_acknowledge(user: User, sheet: IncentiveSheet) -> bool:
    """The employee says that the sheet was read, once it is approved."""
    settled = sheet.state in {SheetState.APPROVED, SheetState.SENT}
    own = user.is_active and user.pk == sheet.employee_id
    return own and settled and sheet.acknowledged_at is None


def can_object(user: User, sheet: IncentiveSheet) -> bool:
    """The employee, while the sheet is approved and not with the accounting."""
    own = user.is_active and user.pk == sheet.employee_id
    return own and sheet.state == SheetState.APPROVED


def can_send_to_payroll(user: User) -> bool:
    """The accounting (C.9)."""
    return user.is_active and user.role == Role.ACCOUNTANT
