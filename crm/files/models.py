"""Attachment: one version of a file that belongs to a record (CR-11)."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.files.formats import BY_KEY
from crm.files.querysets import AttachmentQuerySet
from crm.history import track


class AttachmentFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    JPG = "jpg", "JPG"
    PNG = "png", "PNG"
    XLSX = "xlsx", "XLSX"
    DOCX = "docx", "DOCX"
    CSV = "csv", "CSV"


class AttachmentKind(models.TextChoices):
    """What the document is."""

    CONTRACT = "contract", _("Contract")
    ADDENDUM = "addendum", _("Addendum, specification")
    PRIMARY = "primary", _("Invoice, waybill, act")
    RECONCILIATION = "reconciliation", _("Act of reconciliation")
    CLAIM = "claim", _("Claim, answer")
    AUTHORITY = "authority", _("Power of attorney, order")
    REGISTRATION = "registration", _("Registration papers")
    LETTER = "letter", _("Letter")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other")


@track(exclude=("is_latest",))
class Attachment(models.Model):
    """A version of a file. Versions share `chain`; nothing is deleted, only put aside.

    The whole chain is put aside, the row of its newest version says so. `received_sha256` is of
    the bytes that came, `sha256` and `size` of those that are kept (pictures are written anew).
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)  # name on the disk
    owner_kind = models.CharField(max_length=30)  # as registered with crm.files.registry
    owner_id = models.PositiveBigIntegerField()
    kind = models.CharField(
        _("document type"),
        max_length=14,
        choices=AttachmentKind.choices,
        default=AttachmentKind.OTHER,
    )
    name = models.CharField(_("name"), max_length=150)
    format = models.CharField(_("format"), max_length=4, choices=AttachmentFormat.choices)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    received_sha256 = models.CharField(max_length=64)
    chain = models.UUIDField(default=uuid4)
    number = models.PositiveIntegerField(_("version"), default=1)
    is_latest = models.BooleanField(default=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="attachments",
        verbose_name=_("uploaded by"),
    )
    # Who sent it without an account here, for example by a personal link.
    sender = models.CharField(pgettext_lazy("of a person", "sent by"), max_length=254, blank=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    put_aside_at = models.DateTimeField(_("put aside"), null=True, blank=True)
    put_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put aside by"),
    )
    put_aside_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="attachment_version_once"),
            models.UniqueConstraint(
                fields=["chain"], condition=Q(is_latest=True), name="attachment_one_latest"
            ),
            models.CheckConstraint(
                condition=Q(put_aside_at=None, put_aside_by=None, put_aside_reason="")
                | (
                    Q(put_aside_at__isnull=False, put_aside_by__isnull=False, is_latest=True)
                    & ~Q(put_aside_reason="")
                ),
                name="attachment_aside_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, sender="") | (Q(author=None) & ~Q(sender="")),
                name="attachment_author_or_sender",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, number__gt=0), name="attachment_has_size_and_number"
            ),
            models.CheckConstraint(
                condition=Q(format__in=AttachmentFormat.values), name="attachment_format_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner_kind", "owner_id", "-created_at"], name="attachment_of_record"
            ),
            models.Index(fields=["author", "created_at"], name="attachment_of_author"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:detail", args=[self.pk])

    @property
    def who(self) -> str:
        """Whose upload it is, in words."""
        return self.author.short_name if self.author else self.sender

    @property
    def content_type(self) -> str:
        """What the browser is told it is."""
        return BY_KEY[self.format].content_type

    @property
    def is_put_aside(self) -> bool:
        return self.put_aside_at is not None
