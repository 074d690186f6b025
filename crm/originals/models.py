"""Originals and valuables that somebody holds for a time."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from crm.originals.querysets import IssuedOriginalQuerySet


class OriginalKind(models.TextChoices):
    """What was given out."""

    DOCUMENT = "document", _("Document")
    VALUABLE = "valuable", _("Valuable")


@track()
class IssuedOriginal(models.Model):
    """A paper or a thing entrusted to a person until a day (L502).

    It is back when somebody else than its holder has taken it.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=OriginalKind.choices)
    item = models.CharField(_("what"), max_length=200)
    number = models.CharField(_("number"), max_length=50, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="held_originals",
        verbose_name=_("who holds it"),
    )
    issued_on = models.DateField(_("given out"))
    return_due = models.DateField(_("to be returned"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given out by")
    )
    returned_on = models.DateField(_("returned"), null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = IssuedOriginalQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued original")
        verbose_name_plural = _("issued originals")
        ordering = ("return_due", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(item=""), name="original_is_named"),
            models.CheckConstraint(
                condition=Q(return_due__gte=F("issued_on")), name="original_due_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None, received_by=None)
                | Q(returned_on__isnull=False, received_by__isnull=False)
                & Q(returned_on__gte=F("issued_on"))
                & ~Q(received_by=F("holder")),
                name="original_taken_back_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["return_due", "id"], condition=Q(returned_on=None), name="original_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return reverse("originals:detail", args=[self.pk])

    @property
    def is_out(self) -> bool:
        """Whether it is still held."""
        return self.returned_on is None
