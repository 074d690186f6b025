"""One engine for every visa, signature and decision (C.0, CR-05)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.approvals.querysets import ApprovalQuerySet
from crm.history import track


class StepKind(models.TextChoices):
    VISA = "visa", _("Visa")
    APPROVE = "approve", _("Approval")
    SIGN = "sign", _("Signature")


class StepSigner(models.TextChoices):
    ROLE = "role", _("Anyone of the role")
    UNIT_HEAD = "unit_head", _("Head of the unit")


class StepState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", _("Refused")
    SKIPPED = "skipped", _("Skipped")


class ApprovalState(models.TextChoices):
    RUNNING = "running", _("Being decided")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for rework")
    REJECTED = "rejected", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


APPROVAL_MOVES: dict[str, set[str]] = {
    ApprovalState.RUNNING: {
        ApprovalState.APPROVED,
        ApprovalState.RETURNED,
        ApprovalState.REJECTED,
        ApprovalState.WITHDRAWN,
    },
    ApprovalState.APPROVED: set(),
    ApprovalState.RETURNED: set(),
    ApprovalState.REJECTED: set(),
    ApprovalState.WITHDRAWN: set(),
}


@track()
class ApprovalRoute(models.Model):
    """The ordered steps that requests of a kind pass; edited by the administrator."""

    kind = models.CharField(_("kind"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("approval route")
        verbose_name_plural = _("approval routes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(active=True),
                name="route_one_active_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class ApprovalRouteStep(models.Model):
    """One step of a route: who signs and in how many working days."""

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=StepKind.choices)
    signer = models.CharField(_("signer"), max_length=10, choices=StepSigner.choices)
    # With ROLE the role signs; with UNIT_HEAD the head of the nearest unit of `unit_kind` above.
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    unit_kind = models.CharField(_("unit"), max_length=12, blank=True)
    due_working_days = models.PositiveSmallIntegerField(_("days to decide"), default=2)

    class Meta:
        verbose_name = _("route step")
        verbose_name_plural = _("route steps")
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["route", "order"], name="route_step_order_once"
            ),
            models.CheckConstraint(
                condition=(Q(signer="role") & ~Q(role="") & Q(unit_kind=""))
                | (Q(signer="unit_head") & Q(role="") & ~Q(unit_kind="")),
                name="route_step_has_one_signer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.get_kind_display()}"


@track()
class Approval(models.Model):
    """A request on its way through the steps that were fixed when it was submitted."""

    kind = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    target = GenericForeignKey("content_type", "object_id")
    title = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals_asked"
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, null=True, related_name="approvals"
    )
    state = models.CharField(
        max_length=9, choices=ApprovalState.choices, default=ApprovalState.RUNNING
    )
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ("-submitted_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state="running"),
                name="approval_one_running_per_object",
            ),
            models.CheckConstraint(
                condition=Q(state="running", closed_at=None)
                | (~Q(state="running") & Q(closed_at__isnull=False)),
                name="approval_closed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("approvals:detail", args=[self.pk])


@track()
class ApprovalStep(models.Model):
    """One signature: waiting, then decided once, with both names under substitution."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    # Fixed person (the unit's head on submission); null = anyone of the role.
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(
        max_length=8, choices=StepState.choices, default=StepState.QUEUED
    )
    due_working_days = models.PositiveSmallIntegerField(default=2)
    due_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["approval", "order"], name="approval_step_order_once"
            ),
            models.UniqueConstraint(
                fields=["approval"],
                condition=Q(state="waiting"),
                name="approval_one_step_waiting",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "returned", "rejected"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(
                    state__in=["queued", "waiting", "skipped"],
                    decided_at=None,
                    decided_by=None,
                ),
                name="approval_step_decided_has_signer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["signer", "role"],
                condition=Q(state="waiting"),
                name="step_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.get_state_display()}"
