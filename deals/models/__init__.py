"""Tables of documents and money, one module per noun."""

from deals.models.abc import AbcResult, AbcRun
from deals.models.contract_parts import (
    ContractHandUp,
    ContractObligation,
    ContractTemplate,
    Disagreement,
    DisagreementState,
    ObligationKind,
    PowerOfAttorney,
)
from deals.models.contracts import (
    CONTRACT_MOVES,
    IN_NEGOTIATION,
    Contract,
    ContractKind,
    ContractState,
    DayType,
)
from deals.models.credit import CreditLimit, FollowUp, FollowUpStep, StopReason, StopShipping
from deals.models.deliveries import DELIVERY_MOVES, DeliverySchedule, DeliveryState
from deals.models.dossier import ClientDocument, ClientDocumentKind
from deals.models.exceptions import ExceptionKind, PolicyException
from deals.models.exchange import ExchangeFile, ExchangeToken, WrongKey
from deals.models.invoices import Invoice, InvoiceKind, InvoiceState
from deals.models.limits import LIMIT_REQUEST_MOVES, LimitRequest, LimitRequestState
from deals.models.orders import (
    ORDER_MOVES,
    RESERVING,
    Order,
    OrderHold,
    OrderKind,
    OrderLine,
    OrderState,
)
from deals.models.packages import ShipmentDocument, ShipmentDocumentKind
from deals.models.payers import PayerAccount
from deals.models.payments import (
    PAYMENT_MOVES,
    Allocation,
    AllocationKind,
    MatchedBy,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
)
from deals.models.price_changes import (
    PRICE_CHANGE_MOVES,
    PRICE_NOTICE_BACK,
    PRICE_NOTICE_MOVES,
    PriceChange,
    PriceChangeNotice,
    PriceChangeState,
    PriceNoticeChannel,
    PriceNoticeState,
)
from deals.models.prices import (
    PRICE_LIST_MOVES,
    PriceKind,
    PriceList,
    PriceListLine,
    PriceListState,
)
from deals.models.pricing_policy import (
    PRICING_POLICY_MOVES,
    PricingPolicy,
    PricingPolicyState,
)
from deals.models.producers import ProducerAgreementLine, ProducerPriceAgreement
from deals.models.products import Product, ProductGroup, VatKind, VatRate
from deals.models.proposals import (
    PROPOSAL_MOVES,
    Proposal,
    ProposalChannel,
    ProposalLine,
    ProposalState,
)
from deals.models.schemes import SCHEME_MOVES, RelationshipScheme, SchemeState
from deals.models.shipments import (
    SHIPMENT_MOVES,
    Shipment,
    ShipmentKind,
    ShipmentLine,
    ShipmentState,
)
from deals.models.snapshots import AgeingLine, AgeingSnapshot
from deals.models.statements import BankStatement, OwnAccount
from deals.models.terms_requests import TERMS_MOVES, TermsKind, TermsRequest, TermsState

__all__ = [
    "CONTRACT_MOVES",
    "DELIVERY_MOVES",
    "IN_NEGOTIATION",
    "LIMIT_REQUEST_MOVES",
    "ORDER_MOVES",
    "PAYMENT_MOVES",
    "PRICE_CHANGE_MOVES",
    "PRICE_LIST_MOVES",
    "PRICE_NOTICE_BACK",
    "PRICE_NOTICE_MOVES",
    "PRICING_POLICY_MOVES",
    "PROPOSAL_MOVES",
    "RESERVING",
    "SCHEME_MOVES",
    "SHIPMENT_MOVES",
    "TERMS_MOVES",
    "AbcResult",
    "AbcRun",
    "AgeingLine",
    "AgeingSnapshot",
    "Allocation",
    "AllocationKind",
    "BankStatement",
    "ClientDocument",
    "ClientDocumentKind",
    "Contract",
    "ContractHandUp",
    "ContractKind",
    "ContractObligation",
    "ContractState",
    "ContractTemplate",
    "CreditLimit",
    "DayType",
    "DeliverySchedule",
    "DeliveryState",
    "Disagreement",
    "DisagreementState",
    "ExceptionKind",
    "ExchangeFile",
    "ExchangeToken",
    "FollowUp",
    "FollowUpStep",
    "Invoice",
    "InvoiceKind",
    "InvoiceState",
    "LimitRequest",
    "LimitRequestState",
    "MatchedBy",
    "ObligationKind",
    "Order",
    "OrderHold",
    "OrderKind",
    "OrderLine",
    "OrderState",
    "OwnAccount",
    "PayerAccount",
    "Payment",
    "PaymentDirection",
    "PaymentKind",
    "PaymentState",
    "PolicyException",
    "PowerOfAttorney",
    "PriceChange",
    "PriceChangeNotice",
    "PriceChangeState",
    "PriceKind",
    "PriceList",
    "PriceListLine",
    "PriceListState",
    "PriceNoticeChannel",
    "PriceNoticeState",
    "PricingPolicy",
    "PricingPolicyState",
    "ProducerAgreementLine",
    "ProducerPriceAgreement",
    "Product",
    "ProductGroup",
    "Proposal",
    "ProposalChannel",
    "ProposalLine",
    "ProposalState",
    "RelationshipScheme",
    "SchemeState",
    "Shipment",
    "ShipmentDocument",
    "ShipmentDocumentKind",
    "ShipmentKind",
    "ShipmentLine",
    "ShipmentState",
    "StopReason",
    "StopShipping",
    "TermsKind",
    "TermsRequest",
    "TermsState",
    "VatKind",
    "VatRate",
    "WrongKey",
]
