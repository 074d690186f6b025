"""Which discount a client may have: the seller's own limit, or what was approved for the day.

A promo that runs gives its own on its goods to the clients who take part in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from clients.categorising.discount_limits import DISCOUNT
from clients.models import Client
from crm.accounts.models import User
from crm.approvals.limits import limits_of
from crm.errors import RuleViolation
from crm.money import format_percent
from deals.actions.terms_requests import ladder_category
from deals.models import RelationshipScheme, TermsKind, TermsRequest
from deals.ordering.order_goods import Goods
from deals.promos.promo_terms import promo_discounts

HUNDRED = Decimal(100)


def allowed_discount(client: Client, *, by: User, today: date) -> Decimal:
    """The highest discount, in percent, that the person may give the client without asking.

    The own limit, what was approved for the day, or what the client's relationship scheme says.
    """
    row = limits_of(DISCOUNT, by.role).get(ladder_category(client))
    own = Decimal(0) if row is None else row["discount"]
    if own is None:
        return HUNDRED
    return max(Decimal(own), approved_discount(client, today))


def approved_discount(client: Client, today: date) -> Decimal:
    """What was approved for the client beyond the policy and holds on the day, in percent."""
    approved = TermsRequest.objects.in_force(client.pk, TermsKind.DISCOUNT, today)
    schemes = RelationshipScheme.objects.filter(client=client).holding(today)
    agreed = max(schemes.values_list("discount_pct", flat=True), default=Decimal(0))
    return max(approved or Decimal(0), agreed)


def refuse_discounts(client: Client, goods: Sequence[Goods], *, by: User, today: date) -> None:
    """Raise RuleViolation with the first line whose discount nobody has allowed."""
    if not any(row.discount_pct for row in goods):
        return
    allowed = allowed_discount(client, by=by, today=today)
    above = [row.product for row in goods if row.discount_pct > allowed]
    promised = promo_discounts(client, above, today) if above else {}
    for place, row in enumerate(goods):
        if row.discount_pct > max(allowed, promised.get(row.product.pk, allowed)):
            text = _(
                "Line %(number)s: the discount of %(asked)s is above the allowed %(allowed)s;"
                " ask for it in the terms of the client."
            )
            values = {
                "number": place + 1,
                "asked": format_percent(row.discount_pct),
                "allowed": format_percent(allowed),
            }
            raise RuleViolation(text % values, field=f"line-{place}-discount_pct")
