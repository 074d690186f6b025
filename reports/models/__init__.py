"""Tables of plans, facts and target tasks."""

from reports.models.facts import ClientMonth, FactMark, KpiSnapshot, LateChange, MonthClosing
from reports.models.marks import (
    MarkedAssignment,
    MarkedCategory,
    MarkedClient,
    MarkedContact,
    MarkedPayment,
    MarkedPerson,
    MarkedResult,
    MarkedShipment,
)

__all__ = [
    "ClientMonth",
    "FactMark",
    "KpiSnapshot",
    "LateChange",
    "MarkedAssignment",
    "MarkedCategory",
    "MarkedClient",
    "MarkedContact",
    "MarkedPayment",
    "MarkedPerson",
    "MarkedResult",
    "MarkedShipment",
    "MonthClosing",
]
