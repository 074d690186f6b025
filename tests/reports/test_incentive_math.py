"""INC-1 and INC-2 to the kopeck, and the borders of threshold, cap and reductions."""

from decimal import Decimal

import pytest

from reports.actions.schemes import DEFAULTS
from reports.formulas.incentives import (
    Rules,
    accrue,
    coefficient,
    composite_of,
    debt_percent,
    settle,
)
from tests.kernel.shared_files import shared_example

D = Decimal
WEIGHTS = {"ship": D(40), "cash": D(40), "active": D(20), "debt": D(0), "tasks": D(0)}


def rules(**changes):
    terms = DEFAULTS["manager"]
    names = ("threshold", "cap", "target_bonus", "salary", "overdue_limit", "overdue_correction")
    return Rules(weights=WEIGHTS, **{name: getattr(terms, name) for name in names} | changes)


def test_the_worked_example_of_a_manager():
    example = shared_example("INC-1")
    given, expected = (
        {k: D(v) for k, v in example[part].items()} for part in ("input", "expected")
    )
    percents = {name: given[f"{name}_pct"] for name in ("ship", "cash", "active")}
    terms = rules(target_bonus=given["target_bonus"], salary=given["salary"])
    found = accrue(terms, percents, overdue=given["overdue"], receivables=given["receivables"])
    rest = settle(
        found.after_correction, salary=given["salary"], rewards=given["reward"],
        reductions=D(0), disciplinary=given["reduction"], cap_percent=D(20),
    )  # fmt: skip
    assert {
        "composite": found.composite,
        "K": found.coefficient,
        "bonus": found.bonus,
        "overdue_share_pct": found.overdue_share,
        "overdue_correction": found.correction,
        "after_correction": found.after_correction,
        "reduction_cap": rest.cap,
        "reduction_applied": rest.reductions,
        "variable_total": rest.variable_total,
        "pay_total": rest.pay_total,
    } == expected


def test_the_worked_example_of_threshold_and_cap():
    example = shared_example("INC-2")
    for composite, expected in example["expected"].items():
        assert str(coefficient(D(composite), D(80), D(120))) == expected


@pytest.mark.parametrize(
    ("overdue", "correction"), [("100.00", "0.00"), ("100.01", "4000.00"), ("0", "0.00")]
)
def test_the_correction_begins_above_the_limit_and_not_at_it(overdue, correction):
    percents = dict.fromkeys(("ship", "cash", "active"), D(100))
    found = accrue(rules(), percents, overdue=D(overdue), receivables=D(1000))
    assert (found.bonus, found.correction) == (D(40000), D(correction))


def test_what_has_no_plan_weighs_nothing():
    assert composite_of({"ship": D(90), "cash": None, "active": D(60)}, WEIGHTS) == D("80.00")
    found = accrue(rules(), {"ship": None}, overdue=D(0), receivables=D(0))
    assert (found.composite, found.coefficient, found.bonus) == (None, D(0), D(0))
    assert found.overdue_share is None


def test_the_debt_counts_by_what_the_norm_allows():
    assert debt_percent(D(400), D(1000), D(30)) == D("75.00")
    assert debt_percent(D(300), D(1000), D(30)) == debt_percent(D(0), D(1000), D(30)) == D(100)
    assert debt_percent(D(300), D(0), D(30)) == D(0)
    assert debt_percent(D(0), D(0), D(30)) is None


@pytest.mark.parametrize(
    ("reductions", "disciplinary", "applied", "variable"),
    [
        ("0", "14000.00", "14000.00", "0.00"),  # 20 % of 70 000: not more than there is
        ("0", "14000.01", "10000.00", "0.00"),
        ("10000.01", "0", "10000.00", "0.00"),
        ("4000", "3000", "7000.00", "3000.00"),
    ],
)
def test_the_bonus_never_falls_below_nought(reductions, disciplinary, applied, variable):
    bonus = D(10000) if applied != "14000.00" else D(14000)
    salary = D(60000) if applied != "14000.00" else D(56000)
    found = settle(
        bonus, salary=salary, rewards=D(0), reductions=D(reductions),
        disciplinary=D(disciplinary), cap_percent=D(20),
    )  # fmt: skip
    assert (found.reductions, found.variable_total) == (D(applied), D(variable))
    assert found.cap == D(14000)


def test_a_penalty_never_takes_more_than_its_share_of_the_wage():
    found = settle(
        D(50000), salary=D(30000), rewards=D(0), reductions=D(1000),
        disciplinary=D(40000), cap_percent=D(20),
    )  # fmt: skip
    assert (found.disciplinary, found.reductions) == (D(16000), D(17000))
