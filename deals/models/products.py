"""Goods and the VAT rates that hold by date (DL-01, D.16)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets import ProductQuerySet


class VatKind(models.TextChoices):
    """Which rate a product is sold at; the percentage depends on the date of shipment."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("0 %")
    NONE = "none", _("Without VAT")


@track()
class VatRate(models.Model):
    """A rate from a day on, until the next row of the same kind (VAT-4)."""

    kind = models.CharField(_("kind"), max_length=10, choices=VatKind.choices)
    percent = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("from"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ("kind", "-valid_from")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="vat_rate_once_a_day"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="vat_rate_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.percent} % ({self.valid_from:%d.%m.%Y})"


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
