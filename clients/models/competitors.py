"""Competitors (CL-15): who they are, and what is known of how they treat clients (L43, L641)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.querysets.competitors import CompetitorNoteQuerySet, CompetitorQuerySet
from crm.history import track


class CompetitorAspect(models.TextChoices):
    """C.8; the first four have a value that is compared."""

    PRICE = "price", pgettext_lazy("aspect of a competitor", "Prices")
    DISCOUNT = "discount", pgettext_lazy("aspect of a competitor", "Discounts")
    DEFERRAL = "deferral", pgettext_lazy("aspect of a competitor", "Deferral of payment")
    RETRO = "retro", pgettext_lazy("aspect of a competitor", "Bonuses")
    SERVICE = "service", pgettext_lazy("aspect of a competitor", "Service")
    ASSORTMENT = "assortment", pgettext_lazy("aspect of a competitor", "Assortment")
    OTHER = "other", pgettext_lazy("aspect of a competitor", "Other")


MEASURED = (
    CompetitorAspect.PRICE,
    CompetitorAspect.DISCOUNT,
    CompetitorAspect.DEFERRAL,
    CompetitorAspect.RETRO,
)


@track(exclude=("idempotency_key",))
class Competitor(models.Model):
    """A company that sells to our clients what we sell."""

    name = models.CharField(_("name"), max_length=200)
    site = models.CharField(_("website"), max_length=200, blank=True)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    description = models.TextField(_("what it sells, strong and weak points"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CompetitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at=None), name="competitor_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("clients:competitor_detail", args=[self.pk])


@track(exclude=("idempotency_key",))
class CompetitorNote(models.Model):
    """What was learnt of one side of a competitor's policy, of one client or in general.

    `value` is in the unit of the aspect: roubles with VAT, percent, calendar days.
    """

    competitor = models.ForeignKey(
        Competitor, models.PROTECT, related_name="notes", verbose_name=_("competitor")
    )
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="competitor_notes",
        verbose_name=_("client"),
    )
    aspect = models.CharField(_("aspect"), max_length=10, choices=CompetitorAspect.choices)
    value = models.DecimalField(_("value"), max_digits=15, decimal_places=2, null=True, blank=True)
    text = models.CharField(_("what was learnt"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=200)
    noted_on = models.DateField(_("learnt on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who noted it")
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CompetitorNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a competitor")
        verbose_name_plural = _("notes on competitors")
        ordering = ("-noted_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""),
                name="competitor_note_says_something",
            ),
            models.CheckConstraint(
                condition=Q(value=None)
                | Q(aspect__in=["price", "discount", "deferral", "retro"], value__gte=0),
                name="competitor_value_of_what_is_measured",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(aspect__in=["price", "deferral"]) | Q(value__lte=100),
                name="competitor_percentage_up_to_100",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["competitor", "aspect", "-noted_on"], name="competitor_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.competitor}: {self.get_aspect_display()}"
