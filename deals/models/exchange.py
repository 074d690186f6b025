"""Programs of 1C that bring files by themselves: their keys and what they have sent so far."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets import ExchangeFileQuerySet, ExchangeTokenQuerySet


@track(exclude=("secret_hash", "last_used_at"))
class ExchangeToken(models.Model):
    """The key of one program of 1C, which works with the rights of a person.

    The secret is random and shown once; only its hash is kept.
    """

    name = models.CharField(_("name"), max_length=100)
    login = models.CharField(_("login"), max_length=40, unique=True)
    secret_hash = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="exchange_tokens",
        verbose_name=_("acts as"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExchangeTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of 1C")
        verbose_name_plural = _("keys of 1C")
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  (a pattern)
                name="exchange_secret_is_hashed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExchangeFile(models.Model):
    """A file that comes in pieces; it becomes an import when 1C says that it is whole."""

    token = models.ForeignKey(ExchangeToken, models.CASCADE, related_name="files")
    session = models.CharField(max_length=32)
    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(default=bytes)  # emptied when it becomes an import
    size = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(
        "imports.ImportJob", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExchangeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file from 1C")
        verbose_name_plural = _("files from 1C")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "session", "name"], name="exchange_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class WrongKey(models.Model):
    """Wrong keys of one login from one address, counted until the lock has passed (G-AC)."""

    login = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["login", "address"], name="wrong_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.login}: {self.count}"
