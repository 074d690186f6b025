"""Of what a retro bonus is counted: documents and money under a contract, without VAT (decision 1).

Goods that come back are taken off the period in which they were sold: a return or a correction that
names its document counts on the day of that document, any other one on its own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, Q, Sum
from django.db.models.functions import Coalesce

from clients.models import Client
from crm.money import round_half_up
from deals.models import (
    Allocation,
    Contract,
    RetroBase,
    RetroBonusAgreement,
    Shipment,
    ShipmentLine,
)
from deals.querysets import RetroAgreementQuerySet
from deals.querysets.shipments import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTS_ON = Coalesce(
    "reverses__original__posted_on", "reverses__posted_on", "original__posted_on", "posted_on"
)


def base_of(agreement: RetroBonusAgreement, first: date, last: date) -> Decimal:
    """Roubles without VAT of the days, both included; socially important food is left out."""
    if agreement.base == RetroBase.PAID_NET:
        return _paid(agreement, first, last)
    return _shipped(agreement, first, last)


def without_contract(agreement: RetroBonusAgreement, first: date, last: date) -> int:
    """How many documents of the client, or of the chain, name no contract."""
    clients = _clients(agreement).values("pk")
    rows = Shipment.objects.filter(client__in=clients, contract=None)
    return rows.counted().in_period(first, last).count()


def counts_nameless(agreement: RetroBonusAgreement) -> bool:
    """Documents without a contract count where the client has no bonus under another contract."""
    return not _under_others(agreement).exists()


def _under_others(agreement: RetroBonusAgreement) -> RetroAgreementQuerySet:
    others = RetroBonusAgreement.objects.was_in_force().filter(client=agreement.client_id)
    return others.exclude(contract=agreement.contract_id)


def _clients(agreement: RetroBonusAgreement) -> Any:
    """The client, and of a chain its members."""
    return Client.objects.filter(Q(pk=agreement.client_id) | Q(parent=agreement.client_id))


def _of_agreement(agreement: RetroBonusAgreement, path: str = "") -> Q:
    """Under the contract or its addenda; those that name none, where nobody else counts them.

    The keys are read first, so that each side of the OR is found by its index.
    """
    addenda = Contract.objects.filter(parent=agreement.contract_id).values_list("pk", flat=True)
    condition = Q(**{f"{path}contract__in": [agreement.contract_id, *addenda]})
    nobody_else = _clients(agreement).exclude(Exists(_under_others(agreement)))
    clients = list(nobody_else.values_list("pk", flat=True))
    return condition | Q(**{f"{path}contract": None, f"{path}client__in": clients})


def _shipped(agreement: RetroBonusAgreement, first: date, last: date) -> Decimal:
    rows = Shipment.objects.filter(_of_agreement(agreement)).counted().order_by()
    rows = rows.annotate(counts_on=COUNTS_ON).filter(
        posted_on__gte=first, counts_on__range=(first, last)
    )
    net = rows.aggregate(net=Coalesce(Sum(F("amount") - F("vat_amount")), ZERO))["net"]
    excluded: Decimal = _important(rows.values("pk")) if agreement.is_food else Decimal(0)
    return round_half_up(net - excluded)


def _important(shipments: Any) -> Decimal:
    """Socially important goods of the documents, roubles without VAT."""
    lines = ShipmentLine.objects.filter(shipment__in=shipments, product__is_socially_important=True)
    found: Decimal = lines.order_by().aggregate(
        net=Coalesce(Sum(F("amount") - F("vat_amount")), ZERO)
    )["net"]
    return found


def _paid(agreement: RetroBonusAgreement, first: date, last: date) -> Decimal:
    """What money of the days settled of the invoices, each without its share of VAT."""
    rows = Allocation.objects.of_money(first, last).filter(invoice__amount__gt=0)
    rows = rows.filter(_of_agreement(agreement, "invoice__"))
    fields = ("amount", "invoice__amount", "invoice__vat_amount", "invoice__shipment")
    found = list(rows.order_by().values_list(*fields))
    excluded = _excluded_of(agreement, {shipment for *_others, shipment in found if shipment})
    total = Decimal(0)
    for paid, amount, vat, shipment in found:
        net = max(amount - vat - excluded.get(shipment, Decimal(0)), Decimal(0))
        total += paid * net / amount
    return round_half_up(total)


def _excluded_of(
    agreement: RetroBonusAgreement, shipments: Iterable[int]
) -> dict[int | None, Decimal]:
    """Socially important goods of each document, where they count for nothing."""
    if not agreement.is_food:
        return {}
    lines = ShipmentLine.objects.filter(
        shipment__in=list(shipments), product__is_socially_important=True
    )
    sums = lines.order_by().values("shipment").annotate(net=Sum(F("amount") - F("vat_amount")))
    return dict(sums.values_list("shipment", "net"))
