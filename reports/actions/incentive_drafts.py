"""Drafting the sheets of a month and counting one anew (INC-1, INC-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import round_half_up
from crm.notices.actions import notify_many
from crm.work.registry import setting
from reports import links
from reports.actions.closing import close_due_month
from reports.formulas.incentives import METRICS, Accrual, Rules, accrue, settle, weights_used
from reports.models import (
    IncentiveSheet,
    MonthClosing,
    MotivationScheme,
    PersonalTerms,
)
from reports.parameters import month_start
from reports.permissions import incentives as permissions
from reports.queries.incentives import MonthResults, Person, Results

Sheet = dict[str, Any]


def month_end_close(*, today: date) -> int:
    """The work of the first working day: the month is closed, then its sheets are drafted."""
    closed = close_due_month(today=today)
    return closed + draft_sheets(month_start(today, -1), today=today)


@transaction.atomic
def draft_sheets(month: date, *, today: date) -> int:
    """Draft sheets of a closed month for whoever has none; how many. Nothing the second time."""
    closing = MonthClosing.objects.filter(month=month)
    if not closing.select_for_update(of=("self",)).first():
        return 0
    if IncentiveSheet.objects.of_month(month).exists():
        return 0
    results = MonthResults(month, today)
    wages = PersonalTerms.objects.holding(month)
    made = []
    for person in results.people():
        scheme = MotivationScheme.objects.holding(person.user.role, month)
        if scheme is not None:
            rules = rules_of(scheme, wages.get(person.user.pk))
            made.append(_sheet(person, scheme, rules, results.of(person), month))
    with verb("incentive.drafted", by=None):
        IncentiveSheet.objects.bulk_create(made)
    _tell_heads(month, made)
    return len(made)


@transaction.atomic
def recount_sheet(sheet_id: int, *, by: User, version: int, today: date) -> IncentiveSheet:
    """Count an open sheet anew: by the terms and the figures of the closing as they stand now."""
    sheet = lock_sheet(sheet_id, by, version)
    if not permissions.can_decide_sheet(by, sheet):
        raise PermissionDenied
    results = MonthResults(sheet.month, today)
    person = next((one for one in results.people() if one.user.pk == sheet.employee_id), None)
    scheme = MotivationScheme.objects.holding(sheet.role, sheet.month)
    if person is None or scheme is None:
        raise RuleViolation(_("There is nothing to count the sheet of."))
    wages = PersonalTerms.objects.holding(sheet.month)
    rules = rules_of(scheme, wages.get(sheet.employee_id))
    counted = _counted(scheme, rules, results.of(person), sheet.month, person)
    for name, value in counted.items():
        setattr(sheet, name, value)
    with verb("incentive.recounted", by=by):
        retotal(sheet, *counted)
    return sheet


def lock_sheet(sheet_id: int, by: User, version: int) -> IncentiveSheet:
    """The visible sheet, locked; StaleVersion where it has changed since it was shown."""
    rows = IncentiveSheet.objects.visible_to(by).select_for_update(of=("self",))
    sheet: IncentiveSheet = rows.select_related("employee", "org_unit").get(pk=sheet_id)
    if sheet.version != version:
        raise StaleVersion(of=sheet)
    return sheet


def retotal(sheet: IncentiveSheet, *changed: str) -> None:
    """Write what is left after the decisions that stand, with a new version."""
    for name, value in _totals(sheet).items():
        setattr(sheet, name, value)
    sheet.version += 1
    totals = ("rewards", "reductions", "reduction_cap", "variable_total", "version")
    sheet.save(update_fields=[*{*changed, *totals}])


def _totals(sheet: IncentiveSheet) -> Sheet:
    """The settlement of the decisions that stand."""
    sums: dict[str, Decimal] = dict.fromkeys(("reward", "reduction", "disciplinary"), Decimal(0))
    for one in sheet.decisions.standing().exclude(kind="nonmaterial"):
        sums["disciplinary" if one.is_disciplinary else one.kind] += one.amount
    found = settle(
        sheet.after_correction,
        salary=sheet.salary,
        rewards=sums["reward"],
        reductions=sums["reduction"],
        disciplinary=sums["disciplinary"],
        cap_percent=Decimal(setting("incentive.reduction_cap_percent")),
    )
    return {
        "rewards": found.rewards,
        "reductions": found.reductions,
        "reduction_cap": found.cap,
        "variable_total": found.variable_total,
    }


def rules_of(scheme: MotivationScheme, own: PersonalTerms | None) -> Rules:
    """The scheme of the role with the wage and the bonus of the person."""
    bonus = own.target_bonus if own is not None else None
    return Rules(
        weights=scheme.weights,
        threshold=scheme.threshold,
        cap=scheme.cap,
        target_bonus=scheme.target_bonus if bonus is None else bonus,
        salary=scheme.salary if own is None else own.salary,
        overdue_limit=scheme.overdue_limit,
        overdue_correction=scheme.overdue_correction,
    )


def _sheet(
    person: Person, scheme: MotivationScheme, rules: Rules, results: Results, month: date
) -> IncentiveSheet:
    counted = _counted(scheme, rules, results, month, person)
    sheet = IncentiveSheet(
        month=month,
        employee=person.user,
        role=person.user.role,
        org_unit=person.unit,
        superior_id=person.superior_id,
        **counted,
    )
    found = settle(
        sheet.after_correction,
        salary=sheet.salary,
        rewards=Decimal(0),
        reductions=Decimal(0),
        disciplinary=Decimal(0),
        cap_percent=Decimal(setting("incentive.reduction_cap_percent")),
    )
    sheet.reduction_cap, sheet.variable_total = found.cap, found.variable_total
    return sheet


def _counted(
    scheme: MotivationScheme, rules: Rules, results: Results, month: date, person: Person
) -> Sheet:
    """The columns that the calculation fills, with the frozen calculation itself."""
    debts = results.debts
    found = accrue(rules, results.percents, overdue=debts.overdue, receivables=debts.receivables)
    return {
        "scheme": scheme,
        "salary": rules.salary,
        "target_bonus": rules.target_bonus,
        "composite": found.composite,
        "coefficient": found.coefficient,
        "bonus": found.bonus,
        "correction": found.correction,
        "after_correction": found.after_correction,
        "calculation": _frozen(rules, results, found, _where(person, month)),
    }


def _where(person: Person, month: date) -> dict[str, Any]:
    whose = {"unit": person.unit.pk} if person.heads else {"manager": person.user.pk}
    return {"month": f"{month:%Y-%m}", **whose}


def _frozen(
    rules: Rules, results: Results, found: Accrual, where: Mapping[str, Any]
) -> dict[str, Any]:
    """Line by line what the figures were, with the addresses of the documents behind them."""
    used = weights_used(results.percents, rules.weights)
    whole = sum(used.values(), Decimal(0))
    debts = results.debts
    lines = []
    for name in METRICS:
        weight, figure = rules.weights[name], results.figures[name]
        if not weight:
            continue
        share = weight * (figure.percent or 0) / whole if name in used else None
        lines.append(
            {
                "metric": name,
                "plan": _text(round_half_up(figure.plan)),
                "fact": _text(figure.fact),
                "percent": _text(figure.percent),
                "weight": _text(weight),
                "share": _text(None if share is None else round_half_up(share)),
                "url": _documents(name, where),
            }
        )
    return {
        "lines": lines,
        "weights": _text(whole),
        "threshold": _text(rules.threshold),
        "cap": _text(rules.cap),
        "receivables": _text(debts.receivables),
        "overdue": _text(debts.overdue),
        "overdue_share": _text(found.overdue_share),
        "overdue_limit": _text(rules.overdue_limit),
        "overdue_correction": _text(rules.overdue_correction),
        "debts_url": _documents("debt", where),
        "rows": results.rows,
    }


def _documents(metric: str, where: Mapping[str, Any]) -> str:
    """The report that lists what is behind the figure."""
    if metric == "tasks":
        return links.report("kpi4", month=where["month"])
    if metric == "debt":
        return links.report("kpi2", month=where["month"], by="manager")
    return links.report("fact_documents", metric=metric, **where)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _tell_heads(month: date, made: list[IncentiveSheet]) -> None:
    """Whoever has sheets to decide."""
    heads = User.objects.working().filter(role__in=["department_head", "director"])
    told = [one.pk for one in heads if any(permissions.judges(one, sheet) for sheet in made)]
    notify_many(
        told,
        kind="incentive.drafted",
        dedupe_key=f"incentive.drafted:{month:%Y-%m}",
        url=links.sheets(month),
        params={"month": f"{month:%m.%Y}"},
    )
