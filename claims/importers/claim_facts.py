"""A claim as a row of a file tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from crm.imports import values
from crm.imports.reading import header_key
from crm.money import round_half_up
from crm.said import gettext as _
from deals.importers.days import DayReader
from deals.importers.numbers import number
from deals.importers.parties import Party, read_party

Row = dict[str, str]
MOST = Decimal(10) ** 13


@dataclass(slots=True)
class ClaimFacts:
    """A claim with its only line that may be imported; sums are roubles with VAT."""

    number: str
    external_id: str
    registered_on: date
    sold_on: date | None
    sale: str
    party: Party
    reason: str
    sku: str
    product: str
    group: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    note: str

    @property
    def is_doubtful(self) -> bool:
        """It came before the sale that it complains of."""
        return self.sold_on is not None and self.registered_on < self.sold_on

    @property
    def has_goods(self) -> bool:
        """Whether the file names what is complained of."""
        return bool(self.sku or self.product)

    @property
    def shown_goods(self) -> str:
        """How the file calls them."""
        return self.product or self.sku


def read_claim(row: Row, days: DayReader) -> ClaimFacts:
    """The claim of a row; raises ValidationError for one that cannot be imported."""
    for name, reason in (
        ("number", _("There is no number.")),
        ("day", _("There is no date.")),
        ("reason", _("There is no reason.")),
    ):
        if name not in row:
            raise ValidationError(reason)
    quantity, price, amount = _sums(row)
    name, sku = values.text(row["number"], 100), row.get("sku", "")[:100]
    registered_on = days.read(row["day"])
    return ClaimFacts(
        number=name,
        external_id=row.get("external_id", f"{name}|{sku}|{registered_on}")[:200],
        registered_on=registered_on,
        sold_on=days.read(row["sold_on"]) if "sold_on" in row else None,
        sale=row.get("sale", "")[:100],
        party=read_party(row),
        reason=" ".join(values.text(row["reason"], 100).split()),
        sku=sku,
        product=row.get("product", "")[:500],
        group=row.get("group", "")[:200],
        quantity=quantity,
        price=price,
        amount=amount,
        note=values.text(row["note"], 4000) if "note" in row else "",
    )


def _sums(row: Row) -> tuple[Decimal, Decimal, Decimal]:
    """Quantity, price and amount; programs write returns with either sign."""
    quantity = abs(number(row["quantity"])) if "quantity" in row else Decimal(1)
    if "price" in row:
        price = abs(number(row["price"]))
        amount = abs(number(row["amount"])) if "amount" in row else quantity * price
    elif "amount" in row:
        amount = abs(number(row["amount"]))
        price = amount / quantity if quantity else amount
    else:
        raise ValidationError(_("There is neither an amount nor a price."))
    if not quantity:
        raise ValidationError(_("Nothing is complained of: the quantity is zero."))
    if max(amount, price, quantity * 100) >= MOST:
        raise ValidationError(_("The amount is too large."))
    return quantity, round_half_up(price), round_half_up(amount)


def reason_key(text: str) -> str:
    """Reasons are the same without case, punctuation and gaps."""
    return header_key(text)
