"""Approach schemes: ordered steps as a template for a series of contacts (L19, L617)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models.clients import Client
from clients.models.contacts import ContactKind
from clients.querysets import ApproachSchemeQuerySet, SchemeRunQuerySet
from crm.history import track


@track()
class ApproachScheme(models.Model):
    """A named series of steps for a segment of clients."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    segment = models.CharField(_("for whom"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApproachSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("approach scheme")
        verbose_name_plural = _("approach schemes")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:scheme_detail", args=[self.pk])


@track()
class ApproachStep(models.Model):
    """One contact of the series, so many working days after the start."""

    scheme = models.ForeignKey(ApproachScheme, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind.choices)
    offset_days = models.PositiveSmallIntegerField(_("working days after the start"))
    title = models.CharField(_("what to do"), max_length=200)
    script = models.TextField(_("what to say"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("order",)
        constraints: ClassVar = [
            # Deferred: steps change places within one transaction.
            models.UniqueConstraint(
                fields=["scheme", "order"],
                name="scheme_step_order_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.title


@track()
class SchemeRun(models.Model):
    """A scheme started for a client; its steps became planned contacts."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="scheme_runs")
    scheme = models.ForeignKey(ApproachScheme, models.PROTECT, related_name="runs")
    started_on = models.DateField(_("started on"))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stop_reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SchemeRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme in progress")
        verbose_name_plural = _("schemes in progress")
        ordering = ("-started_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stopped_at=None) | (Q(stopped_by__isnull=False) & ~Q(stop_reason="")),
                name="scheme_stopped_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.scheme}"
