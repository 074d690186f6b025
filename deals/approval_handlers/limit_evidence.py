"""What a decision about a credit limit rests on: debt, use, norm, discipline, earlier limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clients.models import Client
from crm.accounts.models import User
from crm.money import percent
from deals.models import LimitRequest
from deals.pages.credit import CreditPage

CLOSED = ("rejected", "withdrawn")
SHOWN = 5


@dataclass(frozen=True)
class Figure:
    """A figure of now, and what it was on submission where that differs."""

    now: Decimal
    then: Decimal | None = None


def credit_page(client: Client, user: User, today: date) -> CreditPage:
    """Debt and limit, once per client object: sections of a page share them."""
    known: CreditPage | None = getattr(client, "_credit_page", None)
    if known is None or (known.user, known.today) != (user, today):
        known = client._credit_page = CreditPage(client, user, today)  # type: ignore[attr-defined]
    return known


def snapshot(page: CreditPage) -> dict[str, Any]:
    """The figures of the day of submission, kept with the request."""
    limit = page.figures.limit
    return {
        "on": page.today.isoformat(),
        "category": page.client.category,
        "debt": str(page.debt.total),
        "overdue": str(page.debt.overdue),
        "overdue_days": page.debt.overdue_days,
        "limit": None if limit is None else str(limit),
        "norm": str(page.norm.amount),
        "on_time_percent": _text(page.figures.discipline.on_time_percent),
    }


def debt_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any]:
    """Debt and use of the limit now, and how much of the asked limit the debt would take."""
    found = debt_of_client(target.client, target.evidence, user, today)
    return found | {"asked_percent": percent(found["exposure"].exposure, target.amount)}


def debt_of_client(
    client: Client, kept: Mapping[str, Any], user: User, today: date
) -> dict[str, Any]:
    """Debt, use of the limit and discipline now; `kept` are the figures of submission."""
    page = credit_page(client, user, today)
    return {
        "page": page,
        "exposure": page.check.exposure,
        "debt": _figure(page.debt.total, kept.get("debt")),
        "overdue": _figure(page.debt.overdue, kept.get("overdue")),
        "discipline": page.figures.discipline,
    }


def norm_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any]:
    """What the category allows and how far the asked limit goes beyond it."""
    norm = credit_page(target.client, user, today).norm
    return {
        "norm": norm,
        "client": target.client,
        "above": max(Decimal(0), target.amount - norm.amount),
        "share": percent(target.amount, norm.amount),
    }


def history_section(target: LimitRequest, user: User, today: date) -> Mapping[str, Any] | None:
    """Limits of all times and requests that were refused; none for the first one."""
    limits = credit_page(target.client, user, today).limits[:SHOWN]
    rows = LimitRequest.objects.filter(client=target.client_id, state__in=CLOSED)
    requests = list(rows.exclude(pk=target.pk).select_related("author")[:SHOWN])
    return {"limits": limits, "requests": requests} if limits or requests else None


def _figure(now: Decimal, kept: str | None) -> Figure:
    then = Decimal(kept) if kept is not None else now
    return Figure(now, then if then != now else None)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
