"""Whether an order may be confirmed: limit, overdue, stops, prepayment (CRED-1, C.5 no. 12).

A prepaid order is checked only as far as the client's money does not cover it: what was paid on
its pre-payment invoice, and advances that no other prepaid order counts on. What is not covered is
a reason of its own, and the limit and the overdue are asked about that part alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import Role
from crm.approvals.limits import rank, signer_of
from crm.money import format_money, format_percent
from deals.conditions.signature_limits import ORDER_RELEASE
from deals.models import Invoice, Order, OrderHold, Payment, Shipment, StopReason, StopShipping
from deals.ordering.order_prices import FilePrices, file_prices
from deals.receivables.debts import ShipCheck, can_ship

NOTHING = Decimal("0.00")
HUNDRED = Decimal(100)
BEYOND = Decimal(1_000_000)  # per cent
_OF_CREDIT = {StopReason.LIMIT.value, StopReason.OVERDUE.value}


@dataclass(frozen=True)
class OrderCheck:
    """What speaks against an order now, with the figures."""

    ship: ShipCheck
    cover: Decimal
    uncovered: Decimal
    is_prepaid: bool
    prices: FilePrices = field(default_factory=FilePrices)

    @property
    def reasons(self) -> list[str]:
        """Why the order would wait; empty where it may be confirmed."""
        wrong = [OrderHold.PRICE.value] if self.prices.is_wrong else []
        return [*wrong, *self._money_reasons]

    @property
    def _money_reasons(self) -> list[str]:
        reasons = list(self.ship.reasons)
        if not self.is_prepaid:
            return reasons
        if self.uncovered == 0:
            return [reason for reason in reasons if reason not in _OF_CREDIT]
        return [OrderHold.PREPAYMENT.value, *reasons]

    @cached_property
    def needs_director(self) -> bool:
        """Above what the matrices of limits leave to the department head."""
        if self.prices.is_wrong and self.prices.needs_director:
            return True
        signer = signer_of(
            ORDER_RELEASE, excess=self.excess_percent, overdue=self.ship.overdue_days
        )
        return signer is None or rank(signer.role) > rank(Role.DEPARTMENT_HEAD)

    @property
    def excess_percent(self) -> Decimal:
        """How far the order is above the limit; above no limit at all it is beyond every share."""
        exposure = self.ship.exposure
        if exposure.over_limit_by == 0:
            return NOTHING
        return exposure.over_limit_by * HUNDRED / exposure.limit if exposure.limit else BEYOND

    def words(self) -> list[str]:
        """The reasons as sentences with figures."""
        return [self._sentence(reason) for reason in self.reasons]

    def _sentence(self, reason: str) -> str:
        exposure = self.ship.exposure
        if reason == OrderHold.LIMIT:
            text = _(
                "With this order the client owes %(exposure)s: over the limit of %(limit)s by"
                " %(over)s."
            )
            return text % {
                "exposure": format_money(exposure.exposure),
                "limit": format_money(exposure.limit or NOTHING),
                "over": format_money(exposure.over_limit_by),
            }
        if reason == OrderHold.OVERDUE:
            text = _("The oldest debt is overdue for %(days)s d., the category allows %(grace)s d.")
            return text % {"days": self.ship.overdue_days, "grace": self.ship.grace}
        if reason == OrderHold.PREPAYMENT:
            text = _("Not paid in advance yet: %(rest)s; covered %(cover)s.")
            return text % {
                "rest": format_money(self.uncovered),
                "cover": format_money(self.cover),
            }
        if reason == OrderHold.PRICE:
            return self._price_sentence()
        if reason == OrderHold.DOCUMENTS:
            return _("Shipping is stopped: documents of the client are missing.")
        return _("Shipping to the client is stopped by decision.")

    def _price_sentence(self) -> str:
        if self.prices.agreement is None:
            return self._list_sentence()
        text = _(
            "A price of the file is %(below)s below what the agreement with %(agreement)s"
            " binds us to."
        )
        below = format_percent(self.prices.deviation)
        bound = text % {"below": below, "agreement": self.prices.agreement}
        return f"{bound} {self._list_sentence()}" if self.prices.discount else bound

    def _list_sentence(self) -> str:
        if not self.prices.discount:
            text = _("A price of the file is below the lowest one by %(below)s.")
            return text % {"below": format_percent(self.prices.deviation)}
        text = _(
            "A price of the file is %(discount)s below the list, the manager may give %(allowed)s"
            " (below the lowest price by %(below)s)."
        )
        return text % {
            "discount": format_percent(self.prices.discount),
            "allowed": format_percent(self.prices.allowed),
            "below": format_percent(self.prices.deviation),
        }


def check_order(order: Order, client: Client, today: date) -> OrderCheck:
    """The check of an order that takes no limit yet; the caller holds the client's lock to act."""
    cover = cover_of(order) if order.is_prepaid else NOTHING
    uncovered = order.total - cover
    ship = can_ship(client, today, uncovered)
    return OrderCheck(ship, cover, uncovered, order.is_prepaid, file_prices(order, client))


def stopped_by_director(client_id: int) -> bool:
    """A stop that a director set binds everybody but directors."""
    rows = StopShipping.objects.filter(client=client_id).standing().filter(set_by__role="director")
    return rows.exists()


def cover_of(order: Order) -> Decimal:
    """Roubles of the client's money behind a prepaid order, at most its total."""
    own = _prepaid([order.pk]).get(order.pk, NOTHING)
    free = max(NOTHING, advance_of(order.client_id) - _counted_on(order))
    return min(order.total, own + free)


def advance_of(client_id: int) -> Decimal:
    """The client's money and returns that pay nothing yet, without what was given back."""
    money = Payment.objects.filter(client=client_id).spare().order_by()
    goods = Shipment.objects.filter(client=client_id).counted().credits().order_by()
    free = money.aggregate(s=Sum("spare"))["s"] or NOTHING
    credit = goods.aggregate(s=Sum(-F("amount") - F("applied_amount")))["s"] or NOTHING
    return Decimal(free + credit)


def _counted_on(order: Order) -> Decimal:
    """What other prepaid orders of the client count on, beyond their own invoices."""
    rows = Order.objects.filter(client=order.client_id, is_prepaid=True).reserving()
    others = list(rows.exclude(pk=order.pk))
    paid = _prepaid([other.pk for other in others])
    counted = (
        other.cover_amount - other.shipped_amount - paid.get(other.pk, NOTHING) for other in others
    )
    return sum((max(NOTHING, amount) for amount in counted), NOTHING)


def _prepaid(order_ids: Collection[int]) -> dict[int, Decimal]:
    """What stands on the pre-payment invoices of the orders."""
    rows = Invoice.objects.filter(order__in=order_ids).order_by()
    return dict(rows.values("order").annotate(s=Sum("paid_amount")).values_list("order", "s"))
