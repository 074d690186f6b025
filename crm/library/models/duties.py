"""Duties of job descriptions, and which screens serve them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history import track
from crm.library.models.documents import DocumentVersion, part_is_locked
from crm.library.querysets import CapabilityQuerySet, DutyQuerySet, LinkQuerySet


@track(in_bulk=True)
class Duty(models.Model):
    """One clause of a job description, read from the text of its version."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="duties")
    position = models.PositiveSmallIntegerField(_("place"))
    section = models.CharField(_("section"), max_length=300, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    text = models.TextField(_("duty"))
    source_line = models.PositiveIntegerField(_("line of the source"))
    # Of the words alone: the same duty is known again in another version or file.
    fingerprint = models.CharField(max_length=16, editable=False)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ("version", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="duty_one_per_place"),
            models.CheckConstraint(condition=~Q(text=""), name="duty_says_something"),
        ]
        triggers: ClassVar = [part_is_locked()]

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()[:120]

    @property
    def line(self) -> str:
        """How the source names it: L226."""
        return f"L{self.source_line}"


@track()
class Capability(models.Model):
    """Something that the product can do, by its code."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    title = models.CharField(_("what the product does"), max_length=200)
    version = models.PositiveIntegerField(default=1)

    objects = CapabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(title=""), name="capability_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@track()
class CapabilityScreen(models.Model):
    """A screen that serves a capability: the name of an address, there already or planned."""

    capability = models.ForeignKey(Capability, models.CASCADE, related_name="screens")
    url_name = models.CharField(_("address name"), max_length=80)
    label = models.CharField(_("name of the screen"), max_length=120)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["capability", "url_name"], name="screen_once"),
            models.CheckConstraint(
                condition=~Q(url_name="") & ~Q(label=""), name="screen_is_named"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["url_name"], name="screen_by_address")]

    def __str__(self) -> str:
        return self.label


@track(in_bulk=True)
class DutyLink(models.Model):
    """What serves a duty, or why no screen does."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="links")
    capability = models.ForeignKey(
        Capability,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name=_("capability"),
    )
    outside_reason = models.CharField(_("why no screen serves it"), max_length=200, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("what serves the duty")
        verbose_name_plural = _("what serves the duties")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "capability"], name="duty_link_once"),
            models.CheckConstraint(
                condition=Q(capability__isnull=False, outside_reason="")
                | (Q(capability=None) & ~Q(outside_reason="")),
                name="duty_link_is_either",
            ),
        ]

    def __str__(self) -> str:
        return str(self.capability or self.outside_reason)
