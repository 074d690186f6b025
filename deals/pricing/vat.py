"""VAT inside and on top of an amount, and the rate of a day (D.16, VAT-1 … VAT-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from crm.money import round_half_up
from deals.models.products import VatRate

HUNDRED = Decimal(100)


def vat_inside(gross: Decimal, percent: Decimal | int | None) -> Decimal:
    """VAT contained in an amount with VAT, half up (VAT-1); None is "without VAT"."""
    if not percent:
        return Decimal("0.00")
    return round_half_up(gross * percent / (HUNDRED + percent))


def vat_on_top(net: Decimal, percent: Decimal | int | None) -> Decimal:
    """VAT added to an amount without VAT, half up (VAT-2)."""
    return round_half_up(net * percent / HUNDRED) if percent else Decimal("0.00")


class RateTable:
    """The rates of all days, read once: a file of lines must not ask for each."""

    def __init__(self, rows: Iterable[VatRate] | None = None) -> None:
        self._rows: dict[str, list[VatRate]] = {}
        for row in VatRate.objects.open().order_by("-valid_from") if rows is None else rows:
            self._rows.setdefault(row.kind, []).append(row)

    def percent(self, kind: str, shipped_on: date) -> Decimal | None:
        """The rate of goods shipped on the day; None without VAT or where no rate holds.

        A return or correction is asked with the day of its original shipment (VAT-4).
        """
        for row in self._rows.get(kind, []):
            if row.valid_from <= shipped_on:
                ended = row.valid_to is not None and row.valid_to <= shipped_on
                return None if ended else row.percent
        return None
