"""The key rate of the Bank of Russia, by which article 395 of the Civil Code counts (D.8)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.querysets.key_rates import KeyRateQuerySet
from crm.history import track


@track()
class KeyRate(models.Model):
    """A rate from a day on, to the day before the next one: so no two hold on one day."""

    percent = models.DecimalField(_("rate, % a year"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("from"))
    # Taken out: entered by mistake; calculations keep the rates that they were made with.
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = KeyRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("key rate")
        verbose_name_plural = _("key rates")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="key_rate_is_a_percentage"
            ),
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(archived_at=None), name="key_rate_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % ({self.valid_from:%d.%m.%Y})"
