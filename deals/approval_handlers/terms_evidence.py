"""What a decision about a discount or a deferral rests on: turnover, debt, discipline, terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from clients.models import Client
from crm.accounts.models import User
from deals.approval_handlers import limit_evidence
from deals.conditions.client_terms import category_deferral
from deals.models import TermsKind, TermsRequest
from deals.pages.credit import CreditPage

SHOWN = 5


def snapshot(client: Client, user: User, today: date) -> dict[str, Any]:
    """The figures of the day of submission, kept with the request."""
    page = CreditPage(client, user, today)
    return limit_evidence.snapshot(page) | {"turnover": str(page.figures.turnover)}


def turnover_of_year(client: Client, user: User, today: date) -> Decimal:
    """Net shipments with VAT of the last twelve full months and the running one."""
    return limit_evidence.credit_page(client, user, today).figures.turnover


def terms_section(target: TermsRequest, user: User, today: date) -> Mapping[str, Any]:
    """Turnover, what the category and earlier approvals give, earlier requests."""
    client = target.client
    rows = TermsRequest.objects.filter(client=client)
    others = rows.exclude(pk=target.pk).exclude(state="draft").select_related("author")
    held = rows.most_in_force(client.pk, today)
    return {
        "client": client,
        "turnover": turnover_of_year(client, user, today),
        "discount": held.get(TermsKind.DISCOUNT),
        "deferral": held.get(TermsKind.DEFERRAL),
        "usual": category_deferral(client.category, client.status),
        "others": list(others[:SHOWN]),
    }


def debt_section(target: TermsRequest, user: User, today: date) -> Mapping[str, Any]:
    """Debt, use of the limit and discipline now and on submission."""
    found = limit_evidence.debt_of_client(target.client, target.evidence, user, today)
    return found | {"asked_percent": None}
