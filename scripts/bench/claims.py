"""Claims at volume: pages of 200,000 of them, returns of the books, rates of measures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from scripts.bench.requests import Page, get

DOCUMENTS = 2_000
DEEP = 4_000 * 25


def claim_pages() -> list[Page]:
    """The register, the board, figures, the tab of a card, the register of purchasing."""
    from claims.models import Claim

    register, board = reverse("claims:list"), reverse("claims:board")
    claim = Claim.objects.filter(client__manager__username="manager").first()
    assert claim is not None
    tab = reverse("claims:client_claims", args=[claim.client_id])
    return [
        Page("claims", "director", get(register)),
        Page("claims: page 4,000", "director", get(_deep(register))),
        Page("claims: late, a department", "head", get(f"{register}?step=late&sort=response_due")),
        Page(
            "claims: by reason and category",
            "director",
            get(f"{register}?category=A&guilty_party=warehouse&sort=-claimed_amount"),
        ),
        Page("claims: of a manager", "manager", get(register)),
        Page("claims: search by number", "director", get(f"{register}?q={claim.number}"), 60),
        Page("claims: purchasing", "purchasing", get(register)),
        Page("claims: board", "director", get(board)),
        Page("claims: board of a department", "head", get(board)),
        Page("claim", "manager", get(claim.get_absolute_url())),
        Page("client card: claims", "manager", get(tab, htmx=True)),
        *_figures(),
    ]


def _figures() -> list[Page]:
    today = timezone.localdate()
    month = today.replace(day=1) - timedelta(days=1)
    page = reverse("reports:claims")
    return [
        Page("claims in figures: a month", "director", get(f"{page}?month={month:%Y-%m}")),
        Page("claims in figures: a department", "head", get(f"{page}?month={month:%Y-%m}")),
    ]


def half_a_year(by: str) -> object:
    """The report of claims of the company over half a year."""
    from crm.accounts.models import User
    from reports.parameters import Period
    from reports.queries.claims import claim_rows

    today = timezone.localdate()
    period = Period(today - timedelta(days=182), today)
    return claim_rows(User.objects.get(username="director"), {"period": period, "by": by})


def month_counted() -> object:
    """What the page of claims in figures keeps for a minute."""
    from crm.accounts.models import User
    from reports.queries.claims_month import month_of_claims

    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return month_of_claims(User.objects.get(username="director"), month, today=today)


def _deep(url: str) -> str:
    from claims.lists.claims import CLAIMS
    from claims.models import Claim
    from crm.accounts.models import User
    from crm.lists import cursor_at

    director = User.objects.get(username="director")
    rows = Claim.objects.visible_to(director).for_list()
    position = min(DEEP, Claim.objects.count() - 24) - 24
    return f"{url}?size=25&after={cursor_at(CLAIMS, rows, position)}"


def take_in_returns() -> object:
    """Documents of the books become returns; those that were are forgotten before."""
    from claims.actions.book_returns import follow_books
    from claims.models import Return

    known = (
        Return.objects.filter(created_by=None)
        .order_by("-pk")
        .values_list("pk", flat=True)[:DOCUMENTS]
    )
    Return.objects.filter(pk__in=list(known)).delete()
    return follow_books(today=timezone.localdate())


def nothing_to_take_in() -> object:
    """What runs every hour and mostly finds nothing."""
    from claims.actions.book_returns import follow_books

    return follow_books(today=timezone.localdate())


def rates_of_measure(**problem: Any) -> object:
    """Before and after of one measure of a department, ninety days each."""
    from claims.models import ClaimReason, CorrectiveMeasure
    from claims.rates import rate_of
    from crm.accounts.models import User
    from deals.models import ProductGroup

    head = User.objects.get(username="head")
    facts: dict[str, Any] = {"reason": ClaimReason.objects.get(code="shortage")}
    if problem.get("by_group"):
        facts["product_group"] = ProductGroup.objects.order_by("pk").first()
    measure = CorrectiveMeasure(org_unit=head.org_unit, owner=head, **facts)
    last: date = timezone.localdate()
    days = timedelta(days=90)
    first, middle = last - days - days, last - days
    return rate_of(measure, first, middle), rate_of(measure, middle, last)
