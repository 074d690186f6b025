"""Relationship schemes: what the best clients get for a time, and what it should bring (CL-12)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from clients.models.clients import HalfOpenRange
from crm.history import track
from deals.querysets import SchemeQuerySet


class DaysIncluded(HalfOpenRange):
    """SQL daterange(from, to, '[]'): both days are inside."""

    template = "%(function)s(%(expressions)s, '[]')"


class SchemeState(models.TextChoices):
    """C.5 no. 7; what is returned for rework is a draft again."""

    DRAFT = "draft", _("Draft")
    ON_APPROVAL = "on_approval", _("Being approved")
    APPROVED = "approved", pgettext_lazy("scheme", "Approved")
    ACTIVE = "active", _("In force")
    REJECTED = "rejected", pgettext_lazy("scheme", "Rejected")
    DISCARDED = "discarded", pgettext_lazy("scheme", "Given up")
    EXPIRED = "expired", pgettext_lazy("scheme", "Expired")
    TERMINATED = "terminated", _("Ended early")


SCHEME_MOVES: dict[str, set[str]] = {
    SchemeState.DRAFT: {SchemeState.ON_APPROVAL, SchemeState.DISCARDED},
    SchemeState.ON_APPROVAL: {SchemeState.APPROVED, SchemeState.DRAFT, SchemeState.REJECTED},
    SchemeState.APPROVED: {SchemeState.ACTIVE, SchemeState.TERMINATED},
    SchemeState.ACTIVE: {SchemeState.EXPIRED, SchemeState.TERMINATED},
    SchemeState.REJECTED: set(),
    SchemeState.DISCARDED: set(),
    SchemeState.EXPIRED: set(),
    SchemeState.TERMINATED: set(),
}
OPEN_SCHEME = ("draft", "on_approval")
STANDING_SCHEME = ("approved", "active")
_DECIDED = Q(state__in=[*STANDING_SCHEME, "expired", "terminated"])
_ENDED_EARLY = Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")


@track()
class RelationshipScheme(models.Model):
    """Terms and service of one client from day to day; active it counts in orders by itself."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="relationship_schemes", verbose_name=_("client")
    )
    # The scheme that this one goes on with.
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following"
    )
    goals = models.TextField(_("goals"))
    # Roubles with VAT of net shipments.
    turnover_goal = models.DecimalField(
        _("turnover a month"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    discount_pct = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    individual_service = models.TextField(_("individual service"), blank=True)
    special_terms = models.TextField(_("special terms"), blank=True)
    # Working days sooner than an order is usually shipped.
    accelerated_days = models.PositiveSmallIntegerField(_("shipped sooner by"), default=0)
    valid_from = models.DateField(_("from"))
    # The last day.
    valid_to = models.DateField(_("to, included"))
    # Debt, limit, discipline and turnover on the day of submission.
    evidence = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=11, choices=SchemeState.choices, default=SchemeState.DRAFT
    )
    # Who wrote it last: only they send it, and never decide it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="relationship_schemes"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    # The director had to decide.
    beyond_policy = models.BooleanField(_("outside the policy"), default=False)
    # The first day on which it holds no more.
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("why ended"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship scheme")
        verbose_name_plural = _("relationship schemes")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="scheme_one_a_day",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (DaysIncluded("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=STANDING_SCHEME),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state__in=OPEN_SCHEME),
                name="scheme_one_open_per_client",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="scheme_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(discount_pct__gte=0, discount_pct__lte=100),
                name="scheme_discount_of_hundred",
            ),
            models.CheckConstraint(
                condition=Q(turnover_goal=None) | Q(turnover_goal__gt=0),
                name="scheme_goal_more_than_nothing",
            ),
            models.CheckConstraint(condition=~Q(goals=""), name="scheme_has_goals"),
            models.CheckConstraint(
                condition=Q(discount_pct__gt=0)
                | Q(accelerated_days__gt=0)
                | ~Q(individual_service="")
                | ~Q(special_terms=""),
                name="scheme_gives_something",
            ),
            models.CheckConstraint(
                condition=(_DECIDED & Q(approved_by__isnull=False, approved_at__isnull=False))
                | (~_DECIDED & Q(approved_by=None, approved_at=None)),
                name="scheme_approved_has_approver",
            ),
            models.CheckConstraint(
                condition=(Q(state="terminated") & _ENDED_EARLY)
                | (~Q(state="terminated") & Q(ended_on=None, ended_by=None, end_reason="")),
                name="scheme_ended_early_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "valid_to"],
                condition=Q(state__in=STANDING_SCHEME),
                name="scheme_standing",
            ),
        ]

    def __str__(self) -> str:
        return _now("Relationship scheme %(first)s – %(last)s") % {
            "first": f"{self.valid_from:%d.%m.%Y}",
            "last": f"{self.valid_to:%d.%m.%Y}",
        }

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("deals:scheme_detail", args=[self.pk])
