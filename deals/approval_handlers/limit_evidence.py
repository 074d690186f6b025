"""What a decision about a credit limit rests on: debt, use, norm, discipline, earlier limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clients.category_terms import first_of_month
from clients.models import Client
from crm.accounts.models import User
from crm.money import percent
from deals.abc.suggesting import paid_by
from deals.discipline import Discipline
from deals.models import LimitRequest
from deals.pages.credit import CreditPage

MONTHS = 12
CLOSED = ("rejected", "withdrawn")
SHOWN = 5


@dataclass(frozen=True)
class Figure:
    """A figure of now, and what it was on submission where that differs."""

    now: Decimal
    then: Decimal | None = None


def discipline_of_year(client: Client, today: date) -> Discipline:
    """How the client paid in the last twelve full months and the running one."""
    return paid_by(client, first=first_of_month(today, -MONTHS), today=today)


def snapshot(client: Client, user: User, today: date) -> dict[str, Any]:
    """The figures of the day of submission, kept with the request."""
    page = CreditPage(client, user, today)
    limit = page.check.exposure.limit
    return {
        "on": today.isoformat(),
        "category": client.category,
        "debt": str(page.debt.total),
        "overdue": str(page.debt.overdue),
        "overdue_days": page.debt.overdue_days,
        "limit": None if limit is None else str(limit),
        "norm": str(page.norm.amount),
        "on_time_percent": _text(discipline_of_year(client, today).on_time_percent),
    }


def debt_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any]:
    """Debt and use of the limit now, and how much of the asked limit the debt would take."""
    found = debt_of_client(target.client, target.evidence, user, today)
    return found | {"asked_percent": percent(found["exposure"].exposure, target.amount)}


def debt_of_client(
    client: Client, kept: Mapping[str, Any], user: User, today: date
) -> dict[str, Any]:
    """Debt, use of the limit and discipline now; `kept` are the figures of submission."""
    page = CreditPage(client, user, today)
    return {
        "page": page,
        "exposure": page.check.exposure,
        "debt": _figure(page.debt.total, kept.get("debt")),
        "overdue": _figure(page.debt.overdue, kept.get("overdue")),
        "discipline": discipline_of_year(client, today),
    }


def norm_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any]:
    """What the category allows and how far the asked limit goes beyond it."""
    norm = CreditPage(target.client, user, today).norm
    return {
        "norm": norm,
        "client": target.client,
        "above": max(Decimal(0), target.amount - norm.amount),
        "share": percent(target.amount, norm.amount),
    }


def history_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any] | None:
    """Limits of all times and requests that were refused; none for the first one."""
    limits = CreditPage(target.client, user, today).limits[:SHOWN]
    rows = LimitRequest.objects.filter(client=target.client_id, state__in=CLOSED)
    requests = list(rows.exclude(pk=target.pk).select_related("author")[:SHOWN])
    return {"limits": limits, "requests": requests} if limits or requests else None


def _figure(now: Decimal, kept: str | None) -> Figure:
    then = Decimal(kept) if kept is not None else now
    return Figure(now, then if then != now else None)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
