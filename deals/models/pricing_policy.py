"""The pricing policy as a text with versions (DL-02, S2B.II.K5, S4.2.13)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from deals.querysets.pricing_policy import PricingPolicyQuerySet


class PricingPolicyState(models.TextChoices):
    """A version is written, then published as a whole or thrown away."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("of a policy", "Published")
    DISCARDED = "discarded", _("Thrown away")


PRICING_POLICY_MOVES: dict[str, set[str]] = {
    PricingPolicyState.DRAFT: {PricingPolicyState.PUBLISHED, PricingPolicyState.DISCARDED},
    PricingPolicyState.PUBLISHED: set(),
    PricingPolicyState.DISCARDED: set(),
}


@track()
class PricingPolicy(models.Model):
    """One version of the policy; it holds from its first day to the next one's."""

    # Given at the publication; a draft has none.
    number = models.PositiveIntegerField(_("version"), null=True, blank=True, unique=True)
    text = models.TextField(_("text"))
    # What is new in it, for those who read the list of versions.
    summary = models.CharField(_("what has changed"), max_length=300, blank=True)
    valid_from = models.DateField(_("in force from"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=PricingPolicyState.choices,
        default=PricingPolicyState.DRAFT,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
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
    version = models.PositiveIntegerField(default=1)

    objects = PricingPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the pricing policy")
        verbose_name_plural = _("versions of the pricing policy")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="pricing_policy_has_text"),
            models.CheckConstraint(
                condition=Q(
                    state="published",
                    number__isnull=False,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | (~Q(state="published") & Q(number=None, approved_by=None, approved_at=None)),
                name="pricing_policy_published_has_approver",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(state="published"),
                name="pricing_policy_one_from_a_day",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="pricing_policy_one_draft"
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(self.get_state_display())
        return _now("Version %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("deals:pricing_policy_version", args=[self.pk])
