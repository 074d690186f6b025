"""Reads of documents and money; every one that a person causes starts with `visible_to`."""

from deals.querysets.abc import AbcResultQuerySet, AbcRunQuerySet
from deals.querysets.base import OfClientQuerySet
from deals.querysets.contracts import (
    ContractQuerySet,
    ContractTemplateQuerySet,
    ObligationQuerySet,
    OfContractQuerySet,
    PowerOfAttorneyQuerySet,
)
from deals.querysets.credit import StopShippingQuerySet
from deals.querysets.deliveries import DeliveryScheduleQuerySet
from deals.querysets.exceptions import PolicyExceptionQuerySet
from deals.querysets.exchange import ExchangeFileQuerySet, ExchangeTokenQuerySet
from deals.querysets.invoices import InvoiceQuerySet
from deals.querysets.orders import OrderLineQuerySet, OrderQuerySet
from deals.querysets.packages import ShipmentDocumentQuerySet
from deals.querysets.payments import (
    AllocationQuerySet,
    OwnAccountQuerySet,
    PaymentQuerySet,
    StatementQuerySet,
)
from deals.querysets.price_changes import PriceChangeNoticeQuerySet, PriceChangeQuerySet
from deals.querysets.prices import PriceListLineQuerySet, PriceListQuerySet
from deals.querysets.pricing_policy import PricingPolicyQuerySet
from deals.querysets.producers import AgreementLineQuerySet, ProducerAgreementQuerySet
from deals.querysets.products import ProductQuerySet, VatRateQuerySet
from deals.querysets.promos import PromoQuerySet
from deals.querysets.reconciliations import (
    ActBatchQuerySet,
    ActLineQuerySet,
    ActLinkQuerySet,
    ClientStatementQuerySet,
    DiscrepancyQuerySet,
    ReconciliationActQuerySet,
    ReconciliationItemQuerySet,
    ReconciliationScheduleQuerySet,
)
from deals.querysets.retro import RetroAccrualQuerySet, RetroAgreementQuerySet
from deals.querysets.schemes import SchemeQuerySet
from deals.querysets.shipments import ShipmentQuerySet
from deals.querysets.terms_requests import TermsRequestQuerySet

__all__ = [
    "AbcResultQuerySet",
    "AbcRunQuerySet",
    "ActBatchQuerySet",
    "ActLineQuerySet",
    "ActLinkQuerySet",
    "AgreementLineQuerySet",
    "AllocationQuerySet",
    "ClientStatementQuerySet",
    "ContractQuerySet",
    "ContractTemplateQuerySet",
    "DeliveryScheduleQuerySet",
    "DiscrepancyQuerySet",
    "ExchangeFileQuerySet",
    "ExchangeTokenQuerySet",
    "InvoiceQuerySet",
    "ObligationQuerySet",
    "OfClientQuerySet",
    "OfContractQuerySet",
    "OrderLineQuerySet",
    "OrderQuerySet",
    "OwnAccountQuerySet",
    "PaymentQuerySet",
    "PolicyExceptionQuerySet",
    "PowerOfAttorneyQuerySet",
    "PriceChangeNoticeQuerySet",
    "PriceChangeQuerySet",
    "PriceListLineQuerySet",
    "PriceListQuerySet",
    "PricingPolicyQuerySet",
    "ProducerAgreementQuerySet",
    "ProductQuerySet",
    "PromoQuerySet",
    "ReconciliationActQuerySet",
    "ReconciliationItemQuerySet",
    "ReconciliationScheduleQuerySet",
    "RetroAccrualQuerySet",
    "RetroAgreementQuerySet",
    "SchemeQuerySet",
    "ShipmentDocumentQuerySet",
    "ShipmentQuerySet",
    "StatementQuerySet",
    "StopShippingQuerySet",
    "TermsRequestQuerySet",
    "VatRateQuerySet",
]
