"""Debts by age as they stood each night: what the books said then, whatever came later (C.6)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clients.models import Client
from deals.querysets import OfClientQuerySet


class AgeingSnapshot(models.Model):
    """One night: debts open at the end of the day before, their age counted on this day."""

    on = models.DateField(unique=True)
    # The setting of that night: last days of the intervals; the last one is open.
    borders = ArrayField(models.PositiveSmallIntegerField())
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-on",)

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"


class AgeingLine(models.Model):
    """What one client owed, by interval: not due, then as the borders say; roubles with VAT."""

    snapshot = models.ForeignKey(AgeingSnapshot, models.CASCADE, related_name="lines")
    client = models.ForeignKey(Client, models.PROTECT, related_name="ageing_lines")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    amounts = ArrayField(models.DecimalField(max_digits=15, decimal_places=2))
    total = models.DecimalField(max_digits=15, decimal_places=2)
    overdue = models.DecimalField(max_digits=15, decimal_places=2)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        ordering = ("snapshot", "client")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "client"], name="ageing_line_once"),
            models.CheckConstraint(
                condition=Q(total__gt=0, overdue__gte=0, overdue__lte=F("total")),
                name="ageing_line_of_a_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.total}"
