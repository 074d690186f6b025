"""Notice: an outbox row that becomes a line under the bell and an e-mail."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.notices.querysets import NoticeQuerySet


class NoticeChannel(models.TextChoices):
    UI = "ui", _("In the product")
    EMAIL = "email", _("E-mail")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Delivered")
    DEAD = "dead", _("Given up")


class Notice(models.Model):
    """Written in the transaction of the action, delivered by the relay: nothing is lost.

    The text is rendered from `kind` and `params` in the reader's language.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="notices",
        verbose_name=_("to"),
    )
    # A letter to somebody who has no account here, a client for example.
    address = models.EmailField(_("address"), blank=True)
    channel = models.CharField(max_length=5, choices=NoticeChannel.choices)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(max_length=7, choices=NoticeState.choices, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "channel", "dedupe_key"], name="notice_once_per_key"
            ),
            models.UniqueConstraint(
                fields=["address", "dedupe_key"],
                condition=Q(user=None),
                name="notice_once_per_address",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="")
                | (Q(user=None, channel="email") & ~Q(address="")),
                name="notice_to_a_person_or_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="notice_sent_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(channel="ui"),
                name="notice_of_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id or self.address}"
