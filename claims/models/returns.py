"""Returns of goods: asked for, approved, accepted, credited (CM-03, L246, L430)."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claims import Claim, ClaimReason
from claims.querysets import ReturnLineQuerySet, ReturnQuerySet
from clients.models import Client
from crm.history import track
from deals.models import Product, Shipment, ShipmentLine


class ReturnState(models.TextChoices):
    """C.5 no. 20; whoever asked for it may take the request back."""

    REQUESTED = "requested", pgettext_lazy("return", "To be approved")
    APPROVED = "approved", pgettext_lazy("return", "Approved")
    REJECTED = "rejected", pgettext_lazy("return", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("return", "Taken back")
    GOODS_RECEIVED = "goods_received", pgettext_lazy("return", "Goods came")
    ACCEPTED = "accepted", pgettext_lazy("return", "Accepted")
    CREDITED = "credited", pgettext_lazy("return", "Credited")
    CLOSED = "closed", pgettext_lazy("return", "Closed")


# Back from credited or closed: the document was reversed, so the goods are to be credited anew; a
# return that the books alone knew goes with its document.
RETURN_MOVES: dict[str, set[str]] = {
    ReturnState.REQUESTED: {ReturnState.APPROVED, ReturnState.REJECTED, ReturnState.WITHDRAWN},
    ReturnState.APPROVED: {ReturnState.GOODS_RECEIVED, ReturnState.WITHDRAWN},
    ReturnState.REJECTED: set(),
    ReturnState.WITHDRAWN: set(),
    ReturnState.GOODS_RECEIVED: {ReturnState.ACCEPTED},
    ReturnState.ACCEPTED: {ReturnState.CREDITED, ReturnState.CLOSED},
    ReturnState.CREDITED: {ReturnState.CLOSED, ReturnState.ACCEPTED},
    ReturnState.CLOSED: {ReturnState.ACCEPTED, ReturnState.WITHDRAWN},
}
OPEN_RETURN = (
    ReturnState.REQUESTED,
    ReturnState.APPROVED,
    ReturnState.GOODS_RECEIVED,
    ReturnState.ACCEPTED,
)
NOT_RETURNED = (ReturnState.REJECTED, ReturnState.WITHDRAWN)


@track(exclude=("idempotency_key",), in_bulk=True)
class Return(models.Model):
    """Goods that a client gives back; sums are positive roubles with VAT."""

    number = models.CharField(_("number"), max_length=40)
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        related_name="returns",
        verbose_name=_("client"),
        db_index=False,
    )
    # The sale; null only for what the books name as a return without saying of which sale.
    shipment = models.ForeignKey(
        Shipment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("shipment"),
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("claim"),
    )
    # Null: the books name none, and nobody has told it since.
    reason = models.ForeignKey(
        ClaimReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("reason"),
    )
    # Why it is worth taking the goods back.
    justification = models.TextField(_("justification"), max_length=2000, blank=True)
    asked_on = models.DateField(_("asked for on"))
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2, default=0)
    state = models.CharField(
        _("state"), max_length=14, choices=ReturnState.choices, default=ReturnState.REQUESTED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_comment = models.CharField(_("comment"), max_length=1000, blank=True)
    received_on = models.DateField(_("goods came on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    # What the warehouse says of the goods, and why it took fewer.
    acceptance_note = models.CharField(_("note of the warehouse"), max_length=1000, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The document of the books that lowers the debt (УКД), and the number that it bears there.
    document = models.OneToOneField(
        Shipment, models.PROTECT, null=True, blank=True, related_name="return_request"
    )
    credit_note_number = models.CharField(
        _("number of the correction note"), max_length=100, blank=True
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("manager"),
    )
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of goods", "return")
        verbose_name_plural = pgettext_lazy("of goods", "returns")
        ordering = ("-asked_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="return_number_once"),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="return_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(shipment__isnull=False) | Q(document__isnull=False),
                name="return_of_a_sale_or_from_the_books",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=False) | Q(document__isnull=False, created_by=None),
                name="return_asked_for_has_reason",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="return_amount_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=["goods_received", "accepted", "credited"])
                | Q(received_on__isnull=False),
                name="return_received_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="credited") | Q(document__isnull=False),
                name="return_credited_has_document",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-asked_on"], name="return_of_client"),
            models.Index(fields=["asked_on", "id"], name="return_by_day"),
            models.Index(
                fields=["client", "decided_on"],
                condition=Q(state="rejected"),
                name="return_refused",
            ),
            models.Index(
                fields=["state", "id"], condition=Q(state__in=OPEN_RETURN), name="return_open"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("claims:return_detail", args=[self.pk])

    @property
    def receiving_url(self) -> str:
        """Its page for the delivery, without sums."""
        return reverse("claims:receiving_detail", args=[self.pk])


# Goods are the same by the catalogue, else as the document calls them.
_SAME = """l.product_id IS NOT DISTINCT FROM sold.product_id
    AND (sold.product_id IS NOT NULL OR (l.sku, l.name) = (sold.sku, sold.name))"""
_ASKED = """SELECT coalesce(sum(coalesce(r.accepted_quantity, r.quantity)), 0)
    FROM claims_returnline r JOIN claims_return t ON t.id = r.return_request_id
    JOIN deals_shipmentline l ON l.id = r.shipment_line_id
    WHERE l.shipment_id = sold.shipment_id AND r.id IS DISTINCT FROM NEW.id
      AND t.state NOT IN ('rejected', 'withdrawn')"""
_BOOKED = f"""SELECT coalesce(-sum(l.quantity), 0)
    FROM deals_shipment d JOIN deals_shipmentline l ON l.shipment_id = d.id
    WHERE d.original_id = sold.shipment_id AND d.kind = 'return'
      AND d.state = 'posted' AND d.reverses_id IS NULL AND {_SAME}
      AND NOT EXISTS (SELECT 1 FROM claims_return t JOIN claims_returnline x
        ON x.return_request_id = t.id WHERE t.document_id = d.id)"""  # noqa: S608
_SHIPPED = f"""SELECT sum(l.quantity) FROM deals_shipmentline l
    WHERE l.shipment_id = sold.shipment_id AND {_SAME}"""  # noqa: S608


def not_beyond_shipped() -> pgtrigger.Trigger:
    """Trigger that refuses to give back more than was sold and has not come back yet.

    Counted by line, and by goods of the sale together with returns that the books name without a
    request. The sale is locked, so that two requests at once cannot share a line. What takes no
    more than before is let through: the books may have noted a return before it is bound here.
    """
    return pgtrigger.Trigger(
        name="not_beyond_shipped",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("sold", "deals_shipmentline%ROWTYPE"), ("wanted", "numeric")],
        func=f"""
            IF NEW.shipment_line_id IS NULL THEN RETURN NEW; END IF;
            SELECT * INTO sold FROM deals_shipmentline WHERE id = NEW.shipment_line_id;
            PERFORM 1 FROM deals_shipment WHERE id = sold.shipment_id FOR NO KEY UPDATE;
            wanted := coalesce(NEW.accepted_quantity, NEW.quantity);
            IF TG_OP = 'UPDATE' AND OLD.shipment_line_id = NEW.shipment_line_id
               AND wanted <= coalesce(OLD.accepted_quantity, OLD.quantity) THEN
                RETURN NEW;
            END IF;
            IF wanted + ({_ASKED} AND l.id = sold.id) > sold.quantity
               OR wanted + ({_ASKED} AND {_SAME}) + ({_BOOKED}) > ({_SHIPPED}) THEN
                RAISE EXCEPTION 'more is given back than was sold'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'return_not_beyond_shipped';
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


@track(exclude=("position",), in_bulk=True, part_of="return_request")
class ReturnLine(models.Model):
    """Goods that come back."""

    return_request = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    shipment_line = models.ForeignKey(
        ShipmentLine, models.PROTECT, null=True, blank=True, related_name="return_lines"
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="return_lines",
        verbose_name=_("product"),
    )
    name = models.CharField(_("name"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    # What the warehouse took; null until it has looked.
    accepted_quantity = models.DecimalField(
        _("accepted"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)

    history_named: ClassVar = ("product", "name")
    history_shown: ClassVar = ("quantity", "accepted_quantity", "price", "amount")
    objects = ReturnLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of returns")
        ordering = ("return_request", "position")
        triggers: ClassVar = [not_beyond_shipped()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["return_request", "position"], name="return_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="return_line_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity=None)
                | Q(accepted_quantity__gte=0, accepted_quantity__lte=F("quantity")),
                name="return_line_accepted_within_asked",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, amount__gte=0), name="return_line_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name or self.product}"
