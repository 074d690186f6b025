"""VAT as CommerceML writes it: «20», «НДС20», «20/120», «Без налога»."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from crm.money import round_half_up
from deals.importers.commerceml.content import Goods
from deals.models import VatKind
from deals.pricing.vat import RateTable, vat_inside, vat_on_top

WITHOUT = frozenset({"без налога", "без ндс", "без налога (ндс)", "не облагается"})
REDUCED = Decimal(10)
_RATE = re.compile(r"(?:ндс)?\s*([0-9]{1,2})(?:[.,]0+)?\s*%?(?:\s*/\s*1[0-9]{2})?")


class Rate(NamedTuple):
    """A rate that was understood; `percent` is None without VAT."""

    percent: Decimal | None


class Taxed(NamedTuple):
    """A line with VAT in its amount."""

    amount: Decimal
    percent: Decimal | None
    vat: Decimal


def read_rate(text: str) -> Rate | None:
    """The rate that the words mean; None when they say nothing."""
    words = text.casefold().strip()
    if words in WITHOUT:
        return Rate(None)
    found = _RATE.fullmatch(words)
    return Rate(Decimal(found[1])) if found else None


def kind_of(text: str) -> str:
    """Which kind of rate goods are sold at; empty when the file does not say."""
    rate = read_rate(text)
    if rate is None:
        return ""
    if rate.percent is None:
        return VatKind.NONE
    if rate.percent == 0:
        return VatKind.ZERO
    return VatKind.REDUCED if rate.percent == REDUCED else VatKind.STANDARD


def taxed(line: Goods, *, kind: str, day: date, rates: RateTable) -> Taxed:
    """Amount with VAT, rate and VAT of a line; the rate of the day where the line names none."""
    tax = line.tax
    named = read_rate(tax.rate) if tax else None
    percent = named.percent if named else rates.percent(kind, day)
    amount = round_half_up(line.amount)
    if percent is None:
        return Taxed(amount, None, Decimal("0.00"))
    own = round_half_up(tax.amount) if tax and tax.amount is not None else None
    if tax and not tax.inside:
        own = vat_on_top(amount, percent) if own is None else own
        amount += own
    return Taxed(amount, percent, vat_inside(amount, percent) if own is None else own)
