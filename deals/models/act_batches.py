"""Acts that are formed together in the background, with what became of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.models.reconciliations import ReconciliationItem
from deals.querysets import ActBatchQuerySet


class BatchRowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Formed")
    REFUSED = "refused", _("Rejected")


@track()
class ActBatch(models.Model):
    """A selection of reconciliations whose acts one person has asked for."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = ActBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("forming of acts")
        verbose_name_plural = _("formings of acts")
        ordering = ("-pk",)
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="act_batch_waiting"),
        ]

    def __str__(self) -> str:
        return _now("Forming of acts no. %(n)s") % {"n": self.pk}

    def get_absolute_url(self) -> str:
        """The page of its progress."""
        return reverse("deals:act_batch", args=[self.pk])


class ActBatchRow(models.Model):
    """One reconciliation of a selection: waiting, formed, or refused with the reason."""

    batch = models.ForeignKey(ActBatch, models.CASCADE, related_name="rows")
    item = models.ForeignKey(ReconciliationItem, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=7, choices=BatchRowState.choices, default=BatchRowState.WAITING
    )
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "item"], name="act_batch_item_once"),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(refusal=""), name="act_batch_refusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
