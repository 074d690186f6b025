"""Sharing a sum out in proportion, to the last kopeck (largest remainders)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

KOPECK = Decimal("0.01")


def shared(total: Decimal, weights: Sequence[Decimal], step: Decimal = KOPECK) -> list[Decimal]:
    """The total in shares by weight, each a multiple of the step; they add up to the total.

    Equal shares where no weight is above nought. What rounding down leaves goes a step each to
    the greatest remainders, the first of equal ones first.
    """
    if not weights:
        return []
    kept = [max(weight, Decimal(0)) for weight in weights]
    whole = sum(kept, Decimal(0))
    if not whole:
        kept, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    exact = [total * weight / whole for weight in kept]
    shares = [(one / step).to_integral_value(ROUND_DOWN) * step for one in exact]
    left = int((total - sum(shares, Decimal(0))) / step)
    order = sorted(range(len(shares)), key=lambda n: (shares[n] - exact[n], n))
    for place in order[:left]:
        shares[place] += step
    return [one.quantize(step) for one in shares]


def chosen(count: int, weights: Sequence[Decimal]) -> list[int]:
    """1 for so many of the greatest weights, 0 for the others: clients that are to be active."""
    order = sorted(range(len(weights)), key=lambda n: (-weights[n], n))
    best = set(order[:count])
    return [int(place in best) for place in range(len(weights))]
