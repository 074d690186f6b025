"""Papers that a client has to give us: the dossier (DL-17, L434)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets.base import OfClientQuerySet


class ClientDocumentKind(models.TextChoices):
    CHARTER = "charter", _("Charter")
    REGISTRATION = "registration", _("Certificate of registration (OGRN)")
    TAX = "tax", _("Certificate of the tax office (INN)")
    APPOINTMENT = "appointment", _("Order of appointment of the head")
    AUTHORITY = "authority", _("Power of attorney of the signatory")
    CARD = "card", _("Card of the company")
    LEASE = "lease", _("Right to the premises")
    LICENCE = "licence", _("Licence")
    OTHER = "other", _("Other")


@track()
class ClientDocument(models.Model):
    """One paper: what it is, until when it is good, who has checked it; the scan is a file."""

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="documents", verbose_name=_("client")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ClientDocumentKind.choices)
    number = models.CharField(_("number"), max_length=100, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    # Null: good for ever.
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    archived_at = models.DateTimeField(_("replaced or withdrawn"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of the client")
        verbose_name_plural = _("documents of clients")
        ordering = ("kind", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(issued_on=None) | Q(valid_to__gte=F("issued_on")),
                name="client_document_period_not_backwards",
            ),
            models.CheckConstraint(
                condition=Q(checked_on=None, checked_by=None)
                | Q(checked_on__isnull=False, checked_by__isnull=False),
                name="client_document_checked_has_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_to"],
                condition=Q(archived_at=None),
                name="client_document_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return reverse("deals:document_detail", args=[self.pk])
