"""One engine for every visa, signature and decision (C.0, CR-02)."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.approvals.models.routes import ApprovalRoute, StepKind
from crm.approvals.querysets import ApprovalQuerySet, ApprovalStepQuerySet
from crm.history import track
from crm.notices.kinds import for_reader

TITLE = "title"  # among the facts of an approval


class StepState(models.TextChoices):
    QUEUED = "queued", _("Later")
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", _("Rejected")
    SKIPPED = "skipped", _("Skipped")


STEP_MOVES: dict[str, set[str]] = {
    StepState.QUEUED: {StepState.WAITING, StepState.SKIPPED},
    StepState.WAITING: {
        StepState.APPROVED,
        StepState.RETURNED,
        StepState.REJECTED,
        StepState.SKIPPED,
    },
    StepState.APPROVED: set(),
    StepState.RETURNED: set(),
    StepState.REJECTED: set(),
    StepState.SKIPPED: set(),
}


class SkipReason(models.TextChoices):
    """Why a step needs no signature."""

    AUTHOR = "author", _("the author heads this unit")
    SIGNS_LATER = "signs_later", _("the same person signs later")
    SIGNED_BEFORE = "signed_before", _("the same person has signed before")
    CLOSED = "closed", _("the request was closed before")


class ApprovalState(models.TextChoices):
    RUNNING = "running", _("Being decided")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for rework")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVOKED = "revoked", _("Approval taken back")


APPROVAL_MOVES: dict[str, set[str]] = {
    ApprovalState.RUNNING: {
        ApprovalState.APPROVED,
        ApprovalState.RETURNED,
        ApprovalState.REJECTED,
        ApprovalState.WITHDRAWN,
    },
    ApprovalState.APPROVED: {ApprovalState.REVOKED},
    ApprovalState.RETURNED: set(),
    ApprovalState.REJECTED: set(),
    ApprovalState.WITHDRAWN: set(),
    ApprovalState.REVOKED: set(),
}


@track()
class Approval(models.Model):
    """A request on its way through the steps that were fixed when it was submitted."""

    kind = models.CharField(max_length=60)
    route = models.ForeignKey(ApprovalRoute, models.PROTECT, related_name="approvals")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    target = GenericForeignKey("content_type", "object_id")
    # The version of the target that its signers see; another one cannot be decided.
    target_version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="approvals_asked"
    )
    org_unit = models.ForeignKey("accounts.OrgUnit", models.PROTECT, related_name="approvals")
    state = models.CharField(
        max_length=9, choices=ApprovalState.choices, default=ApprovalState.RUNNING
    )
    submitted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # What the limits were asked with, e.g. {"discount": "7.50", "category": "A"}; under "title" the
    # title in each language where it has words of one.
    facts = models.JSONField(default=dict, blank=True)
    # Who took an approval back before it took effect, and why.
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.TextField(blank=True)
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
            models.CheckConstraint(
                condition=(
                    Q(state="revoked", revoked_by__isnull=False, revoked_at__isnull=False)
                    & ~Q(revoke_reason="")
                )
                | (~Q(state="revoked") & Q(revoked_by=None, revoked_at=None, revoke_reason="")),
                name="approval_revoked_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["content_type", "object_id"], name="approval_of_object"),
            models.Index(fields=["author", "-id"], name="approval_of_author"),
        ]

    def __str__(self) -> str:
        return self.called

    def get_absolute_url(self) -> str:
        return reverse("approvals:detail", args=[self.pk])

    @property
    def said(self) -> str | dict[str, str]:
        """The title for a notice, which its reader gets in the own language."""
        found: str | dict[str, str] = self.facts.get(TITLE, self.title)
        return found

    @property
    def called(self) -> str:
        """The title in the reader's language."""
        return str(for_reader(self.said))


@track()
class ApprovalStep(models.Model):
    """One signature: waiting, then decided once, with both names under substitution."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    # Anyone of the role, or whoever heads the unit on the day of the decision.
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=StepState.choices, default=StepState.QUEUED)
    skipped_because = models.CharField(max_length=13, choices=SkipReason.choices, blank=True)
    due_working_days = models.PositiveSmallIntegerField(default=2)
    due_on = models.DateField(null=True, blank=True)
    # A step that was late has gone on to the next superior, who may decide beside the signer.
    escalated_on = models.DateField(null=True, blank=True)
    escalated_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    escalated_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "order"], name="approval_step_order_once"),
            models.UniqueConstraint(
                fields=["approval"],
                condition=Q(state="waiting"),
                name="approval_one_step_waiting",
            ),
            models.UniqueConstraint(
                fields=["approval", "decided_by"], name="approval_signed_once_per_person"
            ),
            models.CheckConstraint(
                condition=(~Q(role="") & Q(unit=None)) | (Q(role="") & Q(unit__isnull=False)),
                name="approval_step_has_one_signer",
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
                    on_behalf_of=None,
                ),
                name="approval_step_decided_has_signer",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of=None) | ~Q(on_behalf_of=F("decided_by")),
                name="approval_step_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "rejected"]) | ~Q(comment=""),
                name="approval_step_no_has_comment",
            ),
            models.CheckConstraint(
                condition=(Q(state="skipped") & ~Q(skipped_because=""))
                | (~Q(state="skipped") & Q(skipped_because="")),
                name="approval_step_skipped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(escalated_on=None, escalated_role="", escalated_unit=None)
                | (Q(escalated_on__isnull=False, escalated_unit=None) & ~Q(escalated_role=""))
                | Q(escalated_on__isnull=False, escalated_unit__isnull=False, escalated_role=""),
                name="approval_step_escalated_to_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(due_on__isnull=False),
                name="approval_step_waiting_has_term",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(state="waiting"), name="step_waiting_due"
            ),
            models.Index(fields=["unit", "role"], name="step_signer"),
            models.Index(
                fields=["decided_by", "-decided_at"],
                condition=Q(decided_by__isnull=False),
                name="step_decided_by",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="author_never_decides",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__decided_by__isnull=False),
                func="""
                    IF EXISTS (SELECT 1 FROM approvals_approval
                               WHERE id = NEW.approval_id
                                 AND author_id IN (NEW.decided_by_id, NEW.on_behalf_of_id)) THEN
                        RAISE check_violation USING
                            CONSTRAINT = 'approval_author_never_decides',
                            MESSAGE = 'violates approval_author_never_decides';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.get_state_display()}"

    @property
    def superior(self) -> str:
        """To whom a late step has gone on: the head of the unit or the role; empty for none."""
        if self.escalated_unit is not None:
            return str(self.escalated_unit.head or self.escalated_unit)
        return str(self.get_escalated_role_display()) if self.escalated_role else ""

    @property
    def is_late(self) -> bool:
        """Waiting after the last day of its term."""
        return bool(self.due_on and self.due_on < timezone.localdate())
