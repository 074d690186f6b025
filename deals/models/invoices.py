"""Invoices: what a client owes and by when (DL-10, DL-11)."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.contracts import Contract
from deals.models.shipments import Shipment
from deals.querysets import InvoiceQuerySet


class InvoiceKind(models.TextChoices):
    """Only a post-payment invoice is a debt; a pre-payment one asks for an advance."""

    POSTPAY = "postpay", _("Post-payment")
    PREPAY = "prepay", _("Pre-payment")


class InvoiceState(models.TextChoices):
    """C.5 no. 14; follows from the sums, nobody sets it."""

    ISSUED = "issued", _("Issued")
    PARTIALLY_PAID = "partially_paid", _("Partially paid")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


_SETTLED = F("paid_amount") + F("credited_amount")
_MONEY = models.DecimalField(_("open"), max_digits=15, decimal_places=2)


@track(
    exclude=(
        "paid_amount",
        "credited_amount",
        "open_amount",
        "state",
        "settled_on",
        "idempotency_key",
    ),
    in_bulk=True,
)
class Invoice(models.Model):
    """A demand for money, roubles with VAT.

    A posted sale on deferred payment makes its own post-payment invoice. What has been paid
    (`paid_amount`), set off by returns (`credited_amount`) and the day on which nothing was left
    (`settled_on`) are written by the trigger of `Allocation` only.
    """

    kind = models.CharField(
        _("kind"), max_length=8, choices=InvoiceKind.choices, default=InvoiceKind.POSTPAY
    )
    number = models.CharField(_("number"), max_length=100)
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        related_name="invoices",
        verbose_name=_("client"),
        db_index=False,
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name=_("contract"),
    )
    # The prepaid order that a pre-payment invoice asks the money for.
    order = models.ForeignKey(
        "deals.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prepayments",
        verbose_name=pgettext_lazy("of goods", "order"),
        db_index=False,
    )
    shipment = models.OneToOneField(
        Shipment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoice",
        verbose_name=_("shipment"),
    )
    issued_on = models.DateField(_("date"))
    # The last day of payment in time; overdue begins on the next day (decision 7).
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    vat_amount = models.DecimalField(
        _("VAT in it"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    paid_amount = models.DecimalField(
        _("paid"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    credited_amount = models.DecimalField(
        _("set off by returns"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    open_amount = models.GeneratedField(
        expression=Case(
            When(cancelled_on__isnull=False, then=Value(Decimal(0), output_field=_MONEY)),
            default=F("amount") - _SETTLED,
            output_field=_MONEY,
        ),
        output_field=models.DecimalField(_("open"), max_digits=15, decimal_places=2),
        db_persist=True,
    )
    state = models.GeneratedField(
        expression=Case(
            When(cancelled_on__isnull=False, then=Value("cancelled")),
            When(amount=_SETTLED, then=Value("paid")),
            When(Q(paid_amount__gt=0) | Q(credited_amount__gt=0), then=Value("partially_paid")),
            default=Value("issued"),
        ),
        output_field=models.CharField(_("state"), max_length=14, choices=InvoiceState.choices),
        db_persist=True,
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    is_disputed = models.BooleanField(_("disputed"), default=False, db_default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("-issued_on", "-pk")
        triggers: ClassVar = [
            # Allocations rely on it; after, so that other updates pay nothing for it.
            pgtrigger.ReadOnly(
                name="day_is_immutable",
                fields=["issued_on"],
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("issued_on"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_positive"),
            models.CheckConstraint(
                condition=Q(
                    paid_amount__gte=0,
                    credited_amount__gte=0,
                    amount__gte=F("paid_amount") + F("credited_amount"),
                ),
                name="invoice_not_paid_beyond_amount",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("issued_on")), name="invoice_due_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | Q(paid_amount=0, credited_amount=0),
                name="invoice_cancelled_without_payments",
            ),
            models.CheckConstraint(
                condition=Q(settled_on=None) | Q(amount=F("paid_amount") + F("credited_amount")),
                name="invoice_settled_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(kind="prepay") | Q(shipment=None),
                name="invoice_of_shipment_is_postpay",
            ),
            models.CheckConstraint(
                condition=Q(order=None) | Q(kind="prepay"), name="invoice_of_order_is_prepay"
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="invoice_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["issued_on", "id"], name="invoice_by_day"),
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="invoice_of_order"
            ),
            models.Index(fields=["due_on", "id"], name="invoice_by_due"),
            models.Index(fields=["client", "issued_on", "id"], name="invoice_of_client"),
            models.Index(
                fields=["client", "due_on"],
                include=["open_amount", "issued_on", "is_disputed", "contract"],
                condition=Q(open_amount__gt=0, kind="postpay"),
                name="invoice_open_of_client",
            ),
            models.Index(
                fields=["due_on", "client"],
                include=["open_amount", "amount"],
                condition=Q(open_amount__gt=0, kind="postpay"),
                name="invoice_open_by_due",
            ),
            # The register of the overdue, the latest first: not due ones are passed in the index.
            models.Index(
                fields=["issued_on", "id", "due_on"],
                condition=Q(open_amount__gt=0, kind="postpay"),
                name="invoice_open_by_day",
            ),
            # What was open on a day gone by.
            models.Index(fields=["settled_on", "issued_on"], name="invoice_settled"),
            models.Index(fields=["number"], name="invoice_number"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("deals:invoice_detail", args=[self.pk])

    @property
    def state_label(self) -> str:
        """The state in words; a generated column has no choices of its own."""
        return str(InvoiceState(self.state).label)
