"""How reliable a lead or a client is (CL-06, LEAD-1): answers, points, grade, until when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.models.leads import Lead
from clients.querysets.leads import ReliabilityScoreQuerySet
from crm.history import track


class ReliabilityGrade(models.TextChoices):
    HIGH = "high", pgettext_lazy("reliability", "High")
    MEDIUM = "medium", pgettext_lazy("reliability", "Medium")
    LOW = "low", pgettext_lazy("reliability", "Low")
    REJECT = "reject", pgettext_lazy("reliability", "Stop factor")


class StopFactor(models.TextChoices):
    BANKRUPTCY = "bankruptcy", _("Bankruptcy")
    LIQUIDATION = "liquidation", _("Liquidation")
    UNRELIABLE_RECORD = "unreliable_record", _("Unreliable address or director in the register")


@track(in_bulk=True)
class ReliabilityScore(models.Model):
    """One scoring; the next one of the same lead or client takes its place."""

    lead = models.ForeignKey(
        Lead,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scores",
        verbose_name=_("lead"),
    )
    # The client that the lead became has its score too.
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reliability_scores",
        verbose_name=_("client"),
    )
    # {"age_years": {"answer": "over_3", "points": 10}, …} with the points of that day.
    factors = models.JSONField(_("factors"))
    score = models.PositiveSmallIntegerField(_("score of 100"))
    grade = models.CharField(_("grade"), max_length=6, choices=ReliabilityGrade.choices)
    stop_factor = models.CharField(
        _("stop factor"), max_length=17, choices=StopFactor.choices, blank=True
    )
    # Recommended terms: the longest deferral in calendar days; 0 is prepayment.
    deferral_days = models.PositiveSmallIntegerField(_("deferral up to, days"), default=0)
    note = models.CharField(_("where it is known from"), max_length=500, blank=True)
    scored_on = models.DateField(_("scored on"))
    valid_to = models.DateField(_("valid to"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("scored by")
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReliabilityScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("reliability score")
        verbose_name_plural = _("reliability scores")
        ordering = ("-scored_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(client__isnull=False),
                name="reliability_of_somebody",
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="reliability_score_to_100"),
            models.CheckConstraint(
                condition=Q(grade="reject", deferral_days=0) & ~Q(stop_factor="")
                | ~Q(grade="reject") & Q(stop_factor=""),
                name="reliability_stop_factor_rejects",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("scored_on")), name="reliability_valid_after_scored"
            ),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(replaced_at=None, lead__isnull=False),
                name="reliability_one_of_lead",
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(replaced_at=None, client__isnull=False),
                name="reliability_one_of_client",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_to", "id"],
                condition=Q(replaced_at=None),
                name="reliability_to_recheck",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.get_grade_display()}"

    def get_absolute_url(self) -> str:
        """Where it stands."""
        return self.subject.get_absolute_url()

    @property
    def subject(self) -> Lead | Client:
        """Who is scored: the client, while it was a lead the lead."""
        found = self.client or self.lead
        assert found is not None  # reliability_of_somebody
        return found
