"""Who answers for a client: the half-open history and the hand-overs that made it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models.clients import Client, HalfOpenRange
from clients.querysets import ClientAssignmentQuerySet, ClientTransferQuerySet
from crm.history import track


class ClientTransferReason(models.TextChoices):
    """Why clients change hands (C.2 RedistributionOrder)."""

    NEW = "new", _("New client")
    DISMISSAL = "dismissal", _("Dismissal")
    VACATION = "vacation", _("Long absence")
    REBALANCE = "rebalance", _("Even workload")
    CATEGORY = "category", _("Change of category")
    OTHER = "other", _("Other")


@track()
class ClientTransfer(models.Model):
    """One hand-over of one or many clients; can be taken back within a day."""

    kind = models.CharField(_("reason"), max_length=10, choices=ClientTransferReason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    from_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_out",
        verbose_name=_("from whom"),
    )
    to_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="transfers_in",
        verbose_name=_("to whom"),
    )
    takes_effect_on = models.DateField(_("from what day"))
    clients_count = models.PositiveIntegerField(_("clients"), default=0)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClientTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of clients")
        verbose_name_plural = _("hand-overs of clients")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_manager=None) | ~Q(from_manager=F("to_manager")),
                name="transfer_to_another_person",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="transfer_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.takes_effect_on:%d.%m.%Y}: {self.clients_count}"


class ClientAssignmentRole(models.TextChoices):
    PRIMARY = "primary", _("Responsible")
    BACKUP = "backup", _("Backup")


@track(in_bulk=True)
class ClientAssignment(models.Model):
    """Who answers for the client and when; the last day is outside the range."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="assignments", verbose_name=_("client")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="client_assignments",
        verbose_name=_("manager"),
    )
    role = models.CharField(
        _("as whom"),
        max_length=8,
        choices=ClientAssignmentRole.choices,
        default=ClientAssignmentRole.PRIMARY,
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    transfer = models.ForeignKey(
        ClientTransfer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("hand-over"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="assignment_one_owner_per_day",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="primary"),
                violation_error_message=_("On one of these days another manager is responsible."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="assignment_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["manager", "valid_to"]),
            models.Index(fields=["valid_from"], name="assignment_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.manager_id}"
