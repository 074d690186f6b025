"""What the page of claims in figures says of a month, counted in one go to be kept for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from claims.models import OPEN_CLAIM, Claim
from claims.querysets.claims import OWED, UNANSWERED
from crm.accounts.models import User
from crm.calendar import month_start
from reports.parameters import Period
from reports.queries import claims as queries
from reports.queries.claims import NOTHING, MatrixCell
from reports.registry import Params, Row

MONTHS = 12
TOP = 8


@dataclass(frozen=True)
class MonthOfClaims:
    """Received and satisfied by month, a year of them; faults and goods of the month; today."""

    by_month: dict[date, Row]
    cells: dict[tuple[int, str], MatrixCell]
    reasons: dict[int, dict[str, Any]]
    products: list[Row]
    standing: dict[str, int]

    def of(self, month: date) -> Row:
        """Received and satisfied in the month with the shares."""
        nothing = {"received": 0, "satisfied": 0}
        sums = dict.fromkeys(("received_amount", "satisfied_amount"), NOTHING)
        return self.by_month.get(month) or {**nothing, **sums, **queries.shares(nothing | sums)}


def period_of(month: date) -> Period:
    """The whole month."""
    return Period(month, month_start(month, 1) - timedelta(days=1))


def month_of_claims(user: User, month: date, *, today: date) -> MonthOfClaims:
    """Of the claims that the person sees: eight queries."""
    period = period_of(month)
    params: Params = {"period": period}
    year = {"period": Period(month_start(month, 1 - MONTHS), period.last), "by": "month"}
    cells = queries.fault_matrix(user, params)
    return MonthOfClaims(
        by_month={row["key"]: row for row in queries.claim_rows(user, year)},
        cells=cells,
        reasons=queries.reason_names({reason for reason, _party in cells}, params),
        products=queries.claim_rows(user, {**params, "by": "product"})[:TOP],
        standing=_standing(user, today),
    )


def _standing(user: User, today: date) -> dict[str, int]:
    """What is open today, late, to be compensated and not answered: one query."""
    rows = Claim.objects.in_sums_of(user).order_by()
    is_open = Q(state__in=OPEN_CLAIM)
    return rows.filter(is_open | Q(state__in=["decided", "compensated"])).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(response_due__lt=today)),
        to_compensate=Count("pk", filter=OWED),
        to_answer=Count("pk", filter=UNANSWERED),
    )
