"""Filters of the register of payments; the figures of other pages link to them."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import SeveralFilter
from clients.filters.contacts import DayFilter
from crm.lists.ranges import AmountFilter
from deals.filters.documents import OfClientFilter
from deals.models import OwnAccount, Payment, PaymentDirection, PaymentKind, PaymentState


def with_advance(rows: Any, name: str, wanted: bool) -> Any:
    """Clients' money of which something is left, or the rest."""
    return rows.advances() if wanted else rows.exclude(pk__in=rows.advances().values("pk"))


def in_books(rows: Any, name: str, wanted: bool) -> Any:
    """Clients' money received: what the fact of cash counts."""
    return rows.incoming() if wanted else rows.exclude(pk__in=rows.incoming().values("pk"))


class PaymentFilter(OfClientFilter):
    """Payments by client and those who look after it, account, day, direction, state and sum."""

    state = SeveralFilter(label=_("State"), choices=PaymentState.choices)
    direction = filters.ChoiceFilter(label=_("Direction"), choices=PaymentDirection.choices)
    kind = SeveralFilter(label=_("Kind"), choices=PaymentKind.choices)
    own_account = filters.ModelChoiceFilter(
        label=_("Own account"), queryset=OwnAccount.objects.all()
    )
    paid_from = DayFilter(label=_("Paid from"), field_name="paid_on", lookup_expr="gte")
    paid_to = DayFilter(label=_("Paid to"), field_name="paid_on", lookup_expr="lte")
    amount = AmountFilter(label=_("Amount"))
    advance = filters.BooleanFilter(label=_("With an advance"), method=with_advance)
    receipts = filters.BooleanFilter(label=_("Receipts from clients"), method=in_books)

    class Meta(OfClientFilter.Meta):
        model = Payment
