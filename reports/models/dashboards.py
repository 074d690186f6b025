"""Who is sent which dashboard, on which mornings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnit
from crm.history import track
from reports.querysets.dashboards import SubscriptionQuerySet


class SentPeriod(models.TextChoices):
    """Relative to the day of the letter."""

    THIS_MONTH = "this_month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    HALF_YEAR = "this_half_year", _("This half-year")


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")


@track(exclude=("last_sent_on",))
class DashboardSubscription(models.Model):
    """A person's own choice; one of each unit. What is sent is what the person may see then."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="dashboard_subscriptions",
        verbose_name=_("to"),
    )
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="dashboard_subscriptions", verbose_name=_("unit")
    )
    period = models.CharField(_("period"), max_length=14, choices=SentPeriod.choices)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), verbose_name=_("days")
    )
    hour = models.PositiveSmallIntegerField(_("hour"))
    is_active = models.BooleanField(_("sent"), default=True)
    last_sent_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("dashboard by e-mail")
        verbose_name_plural = _("dashboards by e-mail")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "org_unit"], name="dashboard_sent_once"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="dashboard_hour_of_a_day"),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=[1, 2, 3, 4, 5]),
                name="dashboard_days_of_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_unit_id} → {self.user_id}"
