"""Payments and what they pay (DL-10)."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.history import track
from crm.said import SaidField
from deals.models.contracts import Contract
from deals.models.invoices import Invoice
from deals.models.shipments import Shipment
from deals.models.statements import BankStatement, OwnAccount
from deals.querysets import AllocationQuerySet, PaymentQuerySet


class PaymentDirection(models.TextChoices):
    IN = "in", _("Incoming")
    OUT = "out", _("Outgoing")


class PaymentKind(models.TextChoices):
    """What a payment is; only a client's money is matched with invoices."""

    CUSTOMER = "customer", _("From a client")
    REFUND = "refund", _("Back to a client")
    OWN_TRANSFER = "own_transfer", _("Between own accounts")
    OTHER = "other", _("Other")


class PaymentState(models.TextChoices):
    """C.5 no. 15."""

    UNMATCHED = "unmatched", _("Client unknown")
    MATCHED = "matched", _("Client found")
    ALLOCATED = "allocated", _("Spread over invoices")
    IGNORED = "ignored", _("Not a client's")
    REVERSED = "reversed", _("Reversed")


class MatchedBy(models.TextChoices):
    """How the client of a payment was found (D.12.1)."""

    INN_KPP = "inn_kpp", _("By INN and KPP")
    INN = "inn", _("By INN")
    ACCOUNT = "account", _("By the account of the client")
    REMEMBERED = "remembered", _("By a remembered account")
    INVOICE = "invoice", _("By the number of an invoice")
    CONTRACT = "contract", _("By the number of a contract")
    HAND = "hand", _("By hand")


PAYMENT_MOVES: dict[str, set[str]] = {
    PaymentState.UNMATCHED: {
        PaymentState.MATCHED,
        PaymentState.ALLOCATED,
        PaymentState.IGNORED,
        PaymentState.REVERSED,
    },
    PaymentState.MATCHED: {
        PaymentState.ALLOCATED,
        PaymentState.UNMATCHED,
        PaymentState.IGNORED,
        PaymentState.REVERSED,
    },
    PaymentState.ALLOCATED: {PaymentState.MATCHED, PaymentState.REVERSED},
    PaymentState.IGNORED: {PaymentState.UNMATCHED, PaymentState.REVERSED},
    PaymentState.REVERSED: set(),
}


@track(
    exclude=("allocated_amount", "free_amount", "idempotency_key"),
    in_bulk=True,
    changed_in_bulk=True,
)
class Payment(models.Model):
    """Money on one of our accounts, roubles.

    `paid_on` is the day on which the bank moved it (D.6). `allocated_amount` is written by the
    trigger of `Allocation` only; what is left of a client's payment is an advance.
    """

    direction = models.CharField(_("direction"), max_length=3, choices=PaymentDirection.choices)
    kind = models.CharField(
        _("kind"), max_length=12, choices=PaymentKind.choices, default=PaymentKind.CUSTOMER
    )
    state = models.CharField(_("state"), max_length=9, choices=PaymentState.choices)
    number = models.CharField(_("number"), max_length=50, blank=True)
    dated_on = models.DateField(_("date of the document"))
    paid_on = models.DateField(_("paid on"))
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    allocated_amount = models.DecimalField(
        _("spread"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    free_amount = models.GeneratedField(
        expression=F("amount") - F("allocated_amount"),
        output_field=models.DecimalField(_("not spread"), max_digits=15, decimal_places=2),
        db_persist=True,
    )
    # Null: typed by hand, or brought by a settled invoice.
    own_account = models.ForeignKey(
        OwnAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("own account"),
        db_index=False,
    )
    statement = models.ForeignKey(
        BankStatement, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    document_type = models.CharField(_("document"), max_length=100, blank=True)
    # The other side: the payer of incoming money, the payee of outgoing.
    party_name = models.CharField(_("payer or payee"), max_length=500, blank=True)
    party_inn = models.CharField(_("INN"), max_length=12, blank=True)
    party_kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    party_account = models.CharField(_("account"), max_length=34, blank=True)
    party_bic = models.CharField(_("BIC"), max_length=9, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("client"),
        db_index=False,
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("contract"),
    )
    matched_by = models.CharField(
        _("how the client was found"), max_length=30, blank=True, choices=MatchedBy.choices
    )
    reason = SaidField(_("reason"), max_length=300, blank=True)
    # The natural key of a document of the bank (D.12.1); unique, so twice is once.
    dedupe_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    left: Decimal  # to spread; of `with_left()`

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-paid_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(allocated_amount__gte=0, allocated_amount__lte=F("amount")),
                name="payment_not_spread_beyond_amount",
            ),
            models.CheckConstraint(
                condition=Q(allocated_amount=0)
                | Q(direction="in", kind="customer", client__isnull=False),
                name="payment_spread_is_a_clients",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["unmatched", "ignored", "reversed"])
                | Q(allocated_amount=0),
                name="payment_out_of_use_pays_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["matched", "allocated"]) | Q(client__isnull=False),
                name="payment_matched_has_client",
            ),
            models.CheckConstraint(
                condition=~Q(state="ignored") | ~Q(reason=""), name="payment_ignored_has_reason"
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="payment_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["paid_on", "id"], name="payment_by_day"),
            models.Index(
                fields=["client", "paid_on", "id"],
                include=["amount", "kind", "state", "direction"],
                name="payment_of_client",
            ),
            models.Index(
                fields=["paid_on", "id"],
                condition=Q(state="unmatched", direction="in", kind="customer"),
                name="payment_unmatched",
            ),
            models.Index(
                fields=["client", "paid_on"],
                include=["free_amount"],
                condition=Q(free_amount__gt=0, kind="customer", state__in=["matched", "allocated"]),
                name="payment_advance",
            ),
            models.Index(
                fields=["client", "paid_on"],
                include=["amount"],
                condition=Q(kind="refund", direction="out", state__in=["matched", "allocated"]),
                name="payment_refund",
            ),
            models.Index(
                fields=["client", "paid_on"],
                condition=Q(matched_by="hand"),
                name="payment_by_hand",
            ),
            models.Index(fields=["own_account", "paid_on"], name="payment_of_account"),
            models.Index(fields=["number"], name="payment_number"),
        ]

    def __str__(self) -> str:
        if not self.number:
            return f"{self.paid_on:%d.%m.%Y}"
        values = {"number": self.number, "day": f"{self.paid_on:%d.%m.%Y}"}
        return _("No. %(number)s of %(day)s") % values

    def get_absolute_url(self) -> str:
        return reverse("deals:payment_detail", args=[self.pk])

    @property
    def is_incoming(self) -> bool:
        return self.direction == PaymentDirection.IN

    @property
    def pays_invoices(self) -> bool:
        """Money of a known client that is in the books."""
        in_books = self.state in {PaymentState.MATCHED, PaymentState.ALLOCATED}
        return in_books and self.is_incoming and self.kind == PaymentKind.CUSTOMER

    def may_become(self, state: str) -> bool:
        """The one place where `PAYMENT_MOVES` is looked up."""
        return state in PAYMENT_MOVES[self.state]


class AllocationKind(models.TextChoices):
    """Why this invoice (decision 8, D.17)."""

    DESIGNATED = "designated", _("Named by the payer")
    FIFO = "fifo", _("Earliest due first")
    MANUAL = "manual", _("By hand")
    RETURN = "return", _("Return of goods")


# OFFSET 0: for the latest day PostgreSQL would else go through all days from the last one on.
_CACHED_SUMS = """
    UPDATE deals_payment p SET allocated_amount = p.allocated_amount {sign} c.total
    FROM (SELECT payment_id, sum(amount) AS total FROM changed_rows
          WHERE payment_id IS NOT NULL GROUP BY 1) c WHERE p.id = c.payment_id;
    UPDATE deals_shipment s SET applied_amount = s.applied_amount {sign} c.total
    FROM (SELECT credit_id, sum(amount) AS total FROM changed_rows
          WHERE credit_id IS NOT NULL GROUP BY 1) c WHERE s.id = c.credit_id;
    UPDATE deals_invoice i SET
        paid_amount = i.paid_amount {sign} c.paid,
        credited_amount = i.credited_amount {sign} c.credited,
        settled_on = CASE
            WHEN i.amount = i.paid_amount {sign} c.paid + i.credited_amount {sign} c.credited
            THEN (SELECT max(of_invoice.on_day) FROM (
                SELECT a.on_day FROM deals_allocation a WHERE a.invoice_id = i.id OFFSET 0
            ) of_invoice) END
    FROM (SELECT invoice_id,
                 coalesce(sum(amount) FILTER (WHERE payment_id IS NOT NULL), 0) AS paid,
                 coalesce(sum(amount) FILTER (WHERE credit_id IS NOT NULL), 0) AS credited
          FROM changed_rows GROUP BY 1) c WHERE i.id = c.invoice_id;
    RETURN NULL;
"""


def _cached_sums(operation: pgtrigger.Operation, sign: str, **rows: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"sums_after_{'insert' if sign == '+' else 'delete'}",
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(**rows),
        func=_CACHED_SUMS.format(sign=sign),
    )


_ADVANCE_UNTIL = """
    NEW.advance_until := (SELECT i.issued_on FROM deals_invoice i
                          WHERE i.id = NEW.invoice_id AND i.issued_on > NEW.on_day);
    RETURN NEW;
"""


@track(exclude=("advance_until",), in_bulk=True)
class Allocation(models.Model):
    """A part of a payment, or of a return, that settles a part of an invoice, roubles.

    Rows are added and taken away, never edited. Triggers keep the sums on payment, return and
    invoice, whose constraints refuse a kopeck too many however the rows were written. A trigger
    also writes `advance_until`; the day of an invoice is protected from change.
    """

    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        verbose_name=_("payment"),
        null=True,
        blank=True,
        related_name="allocations",
        db_index=False,
    )
    credit = models.ForeignKey(
        Shipment,
        models.PROTECT,
        verbose_name=_("return of goods"),
        null=True,
        blank=True,
        related_name="allocations",
        db_index=False,
    )
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, verbose_name=_("invoice"), related_name="allocations"
    )
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=10, choices=AllocationKind.choices)
    # The day from which it counts: of the payment or of the return.
    on_day = models.DateField(_("on"))
    # The day of an invoice that was issued after `on_day`; few parts have one.
    advance_until = models.DateField(_("an advance until"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ("on_day", "pk")
        triggers: ClassVar = [
            _cached_sums(pgtrigger.Insert, "+", new="changed_rows"),
            _cached_sums(pgtrigger.Delete, "-", old="changed_rows"),
            pgtrigger.Protect(name="allocation_is_immutable", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="advance_until",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_ADVANCE_UNTIL,
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_amount_positive"),
            models.CheckConstraint(
                condition=Q(payment=None, credit__isnull=False)
                | Q(payment__isnull=False, credit=None),
                name="allocation_has_one_source",
            ),
            models.UniqueConstraint(fields=["payment", "invoice"], name="allocation_once"),
            models.UniqueConstraint(fields=["credit", "invoice"], name="allocation_credit_once"),
        ]
        indexes: ClassVar = [
            # What was open on a day gone by: the allocations that count from a later day.
            models.Index(
                fields=["on_day", "invoice"], include=["amount"], name="allocation_by_day"
            ),
            # Money that was still an advance on a day gone by.
            models.Index(
                fields=["advance_until", "on_day"],
                include=["invoice", "amount"],
                condition=Q(advance_until__isnull=False),
                name="allocation_advance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} → {self.invoice_id}"
