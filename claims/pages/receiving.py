"""What the delivery sees of one return: goods and days, never a sum (C.9)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from claims import permissions
from claims.models import Return, ReturnLine
from crm.accounts.models import User


@dataclass(frozen=True)
class ReceivingPage:
    """One return for one person of the delivery."""

    back: Return
    user: User

    @cached_property
    def lines(self) -> list[ReturnLine]:
        """Goods with quantities; the columns of money are not read."""
        rows = self.back.lines.select_related("product").order_by("position")
        of_line = ("return_request", "position", "name", "quantity", "accepted_quantity")
        return list(rows.only(*of_line, "product__sku", "product__unit", "product__name"))

    @property
    def may_receive(self) -> bool:
        return permissions.can_receive_return(self.user, self.back)

    @property
    def may_accept(self) -> bool:
        return permissions.can_accept_return(self.user, self.back)
