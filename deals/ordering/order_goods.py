"""Lines of an order: prices of the list of the day, discounts, VAT (DL-02, DL-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.money import format_money, round_half_up
from deals.actions.documents import rate_of_day
from deals.models import PriceListLine, Product, Proposal, ProposalLine
from deals.pricing.producer_bounds import Bounds, Floor, net_price
from deals.pricing.vat import RateTable, vat_inside

HUNDRED = Decimal(100)
LARGEST_SUM = Decimal("9999999999999.99")  # what the columns of sums hold


@dataclass(frozen=True)
class Goods:
    """What a line asks for; without a price that of the list is taken."""

    product: Product
    quantity: Decimal
    price: Decimal | None = None
    discount_pct: Decimal = Decimal(0)


@dataclass(frozen=True)
class Problem:
    """Why a line is refused: its place from 0, the field, a sentence."""

    place: int
    field: str
    text: str


def deviation_of(net: Decimal, lowest: Decimal | None) -> Decimal:
    """Percent below the lowest price, in hundredths; up, so that no limit is met by rounding."""
    if not lowest or net >= lowest:
        return Decimal(0)
    return ((lowest - net) * HUNDRED / lowest).quantize(Decimal("0.01"), ROUND_UP)


def after_retro(net: Decimal, retro_pct: Decimal) -> Decimal:
    """What is left of a price when the retro bonus has been given (S3.3.1.15); not rounded."""
    return net * (HUNDRED - retro_pct) / HUNDRED


def agreed_with(proposal: Proposal | None) -> dict[int, ProposalLine]:
    """What the client has accepted, by product: an order may repeat it at the same price."""
    return {} if proposal is None else {line.product_id: line for line in proposal.lines.all()}


class PriceCheck:
    """Prices of one kind on one day, read once for all lines.

    `agreed` are lines of an accepted proposal, which may stand below the list; with
    `lowest_holds` false prices below the lowest are for others to decide. A retro bonus promised
    with them lowers what they really are.
    """

    def __init__(
        self,
        goods: Sequence[Goods],
        kind: str,
        day: date,
        *,
        agreed: Mapping[int, ProposalLine] | None = None,
        lowest_holds: bool = True,
        retro_pct: Decimal = Decimal(0),
    ) -> None:
        ids = {row.product.pk for row in goods}
        self.known: dict[int, PriceListLine] = PriceListLine.objects.by_product(ids, kind, day)
        self.bounds = Bounds([row.product for row in goods], day)
        self.goods, self.day = goods, day
        self.agreed, self.lowest_holds = agreed or {}, lowest_holds
        self.retro_pct = retro_pct

    def problems(self) -> list[Problem]:
        """What the list of the day does not allow, one for a line at most."""
        found = (self._problem(place, row) for place, row in enumerate(self.goods))
        return [problem for problem in found if problem is not None]

    def _problem(self, place: int, row: Goods) -> Problem | None:
        listed = self.known.get(row.product.pk)
        if row.product.archived_at is not None:
            return Problem(place, "product", _("This product is discontinued."))
        if self._is_agreed(row):
            return None
        if listed is None:
            missing = _("The price list of the day has no such product: type the price.")
            if row.price is None:
                return Problem(place, "price", missing)
        elif row.price is not None and row.price != listed.price:
            text = _("By the price list of the day it is %(price)s; a lower one is a discount.")
            return Problem(place, "price", text % {"price": format_money(listed.price)})
        return self._below(place, row) if self.lowest_holds else None

    def _below(self, place: int, row: Goods) -> Problem | None:
        """Below the lowest price of the list, or below what an agreement binds us to."""
        floor = self.floor(row)
        if not self._deviation(row):
            return None
        field = "discount_pct" if row.discount_pct else "price"
        if floor.agreement is None:
            text = _("With this discount it is below the lowest price, %(price)s.")
            return Problem(place, field, text % {"price": floor.shown})
        text = _(
            "The agreement with %(agreement)s binds us to %(price)s at least;"
            " a lower price is offered by a proposal and approved."
        )
        return Problem(place, field, text % {"agreement": floor.agreement, "price": floor.shown})

    def _is_agreed(self, row: Goods) -> bool:
        """Offered and accepted: this price or more, for this quantity or less."""
        line = self.agreed.get(row.product.pk)
        if line is None or row.price != line.price or row.discount_pct > line.discount_pct:
            return False
        same = (one.quantity for one in self.goods if one.product.pk == row.product.pk)
        return sum(same) <= line.quantity

    @property
    def deviation(self) -> Decimal:
        """The greatest percent below the lowest price among the lines."""
        return max((self._deviation(row) for row in self.goods), default=Decimal(0))

    def _deviation(self, row: Goods) -> Decimal:
        net = net_price(self._price(row), row.discount_pct)
        return deviation_of(after_retro(net, self.retro_pct), self.floor(row).price)

    def floor(self, row: Goods) -> Floor:
        """Below what the goods are not sold on the day, and whose bound it is."""
        listed = self.known.get(row.product.pk)
        lowest = listed.min_price if listed else None
        return self.bounds.floor(row.product, self._price(row), lowest)

    @property
    def total(self) -> Decimal:
        """Roubles of all lines with VAT."""
        amounts = (
            round_half_up(row.quantity * net_price(self._price(row), row.discount_pct))
            for row in self.goods
        )
        return sum(amounts, Decimal(0))

    def _price(self, row: Goods) -> Decimal:
        listed = self.known.get(row.product.pk)
        return row.price if row.price is not None else listed.price if listed else Decimal(0)

    def lines(self) -> list[dict[str, Any]]:
        """Values of the lines with their sums; VAT at the rate of the day, inside the amount."""
        rates, made = RateTable(), []
        for position, row in enumerate(self.goods, start=1):
            price = self._price(row)
            net = net_price(price, row.discount_pct)
            amount = round_half_up(row.quantity * net)
            percent = rate_of_day(rates, row.product.vat_kind, self.day)
            made.append(
                {
                    "position": position,
                    "product": row.product,
                    "quantity": row.quantity,
                    "price": price,
                    "discount_pct": row.discount_pct,
                    "net_price": net,
                    "amount": amount,
                    "vat_percent": percent,
                    "vat_amount": vat_inside(amount, percent),
                }
            )
        return made
