"""The package of documents of a shipment: made, handed over, come back signed (DL-09, DL-17)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.models.shipments import Shipment
from deals.querysets.packages import ShipmentDocumentQuerySet


class ShipmentDocumentKind(models.TextChoices):
    UPD = "upd", _("Universal transfer document (UPD)")
    TTN = "ttn", _("Consignment note (TTN)")
    CERTIFICATE = "certificate", _("Certificate of quality")
    TORG2 = "torg2", _("Act of differences (TORG-2)")


@track()
class ShipmentDocument(models.Model):
    """One paper of a shipment; without a row it is not made yet."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=ShipmentDocumentKind.choices)
    made_on = models.DateField(_("made on"))
    handed_on = models.DateField(_("handed over on"), null=True, blank=True)
    returned_on = models.DateField(_("came back signed on"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ShipmentDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a shipment")
        verbose_name_plural = _("documents of shipments")
        ordering = ("shipment", "kind")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "kind"], name="shipment_document_once"),
            models.CheckConstraint(
                condition=Q(handed_on=None) | Q(handed_on__gte=F("made_on")),
                name="shipment_document_handed_after_made",
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None)
                | Q(handed_on__isnull=False, returned_on__gte=F("handed_on")),
                name="shipment_document_returned_after_handed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["handed_on", "id"],
                condition=Q(handed_on__isnull=False, returned_on=None),
                name="shipment_document_not_back",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
