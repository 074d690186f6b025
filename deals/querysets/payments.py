"""Reads of payments, statements and allocations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest, Least

from clients.querysets import scope_condition
from crm.accounts.scope import scope_of
from deals.querysets.base import OfClientQuerySet
from deals.querysets.shipments import ZERO

if TYPE_CHECKING:
    from crm.accounts.models import User


KNOWN = ("matched", "allocated")
UNSPENT = Q(free_amount__gt=0, kind="customer", state__in=KNOWN)
REFUNDED = Q(kind="refund", direction="out", state__in=KNOWN)


class PaymentQuerySet(OfClientQuerySet):
    """Reads of payments."""

    def incoming(self) -> Self:
        """Clients' money that stands in the books: the fact of cash."""
        books = self.filter(direction="in", kind="customer")
        return books.exclude(state__in=["reversed", "ignored"])

    def unmatched(self) -> Self:
        """Incoming money whose client is not known yet."""
        return self.filter(state="unmatched", direction="in", kind="customer")

    def unspent(self) -> Self:
        """Clients' money that pays no invoice, whether or not it was given back since."""
        return self.filter(UNSPENT)

    def with_left(self) -> Self:
        """With `left`: what is left of each payment, free of invoices and not given back.

        Money given back is first that of returned goods, then the client's earliest free money:
        what is left of all its payments is its advance in the ageing without free returns.
        """
        back, unspent = self._beside(REFUNDED), self._beside(UNSPENT)
        goods = apps.get_model("deals", "Shipment").objects.filter(client=OuterRef("client"))
        returned = goods.counted().credits().order_by()
        given = _sum(back, F("amount")) - _sum(returned, -F("amount") - F("applied_amount"))
        earlier = Q(paid_on__lt=OuterRef("paid_on"))
        earlier |= Q(paid_on=OuterRef("paid_on"), pk__lte=OuterRef("pk"))
        kept = _sum(unspent.filter(earlier), F("free_amount")) - Greatest(given, ZERO)
        partly = Least(F("free_amount"), Greatest(kept, ZERO))
        out, refunded = When(direction="out", then=ZERO), When(UNSPENT & Exists(back), then=partly)
        return self.annotate(left=Case(out, refunded, default=F("free_amount")))

    def advances(self) -> Self:
        """Clients' money that pays no invoice yet and was not given back, with `left`."""
        return self.unspent().with_left().filter(left__gt=0)

    def refunds(self) -> Self:
        """Money given back to clients."""
        return self.filter(REFUNDED)

    def spare(self) -> Self:
        """Advances and refunds with `spare`: what they add to, or take from, a client's advance."""
        back = When(kind="refund", then=-F("amount"))
        return self.filter(UNSPENT | REFUNDED).annotate(spare=Case(back, default=F("free_amount")))

    def _beside(self, condition: Q) -> Any:
        """Payments of the same client, for a subquery."""
        return self.model.objects.filter(condition, client=OuterRef("client")).order_by()

    def in_period(self, first: date, last: date) -> Self:
        """On the account from the first to the last day, both included."""
        return self.filter(paid_on__gte=first, paid_on__lte=last)

    def for_list(self) -> Self:
        """With the names that the register shows."""
        return self.select_related("client", "own_account").with_left()


def _sum(rows: Any, value: Any) -> Coalesce:
    """The sum over rows of the outer row's client, roubles."""
    summed = rows.values("client").annotate(total=Sum(value)).values("total")
    return Coalesce(Subquery(summed), ZERO)


class OfCompanyQuerySet(models.QuerySet[Any]):
    """Rows about the company's own money: for the accounting and those who see all clients."""

    def visible_to(self, user: User) -> Self:
        """Heads and managers see payments of their clients instead."""
        from deals.permissions import can_see_statements  # it knows the models

        return self if can_see_statements(user) else self.none()


class OwnAccountQuerySet(OfCompanyQuerySet):
    """Reads of our accounts."""

    def open(self) -> Self:
        """Still used."""
        return self.filter(closed_on=None)

    def for_list(self) -> Self:
        """Used ones first, with the last day that a statement covers."""
        rows = self.annotate(covered_to=Max("statements__date_to"))
        return rows.order_by(F("closed_on").asc(nulls_first=True), "account")


class StatementQuerySet(OfCompanyQuerySet):
    """Reads of bank statements."""

    def for_list(self) -> Self:
        """With the account."""
        return self.select_related("own_account")


class AllocationQuerySet(models.QuerySet[Any]):
    """Reads of allocations."""

    def visible_to(self, user: User) -> Self:
        """Of invoices of visible clients."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "invoice__client__")
        return self if condition is None else self.filter(condition)

    def until(self, day: date) -> Self:
        """What counted at the end of the day."""
        return self.filter(Q(on_day__lte=day))

    def after(self, day: date) -> Self:
        """What counts from a later day only."""
        return self.filter(on_day__gt=day)

    def of_money(self, first: date, last: date) -> Self:
        """What payments settled from the first to the last day, both included."""
        return self.filter(payment__isnull=False, on_day__gte=first, on_day__lte=last)

    def advances_on(self, day: date) -> Self:
        """What had come by the end of the day and pays invoices of a later day."""
        return self.until(day).filter(advance_until__gt=day)
