"""Schemes of variable pay and wages of people: each version from a month on, by the director."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.history import verb
from reports.models import PAID_ROLES, IncentiveSheet, MotivationScheme, PersonalTerms
from reports.permissions import incentives as permissions

HUNDRED = Decimal(100)
FIRST = date(2020, 1, 1)
WEIGHTS = ("weight_ship", "weight_cash", "weight_active", "weight_debt", "weight_tasks")


@dataclass(frozen=True)
class Terms:
    """The terms of a role; weights, limits and corrections in per cent, amounts in roubles."""

    weight_ship: Decimal
    weight_cash: Decimal
    weight_active: Decimal
    weight_debt: Decimal
    weight_tasks: Decimal
    threshold: Decimal
    cap: Decimal
    target_bonus: Decimal
    salary: Decimal
    overdue_limit: Decimal
    overdue_correction: Decimal


def _terms(weights: str, bonus: int, salary: int) -> Terms:
    parts = dict(zip(WEIGHTS, map(Decimal, weights.split()), strict=True))
    return Terms(
        **parts,
        threshold=Decimal(80),
        cap=Decimal(120),
        target_bonus=Decimal(bonus),
        salary=Decimal(salary),
        overdue_limit=Decimal(10),
        overdue_correction=Decimal(10),
    )


# Shipments, receipts, active clients, receivables, target tasks. The manager's is INC-1; heads
# answer for the money of the unit rather than for its sales (L124).
DEFAULTS = {
    Role.MANAGER: _terms("40 40 20 0 0", 40_000, 60_000),
    Role.SECTOR_HEAD: _terms("30 40 10 20 0", 55_000, 80_000),
    Role.DEPARTMENT_HEAD: _terms("25 35 10 20 10", 80_000, 120_000),
}


def seed_schemes() -> int:
    """The scheme that an installation starts with, for roles that have none; how many."""
    known = set(MotivationScheme.objects.values_list("role", flat=True))
    with verb("scheme.seeded", by=None):
        made = [
            MotivationScheme.objects.create(role=role, valid_from=FIRST, **vars(terms))
            for role, terms in DEFAULTS.items()
            if role not in known
        ]
    return len(made)


@transaction.atomic
def set_scheme(role: str, month: date, terms: Terms, *, by: User) -> MotivationScheme:
    """The terms of the role from the month on; a version that counted a sheet stays.

    RuleViolation unless the weights are 100 together and the cap is not below the threshold.
    """
    if not permissions.can_edit_schemes(by):
        raise PermissionDenied
    if role not in PAID_ROLES:
        raise RuleViolation(_("This role has no variable pay."), field="role")
    _check(terms)
    first = month.replace(day=1)
    # Of two directors the second waits; then it changes what the first has written.
    list(MotivationScheme.objects.select_for_update().filter(role=role).order_by("pk"))
    later = IncentiveSheet.objects.filter(role=role, month__gte=first)
    if later.exists():
        text = _("Sheets of this month are drafted: the terms change from a later month on.")
        raise RuleViolation(text, field="valid_from")
    with verb("scheme.set", by=by):
        return _put(MotivationScheme, {"role": role, "valid_from": first}, vars(terms), by)


@transaction.atomic
def set_personal_terms(
    employee_id: int, month: date, *, by: User, salary: Decimal, target_bonus: Decimal | None
) -> PersonalTerms:
    """The wage of a person from the month on, and the target bonus where it differs."""
    if not permissions.can_edit_schemes(by):
        raise PermissionDenied
    employee = User.objects.select_for_update(of=("self",)).get(pk=employee_id)
    if employee.role not in PAID_ROLES:
        raise RuleViolation(_("This role has no variable pay."), field="employee")
    if salary < 0 or (target_bonus is not None and target_bonus < 0):
        raise RuleViolation(_("Not below zero."), field="salary")
    key = {"employee": employee, "valid_from": month.replace(day=1)}
    with verb("scheme.wage_set", by=by):
        return _put(PersonalTerms, key, {"salary": salary, "target_bonus": target_bonus}, by)


def _put(model: Any, key: dict[str, Any], values: dict[str, Any], by: User) -> Any:
    row = model.objects.filter(**key).first()
    if row is None:
        return model.objects.create(**key, **values, created_by=by)
    for name, value in (values | {"created_by": by, "version": row.version + 1}).items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "created_by", "version"])
    return row


def _check(terms: Terms) -> None:
    weights = [getattr(terms, name) for name in WEIGHTS]
    if sum(weights) != HUNDRED or min(weights) < 0:
        text = _("The weights are to be 100 % together; none is below zero.")
        raise RuleViolation(text, field="weight_ship")
    if terms.cap < terms.threshold:
        raise RuleViolation(_("Not below the threshold."), field="cap")
    if min(terms.target_bonus, terms.salary) < 0:
        raise RuleViolation(_("Not below zero."), field="target_bonus")
