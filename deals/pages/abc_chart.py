"""The Pareto curve of an ABC analysis: how few clients make how much of the shipments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.money import round_half_up

POINTS = 50


def chosen_ranks(count: int) -> list[int]:
    """At most so many places, the first and the last among them."""
    if count <= POINTS:
        return list(range(1, count + 1))
    return sorted({1 + (count - 1) * place // (POINTS - 1) for place in range(POINTS)})


def pareto(
    points: Sequence[tuple[int, Decimal]], share_a: Decimal, share_b: Decimal
) -> Mapping[str, Any]:
    """Cumulative share by place, with the borders of A and B; the chart and its table."""
    labels = [str(rank) for rank, _share in points]
    return {
        "type": "line",
        "unit": "percent",
        "rows_title": _("Clients"),
        "labels": labels,
        "datasets": [
            {
                "label": _("Cumulative share, %"),
                "data": [round_half_up(share) for _rank, share in points],
                "fill": True,
            },
            {
                "label": _("Border of A, %"),
                "data": [share_a] * len(labels),
                "tone": "success",
                "dashed": True,
            },
            {
                "label": _("Border of B, %"),
                "data": [share_b] * len(labels),
                "tone": "warning",
                "dashed": True,
            },
        ],
    }
