"""Variable pay of a month: composite, coefficient, bonus, reductions (INC-1, INC-2, D.14); pure.

Money in roubles, percentages of 0–100 and above, all Decimal and half up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm.money import percent, round_half_up

METRICS = ("ship", "cash", "active", "debt", "tasks")
HUNDRED, NOTHING = Decimal(100), Decimal("0.00")
Percents = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Rules:
    """The terms of one person: weights are 100 together, threshold and cap are per cent."""

    weights: Mapping[str, Decimal]
    threshold: Decimal
    cap: Decimal
    target_bonus: Decimal
    salary: Decimal
    overdue_limit: Decimal
    overdue_correction: Decimal


@dataclass(frozen=True)
class Accrual:
    """The bonus as the results give it, before anybody's decisions."""

    composite: Decimal | None
    coefficient: Decimal
    bonus: Decimal
    overdue_share: Decimal | None
    correction: Decimal
    after_correction: Decimal


@dataclass(frozen=True)
class Settlement:
    """What is left after rewards and reductions; `cap` is that of disciplinary reductions."""

    rewards: Decimal
    cap: Decimal
    disciplinary: Decimal
    reductions: Decimal
    variable_total: Decimal
    pay_total: Decimal


def weights_used(percents: Percents, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Weights of what was measured: without a plan there is no per cent and no weight."""
    return {
        name: weight
        for name, weight in weights.items()
        if weight and percents.get(name) is not None
    }


def composite_of(percents: Percents, weights: Mapping[str, Decimal]) -> Decimal | None:
    """Σ weight × per cent ÷ Σ weight of what was measured; None when nothing was."""
    used = weights_used(percents, weights)
    if not used:
        return None
    weighted = sum((weight * (percents[name] or 0) for name, weight in used.items()), NOTHING)
    return round_half_up(weighted / sum(used.values(), NOTHING))


def coefficient(composite: Decimal | None, threshold: Decimal, cap: Decimal) -> Decimal:
    """K: nought below the threshold, else the composite up to the cap, as a share (INC-2)."""
    if composite is None or composite < threshold:
        return Decimal("0.0000")
    return round_half_up(min(composite, cap) / HUNDRED, 4)


def debt_percent(receivables: Decimal, sales: Decimal, norm: Decimal) -> Decimal | None:
    """The debt that the norm allows ÷ the debt, 100 at most; None without debt and shipments."""
    if receivables <= 0:
        return HUNDRED if sales > 0 else None
    allowed = max(sales, NOTHING) * norm / HUNDRED
    return min(HUNDRED, round_half_up(allowed * HUNDRED / receivables))


def accrue(rules: Rules, percents: Percents, *, overdue: Decimal, receivables: Decimal) -> Accrual:
    """The bonus of the results, less the correction where the overdue share is above the limit."""
    composite = composite_of(percents, rules.weights)
    factor = coefficient(composite, rules.threshold, rules.cap)
    bonus = round_half_up(rules.target_bonus * factor)
    is_above = overdue * HUNDRED > rules.overdue_limit * receivables
    correction = round_half_up(bonus * rules.overdue_correction / HUNDRED) if is_above else NOTHING
    share = percent(overdue, receivables)
    return Accrual(composite, factor, bonus, share, correction, bonus - correction)


def reduction_cap(
    after_correction: Decimal, salary: Decimal, rewards: Decimal, cap_percent: Decimal
) -> Decimal:
    """So much of the monthly wage may be taken for disciplinary penalties (art. 135 TK)."""
    return round_half_up((salary + after_correction + rewards) * cap_percent / HUNDRED)


def settle(
    after_correction: Decimal,
    *,
    salary: Decimal,
    rewards: Decimal,
    reductions: Decimal,
    disciplinary: Decimal,
    cap_percent: Decimal,
) -> Settlement:
    """Rewards and reductions on the bonus, which never falls below nought.

    `disciplinary` are reductions tied to a penalty, `reductions` all others.
    """
    cap = reduction_cap(after_correction, salary, rewards, cap_percent)
    lawful = min(disciplinary, cap)
    applied = min(lawful + reductions, after_correction + rewards)
    variable = after_correction + rewards - applied
    return Settlement(rewards, cap, min(lawful, applied), applied, variable, salary + variable)
