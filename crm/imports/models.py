"""A file brought in: job, its rows and what became of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from crm.imports.querysets import ImportJobQuerySet, ImportRowQuerySet


class ImportState(models.TextChoices):
    """C.5 no. 36; what waits for a worker is checking, queued, running and undoing."""

    UPLOADED = "uploaded", _("Not checked yet")
    CHECKING = "checking", _("Being checked")
    PREVIEWED = "previewed", _("Checked")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being undone")
    ROLLED_BACK = "rolled_back", pgettext_lazy("import", "Undone")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


IMPORT_MOVES: dict[str, set[str]] = {
    ImportState.UPLOADED: {ImportState.CHECKING, ImportState.CANCELLED},
    ImportState.CHECKING: {ImportState.PREVIEWED, ImportState.FAILED, ImportState.CANCELLED},
    ImportState.PREVIEWED: {ImportState.CHECKING, ImportState.QUEUED, ImportState.CANCELLED},
    ImportState.QUEUED: {ImportState.RUNNING, ImportState.FAILED, ImportState.CANCELLED},
    ImportState.RUNNING: {ImportState.APPLIED, ImportState.FAILED, ImportState.CANCELLED},
    ImportState.APPLIED: {ImportState.UNDOING},
    ImportState.UNDOING: {ImportState.ROLLED_BACK, ImportState.APPLIED},
    ImportState.ROLLED_BACK: set(),
    ImportState.FAILED: {ImportState.CHECKING, ImportState.CANCELLED},
    ImportState.CANCELLED: set(),
}
WAITING = (
    ImportState.CHECKING,
    ImportState.QUEUED,
    ImportState.RUNNING,
    ImportState.UNDOING,
)
FINISHED = (
    ImportState.APPLIED,
    ImportState.ROLLED_BACK,
    ImportState.FAILED,
    ImportState.CANCELLED,
)


@track(
    exclude=(
        "content",
        "layout",
        "preview",
        "journal",
        "progress",
        "attempts",
        "heartbeat_at",
    )
)
class ImportJob(models.Model):
    """One uploaded file on its way: preview writes nothing, applying is all or nothing."""

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()  # emptied after `imports.keep_days`
    sha256 = models.CharField(max_length=64, db_index=True)
    # Null: the command line.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("by"),
    )
    # What was read: header and its row, encoding, separator, sheet, samples of the columns.
    layout = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)  # field → column, from 0
    options = models.JSONField(default=dict)
    state = models.CharField(
        max_length=11, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    total = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    # Written past the transaction of the work, so that others see it move.
    progress = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    stats = models.JSONField(default=dict)
    preview = models.JSONField(default=list)  # the first rows before and after
    journal = models.JSONField(default=dict)  # what was written, for Undo
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "undoing", "rolled_back"])
                | Q(finished_at__isnull=False),
                name="import_applied_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="import_failed_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["checking", "queued", "running", "undoing"]),
                name="import_waiting",
            ),
            models.Index(fields=["author", "-created_at"], name="import_of_author"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("imports:detail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has it or is to take it."""
        return self.state in WAITING

    @property
    def percent(self) -> int:
        """Share of the rows that the worker has passed."""
        return min(100, self.progress * 100 // self.total) if self.total else 0


class ImportRowResult(models.TextChoices):
    REFUSED = "refused", _("Rejected")
    WARNING = "warning", _("Warning")


class ImportRow(models.Model):
    """A row of the file that needs a person's eye: refused or doubtful, with its reason."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(_("row"))
    raw = models.JSONField()
    result = models.CharField(max_length=8, choices=ImportRowResult.choices)
    reason = models.CharField(_("reason"), max_length=500)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ("number",)
        indexes: ClassVar = [models.Index(fields=["job", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"

    @property
    def shown(self) -> str:
        """The filled cells on one line."""
        return " · ".join(cell for cell in self.raw if cell)


class DroppedFile(models.Model):
    """A file of the folder that was picked up, once by its content; queued or refused."""

    kind = models.CharField(_("kind"), max_length=40)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("file"), max_length=255)
    job = models.ForeignKey(ImportJob, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.TextField(_("reason"), blank=True)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of the folder")
        verbose_name_plural = _("files of the folder")
        ordering = ("-found_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "sha256"], name="dropped_file_once"),
            models.CheckConstraint(
                condition=Q(job=None) | Q(refusal=""), name="dropped_file_queued_or_refused"
            ),
        ]

    def __str__(self) -> str:
        return self.name
