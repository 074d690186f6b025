"""Documents that people work by, their versions, and who has read which (CR-08)."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role
from crm.history import track
from crm.library.querysets import (
    AcknowledgementQuerySet,
    DocumentQuerySet,
    PartQuerySet,
    VersionQuerySet,
)


class DocumentKind(models.TextChoices):
    ORDER = "order", pgettext_lazy("document of the library", "Order")
    REGULATION = "regulation", pgettext_lazy("document of the library", "Regulation")
    PROCESS = "process", pgettext_lazy("document of the library", "Business process")
    CLIENT_POLICY = "client_policy", pgettext_lazy("document of the library", "Client policy")
    SALES_BOOK = "sales_book", pgettext_lazy("document of the library", "Sales book")
    JOB_DESCRIPTION = "job_description", pgettext_lazy("document of the library", "Job description")
    INSTRUCTION = "instruction", pgettext_lazy("document of the library", "Instruction")
    OTHER = "other", pgettext_lazy("document of the library", "Other document")


class VersionState(models.TextChoices):
    """A version is written, then published as a whole or thrown away."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("document of the library", "Published")
    DISCARDED = "discarded", _("Thrown away")


VERSION_MOVES: dict[str, set[str]] = {
    VersionState.DRAFT: {VersionState.PUBLISHED, VersionState.DISCARDED},
    VersionState.PUBLISHED: set(),
    VersionState.DISCARDED: set(),
}


def published_is_locked() -> pgtrigger.Trigger:
    """Trigger that refuses to change or delete a published version: a correction is a new one."""
    return pgtrigger.Trigger(
        name="published_is_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition("OLD.state = 'published'"),
        func=(
            "RAISE EXCEPTION 'a published version does not change'"
            " USING ERRCODE = 'check_violation';"
        ),
    )


def part_is_locked() -> pgtrigger.Trigger:
    """Trigger that refuses to add, change or delete a part of a published version."""
    return pgtrigger.Trigger(
        name="part_is_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        declare=[("owner", "bigint")],
        func=(
            "IF TG_OP = 'DELETE' THEN owner := OLD.version_id;"
            " ELSE owner := NEW.version_id; END IF;"
            " IF EXISTS (SELECT 1 FROM library_documentversion"
            " WHERE id = owner AND state = 'published')"
            " OR (TG_OP = 'UPDATE' AND NEW.version_id <> OLD.version_id) THEN"
            " RAISE EXCEPTION 'a published version does not change'"
            " USING ERRCODE = 'check_violation'; END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


def only_published() -> pgtrigger.Trigger:
    """Trigger that refuses to acknowledge a draft: what was read could still change."""
    return pgtrigger.Trigger(
        name="only_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        level=pgtrigger.Row,
        func=(
            "IF NOT EXISTS (SELECT 1 FROM library_documentversion"
            " WHERE id = NEW.version_id AND state = 'published' AND digest = NEW.digest) THEN"
            " RAISE EXCEPTION 'only what is published is acknowledged'"
            " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
        ),
    )


def _person(label: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=label,
        **options,
    )


@track()
class PolicyDocument(models.Model):
    """One document: an order, a policy, a job description; what it says stands in its versions."""

    kind = models.CharField(_("kind"), max_length=15, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policies",
        verbose_name=_("kept by the unit"),
    )
    created_by = _person(_("author"))
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = _person(_("withdrawn by"), null=True, blank=True)
    withdraw_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("document of the library", "document")
        verbose_name_plural = pgettext_lazy("document of the library", "documents")
        ordering = ("title", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="policy_document_is_named"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None, withdraw_reason="")
                | (
                    Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdraw_reason="")
                ),
                name="policy_document_withdrawn_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:detail", args=[self.pk])

    @property
    def is_job_description(self) -> bool:
        """Its text is read as sections and duties."""
        return self.kind == DocumentKind.JOB_DESCRIPTION


@track()
class DocumentVersion(models.Model):
    """What a document says from a day; once published it never changes."""

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions")
    # Given at the publication; a draft has none.
    number = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    # The line of its source at which the text begins: duties are named by these lines (L…).
    first_line = models.PositiveIntegerField(_("first line of the source"), default=1)
    summary = models.CharField(_("what has changed"), max_length=300, blank=True)
    order_no = models.CharField(_("number of the order"), max_length=50, blank=True)
    order_on = models.DateField(_("date of the order"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    must_acknowledge = models.BooleanField(_("has to be acknowledged"), default=True)
    # Empty: every role. With units below, only people of those units and of what is below them.
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        default=list,
        blank=True,
        verbose_name=_("roles"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=VersionState.choices, default=VersionState.DRAFT
    )
    author = _person(_("author"))
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    published_by = _person(_("published by"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # Of title, text, order and files: what people acknowledge by name.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the document")
        verbose_name_plural = _("versions of the document")
        ordering = ("-number", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(
                        state="published",
                        number__isnull=False,
                        published_by__isnull=False,
                        published_at__isnull=False,
                    )
                    & ~Q(digest="")
                )
                | (
                    ~Q(state="published")
                    & Q(number=None, published_by=None, published_at=None, digest="")
                ),
                name="policy_version_published_is_whole",
            ),
            models.UniqueConstraint(
                fields=["document", "number"], name="policy_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="draft"), name="policy_version_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(order_no="", order_on=None)
                | (~Q(order_no="") & Q(order_on__isnull=False)),
                name="policy_version_order_has_number_and_date",
            ),
        ]
        triggers: ClassVar = [published_is_locked()]

    def __str__(self) -> str:
        if self.number is None:
            return str(self.get_state_display())
        return _now("Version %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("library:version", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """It may still be written."""
        return self.state == VersionState.DRAFT


@track()
class AudienceUnit(models.Model):
    """A unit whose people have to acknowledge the version, with everything below it."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="audience_units")
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit that acknowledges")
        verbose_name_plural = _("units that acknowledge")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "unit"], name="audience_unit_once"),
        ]
        triggers: ClassVar = [part_is_locked()]

    def __str__(self) -> str:
        return str(self.unit)


@track()
class Acknowledgement(models.Model):
    """That a person has read a version and accepts it; once, and for good."""

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="acknowledgements",
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("acknowledged at"))
    digest = models.CharField(max_length=64)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ("at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "person"], name="acknowledged_once"),
        ]
        triggers: ClassVar = [
            only_published(),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.version}"
