"""Corrective measures against claims and returns, with the rate before and after (CM-04, L438)."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claim_words import GuiltyParty
from claims.models.claims import ClaimReason
from claims.querysets import MeasureQuerySet
from crm.history import track
from deals.models import ProductGroup


class MeasureState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("measure", "Planned")
    RUNNING = "running", pgettext_lazy("measure", "Being carried out")
    DONE = "done", pgettext_lazy("measure", "Carried out")
    CHECKED = "checked", pgettext_lazy("measure", "Effect checked")
    CANCELLED = "cancelled", pgettext_lazy("measure", "Given up")


MEASURE_MOVES: dict[str, set[str]] = {
    MeasureState.PLANNED: {MeasureState.RUNNING, MeasureState.DONE, MeasureState.CANCELLED},
    MeasureState.RUNNING: {MeasureState.DONE, MeasureState.CANCELLED},
    MeasureState.DONE: {MeasureState.CHECKED, MeasureState.RUNNING},
    MeasureState.CHECKED: set(),
    MeasureState.CANCELLED: set(),
}
OPEN_MEASURE = (MeasureState.PLANNED, MeasureState.RUNNING)


@track()
class CorrectiveMeasure(models.Model):
    """What is done against a cause of claims; rates are claimed ÷ shipped roubles, percent."""

    title = models.CharField(_("measure"), max_length=300)
    description = models.TextField(_("what is to be done"), max_length=4000, blank=True)
    # The problem: claims for the reason, by the fault, with goods of the group; empty is any.
    reason = models.ForeignKey(
        ClaimReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("reason"),
    )
    guilty_party = models.CharField(
        _("party at fault"), max_length=9, choices=GuiltyParty.choices, blank=True
    )
    product_group = models.ForeignKey(
        ProductGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("product group"),
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="measures", verbose_name=_("unit")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="measures",
        verbose_name=_("answers for it"),
    )
    due_on = models.DateField(_("to be done by"))
    state = models.CharField(
        _("state"), max_length=9, choices=MeasureState.choices, default=MeasureState.PLANNED
    )
    # The days before it that the days after it are compared with, both ends included.
    before_from = models.DateField(_("compared with, from"))
    before_to = models.DateField(_("compared with, to"))
    before_claims = models.PositiveIntegerField(default=0)
    before_rate = models.DecimalField(
        _("rate before"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    done_on = models.DateField(_("carried out on"), null=True, blank=True)
    # Kept when the effect is checked.
    after_claims = models.PositiveIntegerField(null=True, blank=True)
    after_rate = models.DecimalField(
        _("rate after"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective measure")
        verbose_name_plural = _("corrective measures")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(before_to__gte=F("before_from")), name="measure_period_not_backwards"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "checked"]) | Q(done_on__isnull=False),
                name="measure_done_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "cancelled"]) | ~Q(conclusion=""),
                name="measure_ended_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(after_claims__isnull=False),
                name="measure_checked_has_figures",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=OPEN_MEASURE), name="measure_to_do"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("claims:measure_detail", args=[self.pk])

    @property
    def after(self) -> tuple[date, date] | None:
        """As many days after it was carried out as are compared with; None before that."""
        if self.done_on is None:
            return None
        first = self.done_on + timedelta(days=1)
        return first, first + (self.before_to - self.before_from)
