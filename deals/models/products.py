"""Goods and the VAT rates that hold by date (DL-01, D.16)."""

from datetime import date, timedelta
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.clients import HalfOpenRange
from crm.history import track
from deals.querysets import ProductQuerySet, VatRateQuerySet


class VatKind(models.TextChoices):
    """Which rate a product is sold at; the percentage depends on the date of shipment."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("0 %")
    NONE = "none", _("Without VAT")


def used_rate_stays() -> pgtrigger.Trigger:
    """Trigger that keeps a rate under every posted line that bears it; returns follow their sale.

    A rate may be ended after the last of them, never changed or taken out from under one.
    """
    return pgtrigger.Trigger(
        name="used_rate_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (
                SELECT 1 FROM deals_shipment s JOIN deals_shipmentline l ON l.shipment_id = s.id
                WHERE s.state IN ('posted', 'reversed') AND s.kind <> 'return'
                  AND l.vat_percent = OLD.percent AND s.dated_on >= OLD.valid_from
                  AND (OLD.valid_to IS NULL OR s.dated_on < OLD.valid_to)
                  AND OLD.archived_at IS NULL
                  AND (TG_OP = 'DELETE' OR NEW.archived_at IS NOT NULL
                       OR NEW.kind <> OLD.kind OR NEW.percent <> OLD.percent
                       OR s.dated_on < NEW.valid_from
                       OR (NEW.valid_to IS NOT NULL AND s.dated_on >= NEW.valid_to))
            ) THEN
                RAISE EXCEPTION 'posted documents bear this rate of VAT'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'vat_rate_used_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@track()
class VatRate(models.Model):
    """A rate from a day on, to the day before another one holds or it is ended (VAT-4)."""

    kind = models.CharField(_("kind"), max_length=10, choices=VatKind.choices)
    percent = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to, not included"), null=True, blank=True)
    # Taken out: entered by mistake, never borne by a posted document.
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ("kind", "-valid_from")
        triggers: ClassVar = [used_rate_stays()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="vat_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="vat_rate_period_in_order",
            ),
            ExclusionConstraint(
                name="vat_rate_one_a_day",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(archived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.percent} % ({self.valid_from:%d.%m.%Y})"

    @property
    def last_day(self) -> date | None:
        """The last day on which the rate holds."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None


@track()
class ProductGroup(models.Model):
    """A group of the catalogue."""

    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("inside"),
    )
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "external_id",
                condition=~Q(external_id=""),
                name="product_group_external_id_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@track(exclude=("sort_key",))
class Product(models.Model):
    """What the company sells; 1C is its master where it is imported."""

    sku = models.CharField(_("article"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=500)
    sort_key = models.CharField(max_length=600, editable=False, default="")
    unit = models.CharField(_("unit of measure"), max_length=30, blank=True)
    group = models.ForeignKey(
        ProductGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("group"),
    )
    vat_kind = models.CharField(
        _("VAT"), max_length=10, choices=VatKind.choices, default=VatKind.STANDARD
    )
    # The list of the government: no retro bonus for it (381-FZ, article 9; RETRO-2).
    is_socially_important = models.BooleanField(
        _("socially important"), default=False, db_default=False
    )
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("sort_key", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="product_external_id_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="product_by_name")]

    def __str__(self) -> str:
        return self.name
