"""Category A/B/C: history, the proposal for a new client, the request to change (CL-07)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from clients.models.clients import Client, ClientCategory, HalfOpenRange
from clients.querysets import PartOfClientQuerySet
from crm.history import track
from crm.notices.kinds import for_reader

LEAST_REASON = 10  # characters, C.7; the setting may ask for more


class CategoryAssignmentKind(models.TextChoices):
    INITIAL = "initial", _("New client")
    CHANGE = "change", _("Change of category")


class CategoryProposalState(models.TextChoices):
    """C.5 no. 1: the department head decides the category of a new client (L228)."""

    PROPOSED = "proposed", _("Proposed")
    ASSIGNED = "assigned", _("Assigned")
    RETURNED = "returned", _("Returned")


CATEGORY_PROPOSAL_MOVES: dict[str, set[str]] = {
    CategoryProposalState.PROPOSED: {
        CategoryProposalState.ASSIGNED,
        CategoryProposalState.RETURNED,
    },
    CategoryProposalState.ASSIGNED: set(),
    CategoryProposalState.RETURNED: {CategoryProposalState.PROPOSED},
}


class CategoryChangeState(models.TextChoices):
    """C.5 no. 2."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ENDORSED = "endorsed", _("Endorsed")
    APPROVED = "approved", _("Approved")
    EFFECTIVE = "effective", _("In effect")
    RETURNED = "returned", _("Returned for rework")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CATEGORY_CHANGE_MOVES: dict[str, set[str]] = {
    CategoryChangeState.DRAFT: {
        CategoryChangeState.SUBMITTED,
        CategoryChangeState.WITHDRAWN,
    },
    CategoryChangeState.SUBMITTED: {
        CategoryChangeState.ENDORSED,
        CategoryChangeState.RETURNED,
        CategoryChangeState.WITHDRAWN,
    },
    CategoryChangeState.ENDORSED: {
        CategoryChangeState.APPROVED,
        CategoryChangeState.REJECTED,
        CategoryChangeState.RETURNED,
    },
    # Returned: whoever approved takes it back before its day.
    CategoryChangeState.APPROVED: {
        CategoryChangeState.EFFECTIVE,
        CategoryChangeState.RETURNED,
    },
    CategoryChangeState.EFFECTIVE: set(),
    CategoryChangeState.RETURNED: {
        CategoryChangeState.SUBMITTED,
        CategoryChangeState.WITHDRAWN,
    },
    CategoryChangeState.REJECTED: set(),
    CategoryChangeState.WITHDRAWN: set(),
}


@track()
class CategoryChangeRequest(models.Model):
    """A request to change the category; endorsed by the head, approved by the director."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="category_requests")
    from_category = models.CharField(max_length=1, choices=ClientCategory.choices)
    to_category = models.CharField(_("new category"), max_length=1, choices=ClientCategory.choices)
    reason = models.TextField(_("reason"))
    evidence = models.JSONField(default=dict)
    effective_from = models.DateField(_("takes effect on"))
    state = models.CharField(
        max_length=10,
        choices=CategoryChangeState.choices,
        default=CategoryChangeState.DRAFT,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="category_requests"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("category change request")
        verbose_name_plural = _("category change requests")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state__in=["draft", "submitted", "endorsed", "approved", "returned"]),
                name="category_request_one_open_per_client",
                violation_error_message=_("A request for this client is already on its way."),
            ),
            models.CheckConstraint(
                condition=~Q(from_category=F("to_category")),
                name="category_request_changes",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length(Trim("reason")), LEAST_REASON),
                name="category_request_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["effective_from"],
                condition=Q(state="approved"),
                name="category_request_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.from_category} → {self.to_category}"

    @property
    def why(self) -> str:
        """The reason; what the system gave is in the reader's language."""
        return str(for_reader(self.evidence.get("reason", self.reason)))


@track()
class CategoryProposal(models.Model):
    """A new client waits for its category; the head assigns this one or another."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="category_proposals")
    category = models.CharField(  # noqa: DJ001  (null: the head is to choose)
        _("proposed category"),
        max_length=1,
        choices=ClientCategory.choices,
        null=True,
        blank=True,
    )
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(
        max_length=8,
        choices=CategoryProposalState.choices,
        default=CategoryProposalState.PROPOSED,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="category_proposals"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("category of a new client")
        verbose_name_plural = _("categories of new clients")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client"], name="category_proposal_once_per_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.category or '—'}"


@track(in_bulk=True)
class CategoryAssignment(models.Model):
    """The category that holds from a day; the last day is outside the range."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="category_history")
    category = models.CharField(max_length=1, choices=ClientCategory.choices)
    kind = models.CharField(max_length=7, choices=CategoryAssignmentKind.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    request = models.OneToOneField(
        CategoryChangeRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignment",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("category in effect")
        verbose_name_plural = _("category history")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="category_one_per_day",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="category_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind="initial", request=None) | Q(kind="change", request__isnull=False),
                name="category_change_has_request",
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(kind="initial"), name="category_initial_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.valid_from:%d.%m.%Y}"
