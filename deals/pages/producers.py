"""What the page of a price agreement with a producer shows; every part is read when shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from crm.accounts.models import User
from deals import permissions
from deals.lists.producers import NEAR, state_chip
from deals.models import PriceKind, PriceListLine, ProducerAgreementLine, ProducerPriceAgreement
from deals.pricing.producer_bounds import lowest_by


@dataclass(frozen=True)
class LineShown:
    """A line, with our price of the product today beside it."""

    line: ProducerAgreementLine
    listed: PriceListLine | None

    @property
    def bound(self) -> Decimal | None:
        """The lowest price by it; of a group it depends on each price."""
        if self.line.product_id is None:
            return None
        price = self.listed.price if self.listed else None
        needs_price = self.line.recommended_price is None and self.line.lowest_price is None
        if price is None and needs_price:
            return None
        return lowest_by(self.line, price or Decimal(0))

    @property
    def is_below(self) -> bool:
        """Our own list is below it: every sale of the product has to be approved."""
        return bool(self.listed and self.bound and self.listed.price < self.bound)


@dataclass(frozen=True)
class AgreementPage:
    """One visible agreement for one person."""

    agreement: ProducerPriceAgreement
    user: User
    today: date

    @cached_property
    def lines(self) -> list[LineShown]:
        rows = list(self.agreement.lines.for_page())
        ids = {row.product_id for row in rows if row.product_id is not None}
        listed: dict[int, PriceListLine] = {}
        if permissions.can_see_prices(self.user) or self.may_keep:
            listed = PriceListLine.objects.by_product(ids, PriceKind.BASE, self.today)
        return [LineShown(row, listed.get(row.product_id or 0)) for row in rows]

    @cached_property
    def below_count(self) -> int:
        """Products whose base price is below what the agreement in force binds us to."""
        if not self.agreement.holds_on(self.today):
            return 0
        return sum(row.is_below for row in self.lines)

    @property
    def chip(self) -> str:
        return state_chip(self.agreement)

    @property
    def days_left(self) -> int | None:
        """Where the end is near: the days that are left."""
        if not self.agreement.ends_within(self.today, NEAR) or self.agreement.valid_to is None:
            return None
        return (self.agreement.valid_to - self.today).days

    @property
    def is_over(self) -> bool:
        return self.agreement.archived_at is None and self.agreement.is_over(self.today)

    @property
    def may_keep(self) -> bool:
        return permissions.can_keep_producers(self.user)
