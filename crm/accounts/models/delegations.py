"""Substitution during absence."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.people import User
from crm.accounts.querysets import DelegationQuerySet
from crm.history import track


class DelegationReason(models.TextChoices):
    VACATION = "vacation", _("Vacation")
    ILLNESS = "illness", _("Illness")
    TRIP = "trip", _("Business trip")
    PART = "part", _("Part of the powers")
    OTHER = "other", _("Other")


class DelegationState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Revoked")


DELEGATION_MOVES: dict[str, set[str]] = {
    DelegationState.PLANNED: {DelegationState.ACTIVE, DelegationState.REVOKED},
    DelegationState.ACTIVE: {DelegationState.ENDED, DelegationState.REVOKED},
    DelegationState.ENDED: set(),
    DelegationState.REVOKED: set(),
}


class DateRange(Func):
    """SQL daterange(from, to, '[]'): both days inside."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


@track()
class Delegation(models.Model):
    """Substitution during absence, both days inclusive (DELEG-1, L350, L484)."""

    owner = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="delegations_given",
        verbose_name=_("absent person"),
    )
    delegate = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="delegations_held",
        verbose_name=_("substitute"),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=DelegationReason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    covers_clients = models.BooleanField(_("clients and contacts"), default=True)
    covers_decisions = models.BooleanField(_("approvals"), default=True)
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    state = models.CharField(
        max_length=8, choices=DelegationState.choices, default=DelegationState.PLANNED
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("delegate")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(covers_clients=True) | Q(covers_decisions=True),
                name="delegation_covers_something",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=DelegationState.REVOKED,
                    revoked_by__isnull=False,
                    revoked_at__isnull=False,
                )
                | (~Q(state=DelegationState.REVOKED) & Q(revoked_by=None, revoked_at=None)),
                name="delegation_revoked_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DelegationState.values), name="delegation_state_known"
            ),
            ExclusionConstraint(
                name="delegation_clients_no_overlap",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(covers_clients=True) & ~Q(state=DelegationState.REVOKED),
            ),
            ExclusionConstraint(
                name="delegation_decisions_no_overlap",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(covers_decisions=True) & ~Q(state=DelegationState.REVOKED),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["delegate", "valid_from", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.owner} → {self.delegate}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:delegation_detail", args=[self.pk])
