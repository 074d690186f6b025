"""Which terms of payment hold for a client: contract, then credit limit, then category (D.4)."""

from __future__ import annotations

from datetime import date

from clients.models import Client, ClientStatus
from crm.calendar import DayType
from crm.work.registry import setting
from deals.models import Contract, CreditLimit
from deals.terms import PaymentTerms


def terms_of(client: Client, contract: Contract | None, day: date) -> PaymentTerms:
    """Days of deferral for a shipment of the day.

    The contract's own, else those of the credit limit in force, else the category's upper value
    (`category.deferral_to.*`); a client without a category pays at once.
    """
    if contract is not None and contract.deferral_days is not None:
        return PaymentTerms(contract.deferral_days, _type(contract.deferral_day_type))
    limit = CreditLimit.objects.filter(client=client).on(day).first()
    if limit is not None and limit.deferral_days is not None:
        return PaymentTerms(limit.deferral_days, _type(limit.deferral_day_type))
    return PaymentTerms(category_deferral(client.category, client.status))


def category_deferral(category: str | None, status: str) -> int:
    """Calendar days of deferral of the category; 0 without one."""
    key = "trading_hall" if status == ClientStatus.TRADING_HALL else category
    return int(setting(f"category.deferral_to.{key}")) if key else 0


def _type(text: str) -> DayType:
    return "working" if text == "working" else "calendar"
