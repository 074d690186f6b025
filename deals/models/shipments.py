"""Shipments, returns and adjustments: what was sold, and what was taken back (DL-09)."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.contracts import Contract
from deals.models.products import Product
from deals.querysets import ShipmentQuerySet


class ShipmentKind(models.TextChoices):
    """Returns and negative adjustments lower the turnover of their own month (decision 2)."""

    SALE = "sale", _("Shipment")
    RETURN = "return", pgettext_lazy("of goods", "Return")
    ADJUSTMENT = "adjustment", _("Adjustment")


class ShipmentState(models.TextChoices):
    """C.5 no. 13; a reversed document stays in its month and its mirror stands in another."""

    DRAFT = "draft", _("Draft")
    POSTED = "posted", _("Posted")
    REVERSED = "reversed", _("Reversed")
    CANCELLED = "cancelled", _("Cancelled")  # a draft that was never posted


SHIPMENT_MOVES: dict[str, set[str]] = {
    ShipmentState.DRAFT: {ShipmentState.POSTED, ShipmentState.CANCELLED},
    ShipmentState.POSTED: {ShipmentState.REVERSED},
    ShipmentState.REVERSED: set(),
    ShipmentState.CANCELLED: set(),
}

# What nobody changes after posting; `client` may be given to a document without one.
_IMMUTABLE = ("kind", "number", "posted_on", "amount", "vat_amount", "reverses_id")


def posted_is_immutable() -> pgtrigger.Trigger:
    """Trigger that refuses to edit a posted document: it is reversed, never edited."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _IMMUTABLE)
    return pgtrigger.Trigger(
        name="posted_is_immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition("OLD.state <> 'draft'"),
        func=(
            f"IF {changed} OR NEW.state = 'draft'"
            " OR (OLD.state = 'cancelled') <> (NEW.state = 'cancelled')"
            " OR (OLD.client_id IS NOT NULL AND NEW.client_id IS DISTINCT FROM OLD.client_id)"
            " THEN RAISE EXCEPTION 'a posted document is reversed, not edited'"
            " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
        ),
    )


@track(exclude=("applied_amount", "idempotency_key"), in_bulk=True)
class Shipment(models.Model):
    """A document of sale; amounts are roubles with VAT, negative where goods came back.

    `applied_amount` is how much of a negative document has lowered invoices; written by the
    trigger of `Allocation`.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ShipmentKind.choices)
    state = models.CharField(_("state"), max_length=9, choices=ShipmentState.choices)
    number = models.CharField(_("number"), max_length=100)
    # Null: the imported file names no client, or one that is not known; the list "Unassigned".
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("client"),
        db_index=False,
    )
    client_text = models.CharField(_("client in the file"), max_length=300, blank=True)
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("contract"),
    )
    # The order that the goods were asked for by.
    order = models.ForeignKey(
        "deals.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=pgettext_lazy("of goods", "order"),
        db_index=False,
    )
    # The sale that is returned or adjusted; returns keep its rates of VAT (VAT-4).
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("original document"),
    )
    # The document that this one takes back as a whole.
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="mirror"
    )
    dated_on = models.DateField(_("date"))
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    vat_amount = models.DecimalField(
        _("VAT in it"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    applied_amount = models.DecimalField(
        _("set off"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    # Whose plan it is credited to: the manager and unit of the day of posting.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("manager"),
        db_index=False,
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("unit"),
        db_index=False,
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    # Finds an imported document again; empty for typed ones.
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ("-posted_on", "-pk")
        triggers: ClassVar = [posted_is_immutable()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"], posted_on=None)
                | Q(state__in=["posted", "reversed"], posted_on__isnull=False),
                name="shipment_posted_has_day",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(kind="adjustment")
                | Q(kind="sale", amount__gte=0)
                | Q(kind="return", amount__lte=0),
                name="shipment_sign_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(applied_amount=0)
                | Q(applied_amount__gt=0, applied_amount__lte=-F("amount")),
                name="shipment_not_set_off_beyond_amount",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | ~Q(external_id=""),
                name="shipment_without_client_is_imported",
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="shipment_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "posted_on"],
                include=["amount", "kind", "state"],
                name="shipment_of_client",
            ),
            models.Index(
                fields=["posted_on", "client"],
                include=["amount", "kind", "state"],
                name="shipment_by_day",
            ),
            models.Index(fields=["posted_on", "id"], name="shipment_by_posting"),
            models.Index(fields=["manager", "posted_on"], name="shipment_of_manager"),
            models.Index(fields=["number"], name="shipment_number"),
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="shipment_of_order"
            ),
            # Returns that lower no invoice yet: a client's credit.
            models.Index(
                fields=["client", "posted_on"],
                include=["amount", "applied_amount", "state", "contract"],
                condition=Q(amount__lt=0, applied_amount__lt=-F("amount")),
                name="shipment_free_credit",
            ),
            models.Index(
                fields=["posted_on", "id"],
                condition=Q(client=None),
                name="shipment_unassigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("deals:shipment_detail", args=[self.pk])


def line_is_immutable() -> pgtrigger.Trigger:
    """Trigger that refuses to edit a line, or to move it, once its document is in the books."""
    return pgtrigger.Trigger(
        name="line_is_immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF EXISTS (
                SELECT 1 FROM deals_shipment
                WHERE id IN (OLD.shipment_id, NEW.shipment_id) AND state <> 'draft'
            ) THEN
                RAISE EXCEPTION 'lines of a posted document are not edited'
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


@track(exclude=("position",), in_bulk=True, part_of="shipment")
class ShipmentLine(models.Model):
    """A line of a document."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("product"),
    )
    # As the document says it; the only name of goods that the catalogue does not know.
    sku = models.CharField(_("article"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    # Null: without VAT.
    vat_percent = models.DecimalField(
        _("VAT, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    vat_amount = models.DecimalField(
        _("VAT in it"), max_digits=15, decimal_places=2, default=0, db_default=0
    )

    history_named: ClassVar = ("product", "name")
    history_shown: ClassVar = ("quantity", "price", "amount")

    class Meta:
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of shipments")
        ordering = ("shipment", "position")
        triggers: ClassVar = [line_is_immutable()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "position"], name="shipment_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(vat_percent=None) | Q(vat_percent__gte=0, vat_percent__lte=100),
                name="shipment_line_vat_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name or self.sku}"
