"""Which terms of payment hold for a client: contract, approval, credit limit, category (D.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from clients.models import Client, ClientStatus
from crm.calendar import DayType
from crm.work.registry import setting
from deals.conditions.terms import PaymentTerms, due_date
from deals.models import Contract, CreditLimit, TermsKind, TermsRequest


def terms_of(client: Client, contract: Contract | None, day: date) -> PaymentTerms:
    """Days of deferral for a shipment of the day.

    The contract's own, else the deferral approved for the day, else that of the credit limit in
    force, else the category's upper value (`category.deferral_to.*`); a client without a category
    pays at once.
    """
    if contract is not None and contract.deferral_days is not None:
        return PaymentTerms(contract.deferral_days, _type(contract.deferral_day_type))
    approved = TermsRequest.objects.in_force(client.pk, TermsKind.DEFERRAL, day)
    if approved is not None:
        return PaymentTerms(int(approved))
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


class TermsTable:
    """`terms_of` and due days for many documents: limits and categories are read once."""

    def __init__(self) -> None:
        self._by_category: dict[tuple[str | None, str], PaymentTerms] = {}
        self._categories: dict[int, PaymentTerms] = {}
        self._limits: dict[int, list[tuple[date, date | None, PaymentTerms]]] = defaultdict(list)
        self._approved: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
        self._contracts: dict[int, PaymentTerms | None] = {}
        self._due: dict[tuple[date, PaymentTerms], date] = {}

    def load(self, client_ids: Collection[int], contract_ids: Collection[int] = ()) -> None:
        """Read what holds for these clients and contracts, unless it is known already."""
        fresh = set(client_ids) - self._categories.keys()
        if fresh:
            clients = Client.objects.filter(pk__in=fresh)
            for pk, category, status in clients.values_list("pk", "category", "status"):
                self._categories[pk] = self._of_category(category, status)
            for limit in CreditLimit.objects.filter(client__in=fresh, deferral_days__isnull=False):
                terms = PaymentTerms(limit.deferral_days or 0, _type(limit.deferral_day_type))
                self._limits[limit.client_id].append((limit.valid_from, limit.valid_to, terms))
            self._load_approved(fresh)
        contracts = Contract.objects.filter(pk__in=set(contract_ids) - self._contracts.keys())
        for contract in contracts:
            days = contract.deferral_days
            terms_or_none = (
                None if days is None else PaymentTerms(days, _type(contract.deferral_day_type))
            )
            self._contracts[contract.pk] = terms_or_none

    def _load_approved(self, client_ids: Collection[int]) -> None:
        rows = TermsRequest.objects.approved().filter(kind=TermsKind.DEFERRAL)
        rows = rows.filter(client__in=client_ids)
        for client_id, *period, days in rows.values_list(
            "client", "valid_from", "valid_to", "value"
        ):
            self._approved[client_id].append((*period, int(days)))

    def _of_category(self, category: str | None, status: str) -> PaymentTerms:
        key = (category, status)
        if key not in self._by_category:
            self._by_category[key] = PaymentTerms(category_deferral(category, status))
        return self._by_category[key]

    def terms(self, client_id: int, contract_id: int | None, day: date) -> PaymentTerms:
        """What `terms_of` would say; the client and the contract were loaded."""
        own = self._contracts.get(contract_id) if contract_id else None
        if own is not None:
            return own
        approved = self._approved.get(client_id, ())
        days = [days for first, last, days in approved if first <= day <= last]
        if days:
            return PaymentTerms(max(days))
        for valid_from, valid_to, terms in self._limits.get(client_id, ()):
            if valid_from <= day and (valid_to is None or valid_to > day):
                return terms
        return self._categories[client_id]

    def due_on(self, client_id: int, contract_id: int | None, day: date) -> date:
        """The last day of payment in time for a shipment of the day."""
        key = (day, self.terms(client_id, contract_id, day))
        found = self._due.get(key)
        if found is None:
            found = self._due[key] = due_date(*key)
        return found
