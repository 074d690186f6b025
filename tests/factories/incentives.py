"""Sheets in each state, with the figures of INC-1."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from reports.actions.schemes import DEFAULTS, FIRST
from reports.formulas.incentives import METRICS
from reports.models import (
    IncentiveDecision,
    IncentiveSheet,
    MotivationScheme,
    PayrollTransfer,
)

D = Decimal
OCTOBER = date(2026, 10, 1)
PERCENTS = {"ship": "95.16", "cash": "93.06", "active": "66.67"}


def scheme(role="manager", month=FIRST, **changes):
    """The terms that an installation starts with."""
    values = vars(DEFAULTS[role]) | changes
    found, _made = MotivationScheme.objects.get_or_create(
        role=role, valid_from=month, defaults=values
    )
    return found


def sheet(employee, *, superior=None, month=OCTOBER, **changes):
    """A draft of INC-1: 31 903.20 after the correction."""
    terms = scheme(employee.role)
    lines = [
        {"metric": name, "plan": "100", "fact": PERCENTS[name], "percent": PERCENTS[name],
         "weight": str(terms.weights[name]), "share": "0", "url": "/reports/fact_documents/"}
        for name in METRICS if name in PERCENTS
    ]  # fmt: skip
    calculation = {
        "lines": lines, "weights": "100", "threshold": "80", "cap": "120",
        "receivables": "1141199.65", "overdue": "428200.40", "overdue_share": "37.52",
        "overdue_limit": "10", "overdue_correction": "10", "debts_url": "", "rows": [],
    }  # fmt: skip
    values = {
        "month": month, "employee": employee, "role": employee.role,
        "org_unit": employee.org_unit, "superior": superior, "scheme": terms,
        "salary": D(60000), "target_bonus": D(40000), "calculation": calculation,
        "composite": D("88.62"), "coefficient": D("0.8862"), "bonus": D("35448.00"),
        "correction": D("3544.80"), "after_correction": D("31903.20"),
        "reduction_cap": D("18380.64"), "variable_total": D("31903.20"),
    }  # fmt: skip
    return IncentiveSheet.objects.create(**values | changes)


def approved(employee, head, director, **changes):
    """The same, decided and approved; an objection is possible for three days."""
    now = timezone.now()
    facts = {"decided_by": head, "decided_at": now, "approved_by": director, "approved_at": now}
    facts |= {"objection_until": timezone.localdate(), "superior": head, "state": "approved"}
    return sheet(employee, **facts | changes)


def reward(sheet, by, **changes):
    """A reward of 1 500 for the shipments of the month, past the totals."""
    facts = {"ground_kind": "kpi", "ground_id": 1, "ground_title": "Отгрузки: 95,16 %"}
    facts |= {"kind": "reward", "amount": D(1500), "grounds": "План выполнен", "created_by": by}
    return IncentiveDecision.objects.create(sheet=sheet, **facts | changes)


def transfer(by, month=OCTOBER):
    """A transfer to payroll of one sheet."""
    return PayrollTransfer.objects.create(
        month=month, sheets_count=1, total=D("31903.20"), created_by=by
    )
