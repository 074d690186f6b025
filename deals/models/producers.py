"""Price agreements with producers: what they bind us to when we sell their goods (DL-02, L436)."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.models.products import Product, ProductGroup
from deals.querysets.producers import AgreementLineQuerySet, ProducerAgreementQuerySet


@track(exclude=("idempotency_key", "sort_key"))
class ProducerPriceAgreement(models.Model):
    """What was agreed with a producer; it holds by its days, the last one included."""

    number = models.CharField(_("number"), max_length=100)
    producer = models.CharField(_("producer or brand"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False, default="")
    valid_from = models.DateField(_("from"))
    # The last day; null: until it is ended.
    valid_to = models.DateField(_("to, included"), null=True, blank=True)
    # What goes to clients besides the prices: deliveries, merchandising, samples …
    services = models.TextField(_("package of services"), blank=True)
    # Who answers for it, and is reminded of its end.
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="producer_agreements",
        verbose_name=_("kept by"),
    )
    # Entered by mistake: it binds to nothing any more.
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ProducerAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("price agreement with a producer")
        verbose_name_plural = _("price agreements with producers")
        ordering = ("sort_key", "-valid_from", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sort_key", "number"],
                condition=Q(archived_at=None),
                name="producer_agreement_number_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="producer_agreement_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.producer}, № {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("deals:producer_agreement_detail", args=[self.pk])

    def holds_on(self, day: date) -> bool:
        """Not taken out, and the day is inside its period."""
        inside = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return inside and self.archived_at is None

    def is_over(self, today: date) -> bool:
        """Its last day has gone by."""
        return self.valid_to is not None and self.valid_to < today

    def ends_within(self, today: date, days: int) -> bool:
        """It holds, and the last day is near."""
        if self.valid_to is None or not self.holds_on(today):
            return False
        return self.valid_to <= today + timedelta(days=days)


@track()
class ProducerAgreementLine(models.Model):
    """What the agreement says of a product, or of a group with all below it; roubles with VAT.

    A group has a highest discount only: its goods cost differently. The discount counts from the
    recommended price, without one from the price of our list.
    """

    agreement = models.ForeignKey(
        ProducerPriceAgreement,
        models.CASCADE,
        related_name="lines",
        verbose_name=_("price agreement with a producer"),
    )
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_lines",
        verbose_name=_("product"),
    )
    group = models.ForeignKey(
        ProductGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_lines",
        verbose_name=_("group"),
    )
    recommended_price = models.DecimalField(
        _("recommended price"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    lowest_price = models.DecimalField(
        _("lowest resale price"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    highest_discount = models.DecimalField(
        _("highest discount, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    history_named: ClassVar = ("product", "group")
    history_shown: ClassVar = ("recommended_price", "lowest_price", "highest_discount")
    objects = AgreementLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a price agreement")
        verbose_name_plural = _("lines of price agreements")
        ordering = ("agreement", "position", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, group=None)
                | Q(product=None, group__isnull=False),
                name="agreement_line_of_product_or_group",
            ),
            models.CheckConstraint(
                condition=Q(group=None) | Q(recommended_price=None, lowest_price=None),
                name="agreement_line_of_group_has_discount_only",
            ),
            models.CheckConstraint(
                condition=Q(recommended_price__isnull=False)
                | Q(lowest_price__isnull=False)
                | Q(highest_discount__isnull=False),
                name="agreement_line_says_something",
            ),
            models.CheckConstraint(
                condition=(Q(recommended_price=None) | Q(recommended_price__gt=0))
                & (Q(lowest_price=None) | Q(lowest_price__gt=0)),
                name="agreement_line_prices_above_nothing",
            ),
            models.CheckConstraint(
                condition=Q(recommended_price=None)
                | Q(lowest_price=None)
                | Q(lowest_price__lte=F("recommended_price")),
                name="agreement_line_lowest_below_recommended",
            ),
            models.CheckConstraint(
                condition=Q(highest_discount=None)
                | Q(highest_discount__gte=0, highest_discount__lte=100),
                name="agreement_line_discount_of_hundred",
            ),
            models.UniqueConstraint(fields=["agreement", "product"], name="agreement_product_once"),
            models.UniqueConstraint(fields=["agreement", "group"], name="agreement_group_once"),
        ]

    def __str__(self) -> str:
        return str(self.product or self.group)
