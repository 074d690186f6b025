"""Price lists: what goods cost by the kind of price and the day (DL-02)."""

from datetime import date, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models.clients import HalfOpenRange
from crm.history import track
from deals.models.products import Product
from deals.querysets import PriceListLineQuerySet, PriceListQuerySet


class PriceKind(models.TextChoices):
    """Which price an order takes; several lists hold side by side, one of each kind a day."""

    BASE = "base", _("Base price")
    WHOLESALE = "wholesale", _("Wholesale price")
    CHAIN = "chain", _("Price for chains")


class PriceListState(models.TextChoices):
    """A list is prepared, then approved as a whole; afterwards only its end is set."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Thrown away")


PRICE_LIST_MOVES: dict[str, set[str]] = {
    PriceListState.DRAFT: {PriceListState.APPROVED, PriceListState.DISCARDED},
    PriceListState.APPROVED: set(),
    PriceListState.DISCARDED: set(),
}


@track()
class PriceList(models.Model):
    """Prices of one kind for a period, roubles with VAT."""

    kind = models.CharField(_("price type"), max_length=10, choices=PriceKind.choices)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(
        _("state"), max_length=9, choices=PriceListState.choices, default=PriceListState.DRAFT
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to, not included"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="price_list_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_by=None, approved_at=None)),
                name="price_list_approved_has_approver",
            ),
            ExclusionConstraint(
                name="price_list_one_a_day",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:price_list_detail", args=[self.pk])

    @property
    def last_day(self) -> date | None:
        """The last day on which the list holds."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    def holds_on(self, day: date) -> bool:
        """Approved, and the day is inside its period."""
        inside = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        return inside and self.state == PriceListState.APPROVED


def approved_price_stays() -> pgtrigger.Trigger:
    """Trigger that refuses to touch a price of a list that is not a draft any more."""
    return pgtrigger.Trigger(
        name="approved_price_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (
                SELECT 1 FROM deals_pricelist
                WHERE id = (CASE TG_OP WHEN 'DELETE' THEN OLD.price_list_id
                            ELSE NEW.price_list_id END) AND state <> 'draft'
            ) THEN
                RAISE EXCEPTION 'prices of an approved list are not edited'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'approved_price_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@track(in_bulk=True, part_of="price_list")
class PriceListLine(models.Model):
    """What a product costs by the list, and below what it is not sold; roubles with VAT."""

    price_list = models.ForeignKey(
        PriceList, models.CASCADE, related_name="lines", verbose_name=_("price list")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="prices", verbose_name=_("product")
    )
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2)
    min_price = models.DecimalField(_("lowest price"), max_digits=15, decimal_places=2)

    history_named: ClassVar = ("product",)
    history_shown: ClassVar = ("price", "min_price")
    objects = PriceListLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a price list")
        verbose_name_plural = _("lines of price lists")
        ordering = ("price_list", "product")
        triggers: ClassVar = [approved_price_stays()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["price_list", "product"], name="price_list_product_once"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(min_price__gte=0, min_price__lte=F("price")),
                name="lowest_price_below_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.price}"
