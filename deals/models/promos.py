"""Promo campaigns: goods, clients and terms of a period, what they cost and brought (DL-14)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.products import Product, ProductGroup
from deals.querysets import PromoQuerySet


class PromoKind(models.TextChoices):
    """What draws the buyer."""

    DISCOUNT = "discount", pgettext_lazy("promo", "Discount")
    GIFT = "gift", pgettext_lazy("promo", "Gift with the purchase")
    DISPLAY = "display", _("Display in outlets")
    TASTING = "tasting", _("Tasting, demonstration")
    MOTIVATION = "motivation", _("Motivation of sellers")
    PROGRAMME = "programme", _("Marketing programme")


class PromoState(models.TextChoices):
    """C.5 no. 29; what marketing returns is a draft again, what was not begun may be called off."""

    DRAFT = "draft", pgettext_lazy("promo", "Draft")
    ON_APPROVAL = "on_marketing_approval", _("With marketing")
    APPROVED = "approved", pgettext_lazy("promo", "Approved")
    RUNNING = "running", pgettext_lazy("promo", "Running")
    FINISHED = "finished", pgettext_lazy("promo", "Over")
    ANALYSED = "analysed", pgettext_lazy("promo", "Analysed")
    CLOSED = "closed", pgettext_lazy("promo", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("promo", "Cancelled")


PROMO_MOVES: dict[str, set[str]] = {
    PromoState.DRAFT: {PromoState.ON_APPROVAL, PromoState.CANCELLED},
    PromoState.ON_APPROVAL: {PromoState.APPROVED, PromoState.DRAFT},
    PromoState.APPROVED: {PromoState.RUNNING, PromoState.CANCELLED},
    PromoState.RUNNING: {PromoState.FINISHED},
    PromoState.FINISHED: {PromoState.ANALYSED},
    # Counted anew once the days after it are over.
    PromoState.ANALYSED: {PromoState.ANALYSED, PromoState.CLOSED},
    PromoState.CLOSED: set(),
    PromoState.CANCELLED: set(),
}
STANDING_PROMO = ("approved", "running")
_COUNTED = Q(state__in=["analysed", "closed"])
_NOT_APPROVED = Q(state__in=["draft", "on_marketing_approval"])


@track()
class PromoCampaign(models.Model):
    """A promo; sums are roubles with VAT, both days are inside the period."""

    name = models.CharField(pgettext_lazy("of a record", "name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=PromoKind.choices)
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    mechanics = models.TextField(_("mechanics"))
    discount_pct = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # Null: of the whole company.
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promos",
        verbose_name=_("unit"),
    )
    # Which clients take part where none is named; empty: all of them.
    categories = ArrayField(
        models.CharField(max_length=1), verbose_name=_("categories"), default=list, blank=True
    )
    channels = ArrayField(
        models.CharField(max_length=100), verbose_name=_("channels"), default=list, blank=True
    )
    planned_sales = models.DecimalField(_("planned sales"), max_digits=15, decimal_places=2)
    # Gross profit of usual sales of these goods, without the promo.
    margin_pct = models.DecimalField(
        _("usual margin, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    # What the goods sold in the promo cost us; null: not known.
    cost_of_goods = models.DecimalField(
        _("cost of the goods sold"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    # The figures of PROMO-1 on the day of the analysis (deals.promos.promo_effect).
    effect = models.JSONField(_("effect"), default=dict, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    analysed_on = models.DateField(_("analysed on"), null=True, blank=True)
    analysed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("analysed by"),
    )
    state = models.CharField(
        _("state"), max_length=21, choices=PromoState.choices, default=PromoState.DRAFT
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="promos",
        verbose_name=_("author"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PromoQuerySet.as_manager()

    class Meta:
        verbose_name = _("promo")
        verbose_name_plural = _("promos")
        ordering = ("-starts_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="promo_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(discount_pct__gte=0, discount_pct__lte=100),
                name="promo_discount_of_hundred",
            ),
            models.CheckConstraint(
                condition=~Q(kind="discount") | Q(discount_pct__gt=0),
                name="promo_of_discount_has_one",
            ),
            models.CheckConstraint(
                condition=Q(margin_pct=None) | Q(margin_pct__gte=-100, margin_pct__lte=100),
                name="promo_margin_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(planned_sales__gte=0)
                & (Q(cost_of_goods=None) | Q(cost_of_goods__gte=0)),
                name="promo_sums_not_below_nothing",
            ),
            models.CheckConstraint(
                condition=(
                    _COUNTED
                    & Q(analysed_on__isnull=False, analysed_by__isnull=False)
                    & ~Q(effect={})
                    & ~Q(conclusion="")
                )
                | (~_COUNTED & Q(analysed_on=None, analysed_by=None, effect={})),
                name="promo_analysed_has_effect",
            ),
            models.CheckConstraint(
                condition=(_NOT_APPROVED & Q(approved_by=None, approved_at=None))
                | Q(state="cancelled")
                | (
                    ~_NOT_APPROVED
                    & ~Q(state="cancelled")
                    & Q(approved_by__isnull=False, approved_at__isnull=False)
                ),
                name="promo_approved_has_approver",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="promo_called_off_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_on", "ends_on"], name="promo_by_days"),
            models.Index(
                fields=["ends_on"],
                condition=Q(state__in=STANDING_PROMO),
                name="promo_standing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("deals:promo_detail", args=[self.pk])


@track(exclude=("position",), part_of="promo")
class PromoGoods(models.Model):
    """A product of a promo, or a group with all below it; a promo without any is of all goods."""

    promo = models.ForeignKey(PromoCampaign, models.CASCADE, related_name="goods")
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promo_lines",
        verbose_name=_("product"),
    )
    group = models.ForeignKey(
        ProductGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promo_lines",
        verbose_name=_("group"),
    )

    history_named: ClassVar = ("product", "group")
    history_shown: ClassVar = ("product", "group")

    class Meta:
        verbose_name = _("goods of a promo")
        verbose_name_plural = _("goods of promos")
        ordering = ("promo", "position", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, group=None)
                | Q(product=None, group__isnull=False),
                name="promo_goods_product_or_group",
            ),
            models.UniqueConstraint(fields=["promo", "product"], name="promo_product_once"),
            models.UniqueConstraint(fields=["promo", "group"], name="promo_group_once"),
        ]

    def __str__(self) -> str:
        return str(self.product or self.group)


@track()
class PromoClient(models.Model):
    """A client named for a promo; like its history it is for those who see the client."""

    promo = models.ForeignKey(
        PromoCampaign, models.CASCADE, related_name="named", verbose_name=_("promo")
    )
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="promo_places", verbose_name=_("client")
    )

    class Meta:
        verbose_name = _("client of a promo")
        verbose_name_plural = _("clients of promos")
        ordering = ("promo", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promo", "client"], name="promo_client_once"),
        ]

    def __str__(self) -> str:
        return f"{self.promo_id}: {self.client_id}"


class PromoCostKind(models.TextChoices):
    """What a promo is paid for, as the analysis adds it up (PROMO-1)."""

    MATERIALS = "materials", _("Materials")
    MERCHANDISING = "merchandising", _("Merchandising")
    STAFF = "staff_bonus", _("Bonuses of sellers")
    MEDIA = "media", _("Advertising")
    OTHER = "other", pgettext_lazy("promo costs", "Other")


@track(exclude=("position",), part_of="promo")
class PromoCost(models.Model):
    """What a promo should cost and has cost, roubles; the fact is null until it is known."""

    promo = models.ForeignKey(PromoCampaign, models.CASCADE, related_name="costs")
    position = models.PositiveIntegerField(_("no."))
    kind = models.CharField(_("kind"), max_length=13, choices=PromoCostKind.choices)
    planned = models.DecimalField(_("plan"), max_digits=15, decimal_places=2, default=0)
    actual = models.DecimalField(
        _("actual"), max_digits=15, decimal_places=2, null=True, blank=True
    )

    history_named: ClassVar = ("kind",)
    history_shown: ClassVar = ("planned", "actual")

    class Meta:
        verbose_name = _("costs of a promo")
        verbose_name_plural = _("costs of promos")
        ordering = ("promo", "position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promo", "kind"], name="promo_cost_once"),
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(actual=None) | Q(actual__gte=0)),
                name="promo_costs_not_below_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
