"""What a decision about a discount or a deferral rests on: turnover, debt, discipline, terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from clients.category_terms import first_of_month
from clients.models import Client
from crm.accounts.models import User
from deals.approval_handlers import limit_evidence
from deals.client_terms import category_deferral
from deals.models import Shipment, TermsKind, TermsRequest

MONTHS = 12
SHOWN = 5


def turnover_of_year(client_id: int, today: date) -> Decimal:
    """Net shipments with VAT of the last twelve full months and the running one."""
    rows = Shipment.objects.filter(client=client_id).counted().order_by()
    rows = rows.filter(posted_on__gte=first_of_month(today, -MONTHS), posted_on__lte=today)
    found: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return found or Decimal("0.00")


def snapshot(client: Client, user: User, today: date) -> dict[str, Any]:
    """The figures of the day of submission, kept with the request."""
    turnover = turnover_of_year(client.pk, today)
    return limit_evidence.snapshot(client, user, today) | {"turnover": str(turnover)}


def terms_section(target: TermsRequest, user: User, today: date) -> Mapping[str, Any]:
    """Turnover, what the category and earlier approvals give, earlier requests."""
    client = target.client
    rows = TermsRequest.objects.filter(client=client)
    others = rows.exclude(pk=target.pk).exclude(state="draft").select_related("author")
    discount = rows.in_force(client.pk, TermsKind.DISCOUNT, today)
    deferral = rows.in_force(client.pk, TermsKind.DEFERRAL, today)
    return {
        "client": client,
        "turnover": turnover_of_year(client.pk, today),
        "discount": discount,
        "deferral": deferral,
        "usual": category_deferral(client.category, client.status),
        "others": list(others[:SHOWN]),
    }


def debt_section(target: TermsRequest, user: User, today: date) -> Mapping[str, Any]:
    """Debt, use of the limit and discipline now and on submission."""
    found = limit_evidence.debt_of_client(target.client, target.evidence, user, today)
    return found | {"asked_percent": None}
