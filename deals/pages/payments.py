"""What the page of a payment and the queue of unknown payers show."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse

from crm.accounts.models import User
from deals import permissions
from deals.models import Allocation, Invoice, InvoiceKind, PayerAccount, Payment
from deals.receipts.designation import designated
from deals.receipts.purposes import references
from deals.receipts.spreading import Debts, OpenInvoice, Part
from deals.receipts.suggestions import Suggestion, suggest_clients

QUEUE_PAGE = 30
MOST_OPEN = 300  # invoices of one form


@dataclass
class PaymentPage:
    """One payment: facts, what it pays, what may be done."""

    payment: Payment
    user: User

    @cached_property
    def may(self) -> frozenset[str]:
        """Names of the actions open to the person now."""
        may = permissions.payment_actions(self.user, self.payment)
        return may if self.payment.left else may - {"spread"}

    @cached_property
    def allocations(self) -> list[Allocation]:
        """What it pays, the earliest due first."""
        rows = Allocation.objects.visible_to(self.user).filter(payment=self.payment)
        rows = rows.select_related("invoice").order_by("invoice__due_on", "invoice__issued_on")
        return list(rows)

    @cached_property
    def remembered(self) -> PayerAccount | None:
        """The account of the payer, where it was remembered."""
        if not self.payment.party_account:
            return None
        rows = PayerAccount.objects.visible_to(self.user).select_related("client", "created_by")
        found: PayerAccount | None = rows.filter(account=self.payment.party_account).first()
        return found

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Who might have paid."""
        return suggest_clients(self.payment, self.user) if "match" in self.may else []

    @property
    def given_back(self) -> Decimal:
        """How much of it went back to the client."""
        in_use = self.payment.pays_invoices
        return self.payment.free_amount - self.payment.left if in_use else Decimal(0)

    @property
    def advance_url(self) -> str:
        """All advances of the client."""
        return f"{reverse('deals:payment_list')}?client={self.payment.client_id}&advance=true"


@dataclass(frozen=True)
class Queue:
    """Incoming money without a client, the newest first, from the cursor on."""

    rows: list[Payment] = field(default_factory=list)
    count: int = 0
    total: Decimal = Decimal(0)
    more_url: str = ""
    first_url: str = ""


def queue_for(user: User, after: str = "") -> Queue:
    """A portion of the queue; what the address says badly means its beginning."""
    waiting: QuerySet[Any] = Payment.objects.visible_to(user).unmatched()
    sums = waiting.order_by().aggregate(total=Sum("amount"), count=Count("*"))
    # Nothing of it can have been given back: what is left, as `with_left` says, is all of it.
    rows, here = waiting.annotate(left=F("free_amount")), reverse("deals:payment_queue")
    last = rows.filter(pk=int(after)).first() if _is_key(after) else None
    ordered = rows.order_by("-paid_on", "-pk")
    if last is not None:
        ordered = ordered.filter(paid_on__lte=last.paid_on).exclude(
            paid_on=last.paid_on, pk__gte=last.pk
        )
    shown = list(ordered[: QUEUE_PAGE + 1])
    more = f"{here}?after={shown[QUEUE_PAGE - 1].pk}" if len(shown) > QUEUE_PAGE else ""
    first = here if last is not None else ""
    return Queue(shown[:QUEUE_PAGE], sums["count"], sums["total"] or Decimal(0), more, first)


def count_unmatched(user: User) -> int:
    """How many payments wait for their client; the badge of the rail."""
    waiting: int = Payment.objects.visible_to(user).unmatched().count()
    return waiting


def open_invoices(user: User, payment: Payment) -> list[OpenInvoice]:
    """What is open on the invoices of the payment's client, the earliest due first."""
    rows = Invoice.objects.visible_to(user).filter(client=payment.client_id, open_amount__gt=0)
    rows = rows.select_related("contract").fifo()[:MOST_OPEN]
    return [
        OpenInvoice(
            row.pk,
            row.number,
            row.due_on,
            row.issued_on,
            row.open_amount,
            row.kind == InvoiceKind.POSTPAY,
            row.contract.number if row.contract else "",
        )
        for row in rows
    ]


def proposal(payment: Payment, invoices: list[OpenInvoice]) -> list[Part]:
    """What the rule would do with what is left: named invoices, then the earliest due."""
    debts = Debts(invoices)
    named = designated(references(payment.purpose), debts)
    parts, _left = debts.take(payment.left, named)
    return parts


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
