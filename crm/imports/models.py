"""A file brought in: job, its rows and what became of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from crm.imports.querysets import ImportJobQuerySet


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    PREVIEWED = "previewed", _("Checked")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    ROLLED_BACK = "rolled_back", _("Undone")


IMPORT_MOVES: dict[str, set[str]] = {
    ImportState.UPLOADED: {
        ImportState.PREVIEWED,
        ImportState.FAILED,
        ImportState.CANCELLED,
    },
    ImportState.PREVIEWED: {
        ImportState.PREVIEWED,
        ImportState.QUEUED,
        ImportState.CANCELLED,
        ImportState.FAILED,
    },
    ImportState.QUEUED: {ImportState.RUNNING, ImportState.CANCELLED},
    ImportState.RUNNING: {
        ImportState.APPLIED,
        ImportState.FAILED,
        ImportState.CANCELLED,
        ImportState.QUEUED,
    },
    ImportState.APPLIED: {ImportState.ROLLED_BACK},
    ImportState.FAILED: {ImportState.QUEUED},
    ImportState.CANCELLED: set(),
    ImportState.ROLLED_BACK: set(),
}


@track(exclude=("content", "progress", "heartbeat_at"))
class ImportJob(models.Model):
    """One uploaded file on its way: preview writes nothing, applying is all or nothing."""

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="imports",
        verbose_name=_("by"),
    )
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(
        max_length=11, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    total = models.PositiveIntegerField(null=True, blank=True)
    progress = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    stats = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(finished_at__isnull=False),
                name="import_applied_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("imports:detail", args=[self.pk])


class ImportRowResult(models.TextChoices):
    REFUSED = "refused", _("Refused")
    WARNING = "warning", _("Warning")


class ImportRow(models.Model):
    """A row of the file that needs a person's eye: refused or doubtful, with its reason."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    raw = models.JSONField()
    result = models.CharField(max_length=8, choices=ImportRowResult.choices)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ("number",)
        indexes: ClassVar = [models.Index(fields=["job", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
