"""Orders of clients: what is asked for, held back, shipped and delivered (DL-07)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.contracts import Contract
from deals.models.credit import StopReason
from deals.models.prices import PriceKind
from deals.models.products import Product
from deals.querysets import OrderLineQuerySet, OrderQuerySet


class OrderKind(models.TextChoices):
    """Goods of the stock, or brought for this client (S3.2.2l)."""

    REGULAR = "regular", _("From stock")
    MADE_TO_ORDER = "made_to_order", _("Made to order")


class OrderState(models.TextChoices):
    """C.5 no. 12; «submitted» is an order that came in a file and waits for the check."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be checked")
    ON_HOLD = "on_hold", _("On hold")
    CONFIRMED = "confirmed", _("Confirmed")
    PICKING = "picking", _("Being picked")
    SHIPPED_PARTIALLY = "shipped_partially", _("Shipped in part")
    SHIPPED = "shipped", pgettext_lazy("of an order", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("of an order", "Delivered")
    CLOSED = "closed", pgettext_lazy("of an order", "Closed")
    CANCELLED = "cancelled", _("Cancelled")


# A reversed shipment brings the order back to picking; a draft again is corrected by its author.
ORDER_MOVES: dict[str, set[str]] = {
    OrderState.DRAFT: {OrderState.CONFIRMED, OrderState.ON_HOLD, OrderState.CANCELLED},
    OrderState.SUBMITTED: {
        OrderState.CONFIRMED,
        OrderState.ON_HOLD,
        OrderState.CANCELLED,
        OrderState.DRAFT,
    },
    OrderState.ON_HOLD: {OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.DRAFT},
    OrderState.CONFIRMED: {
        OrderState.PICKING,
        OrderState.SHIPPED_PARTIALLY,
        OrderState.SHIPPED,
        OrderState.CANCELLED,
        OrderState.DRAFT,
    },
    OrderState.PICKING: {
        OrderState.SHIPPED_PARTIALLY,
        OrderState.SHIPPED,
        OrderState.CANCELLED,
    },
    OrderState.SHIPPED_PARTIALLY: {OrderState.SHIPPED, OrderState.PICKING},
    OrderState.SHIPPED: {
        OrderState.DELIVERED,
        OrderState.SHIPPED_PARTIALLY,
        OrderState.PICKING,
    },
    OrderState.DELIVERED: {OrderState.CLOSED},
    OrderState.CLOSED: set(),
    OrderState.CANCELLED: set(),
}
# Promised and not yet shipped: they take the client's limit (CRED-1).
RESERVING = (OrderState.CONFIRMED, OrderState.PICKING, OrderState.SHIPPED_PARTIALLY)
_CHECKED = (
    OrderState.ON_HOLD,
    *RESERVING,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.CLOSED,
)


class OrderHold(models.TextChoices):
    """Why an order waits: the reasons of a stop of shipping (C.8), and a missing prepayment."""

    LIMIT = StopReason.LIMIT.value, StopReason.LIMIT.label
    OVERDUE = StopReason.OVERDUE.value, StopReason.OVERDUE.label
    DOCUMENTS = StopReason.DOCUMENTS.value, StopReason.DOCUMENTS.label
    MANUAL = StopReason.MANUAL.value, StopReason.MANUAL.label
    PREPAYMENT = "prepayment", _("Prepayment not received")
    PRICE = "price", _("Price below the allowed one")


@track(exclude=("idempotency_key", "late_told_for"), in_bulk=True)
class Order(models.Model):
    """What a client has asked for; amounts are roubles with VAT.

    `shipped_amount` follows the posted shipments that name the order. `cover_amount` is the money
    of the client that stood behind a prepaid order when it was confirmed.
    """

    kind = models.CharField(
        _("kind"), max_length=13, choices=OrderKind.choices, default=OrderKind.REGULAR
    )
    state = models.CharField(
        _("state"), max_length=17, choices=OrderState.choices, default=OrderState.DRAFT
    )
    number = models.CharField(_("number"), max_length=100)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="orders", verbose_name=_("client"), db_index=False
    )
    outlet = models.ForeignKey(
        "clients.Outlet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("outlet"),
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("contract"),
    )
    # An accepted proposal: its prices hold for the order, once.
    proposal = models.ForeignKey(
        "deals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("proposal"),
    )
    price_kind = models.CharField(
        _("price type"), max_length=10, choices=PriceKind.choices, default=PriceKind.BASE
    )
    is_prepaid = models.BooleanField(_("prepaid"), default=False)
    dated_on = models.DateField(_("date"))
    desired_on = models.DateField(_("wanted by"), null=True, blank=True)
    promised_on = models.DateField(_("promised by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    total = models.DecimalField(_("total"), max_digits=15, decimal_places=2, default=0)
    vat_amount = models.DecimalField(_("VAT in it"), max_digits=15, decimal_places=2, default=0)
    shipped_amount = models.DecimalField(
        _("shipped"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    cover_amount = models.DecimalField(
        _("covered by prepayment"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    hold_reasons = ArrayField(
        models.CharField(max_length=10, choices=OrderHold.choices),
        verbose_name=_("held by"),
        default=list,
        blank=True,
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    # Who let the order go in spite of the reasons.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    release_reason = models.CharField(_("why released"), max_length=300, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    # The day of shipping that had passed when manager and heads were told.
    late_told_for = models.DateField(null=True, blank=True, editable=False)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of goods", "order")
        verbose_name_plural = _("orders")
        ordering = ("-dated_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=~Q(state="cancelled"),
                name="order_one_per_proposal",
            ),
            models.CheckConstraint(
                condition=Q(state="on_hold", hold_reasons__len__gt=0)
                | (~Q(state="on_hold") & Q(hold_reasons=[])),
                name="order_on_hold_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in _CHECKED])
                | Q(submitted_at__isnull=False),
                name="order_checked_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="order_cancelled_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(release_reason=""),
                name="order_released_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "closed"]) | Q(delivered_on__isnull=False),
                name="order_delivered_has_day",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, shipped_amount__gte=0, cover_amount__gte=0)
                & Q(cover_amount__lte=F("total")),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(is_prepaid=True) | Q(cover_amount=0),
                name="order_cover_of_prepaid",
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="order_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "dated_on"], name="order_of_client"),
            models.Index(fields=["dated_on", "id"], name="order_by_day"),
            models.Index(fields=["number"], name="order_number"),
            # What takes the limit of a client, and what waits for somebody.
            models.Index(
                fields=["client"],
                include=[
                    *("state", "dated_on", "total", "shipped_amount", "cover_amount"),
                    *("promised_on", "desired_on"),
                ],
                condition=Q(state__in=["confirmed", "picking", "shipped_partially"]),
                name="order_reserving",
            ),
            models.Index(
                fields=["client", "submitted_at"],
                include=["dated_on", "total"],
                condition=Q(state__in=["submitted", "on_hold"]),
                name="order_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{pgettext('of goods', 'Order')} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("deals:order_detail", args=[self.pk])

    @property
    def hold_labels(self) -> list[str]:
        """The reasons in words."""
        return [str(OrderHold(reason).label) for reason in self.hold_reasons]

    @property
    def due_on(self) -> date | None:
        """The day by which the goods are to be there: promised, else wanted."""
        return self.promised_on or self.desired_on


@track(exclude=("position", "shipped_qty"), in_bulk=True, part_of="order")
class OrderLine(models.Model):
    """A line of an order; its place and what of it was shipped follow from elsewhere.

    `price` is that of the list, with VAT; `net_price` what is left after the discount.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="order_lines", verbose_name=_("product")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2)
    discount_pct = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    net_price = models.DecimalField(_("price with discount"), max_digits=15, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    # Null: without VAT.
    vat_percent = models.DecimalField(
        _("VAT, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    vat_amount = models.DecimalField(_("VAT in it"), max_digits=15, decimal_places=2, default=0)
    shipped_qty = models.DecimalField(
        _("shipped"), max_digits=14, decimal_places=3, default=0, db_default=0
    )

    history_named: ClassVar = ("product",)
    history_shown: ClassVar = ("quantity", "price", "discount_pct", "amount")
    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ("order", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gte=0, shipped_qty__gte=0),
                name="order_line_quantity_and_price",
            ),
            models.CheckConstraint(
                condition=Q(discount_pct__gte=0, discount_pct__lte=100),
                name="order_line_discount_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.product_id}"

    @property
    def left(self) -> Decimal:
        """What is still to be shipped."""
        return max(self.quantity - self.shipped_qty, Decimal(0))
