"""The contract that documents and payments name; its life is a later part's subject."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets import OfClientQuerySet


class DayType(models.TextChoices):
    """How a deferral is counted (D.6): «банковских дней» are working days."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


@track()
class Contract(models.Model):
    """Number, day and terms of payment of a client's contract."""

    number = models.CharField(_("number"), max_length=100)
    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="contracts", verbose_name=_("client")
    )
    counterparty = models.ForeignKey(
        "clients.Counterparty",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("counterparty"),
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # Null: the terms of the client's category hold.
    deferral_days = models.PositiveSmallIntegerField(_("deferral"), null=True, blank=True)
    deferral_day_type = models.CharField(
        _("counted in"), max_length=8, choices=DayType.choices, default=DayType.CALENDAR
    )
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("number", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "number"], name="contract_number_once"),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="contract_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(signed_on=None) | Q(ends_on__gte=F("signed_on")),
                name="contract_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return self.number
