"""Requests for a credit limit: written, given a visa, decided (C.5 no. 16)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.history import track
from deals.models.contracts import DayType
from deals.querysets import OfClientQuerySet


class LimitRequestState(models.TextChoices):
    """C.5 no. 16; active and superseded is the limit itself, by its period."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ENDORSED = "endorsed", _("Endorsed")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for rework")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIMIT_REQUEST_MOVES: dict[str, set[str]] = {
    LimitRequestState.DRAFT: {LimitRequestState.SUBMITTED, LimitRequestState.WITHDRAWN},
    LimitRequestState.SUBMITTED: {
        LimitRequestState.ENDORSED,
        LimitRequestState.RETURNED,
        LimitRequestState.WITHDRAWN,
    },
    LimitRequestState.ENDORSED: {
        LimitRequestState.APPROVED,
        LimitRequestState.REJECTED,
        LimitRequestState.RETURNED,
    },
    LimitRequestState.RETURNED: {LimitRequestState.SUBMITTED, LimitRequestState.WITHDRAWN},
    LimitRequestState.APPROVED: {LimitRequestState.RETURNED},  # before the first day
    LimitRequestState.REJECTED: set(),
    LimitRequestState.WITHDRAWN: set(),
}
OPEN_REQUEST = ("draft", "submitted", "endorsed", "returned")


class LimitRequestQuerySet(OfClientQuerySet):
    """Reads of requests."""

    def open(self) -> "LimitRequestQuerySet":
        """Not decided yet: the author or a signer has to do something."""
        return self.filter(state__in=OPEN_REQUEST)


@track()
class LimitRequest(models.Model):
    """How much a client should be allowed to owe; approved it becomes the credit limit."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="limit_requests", verbose_name=_("client")
    )
    amount = models.DecimalField(_("limit"), max_digits=15, decimal_places=2)
    # Null: the terms of the client's category hold.
    deferral_days = models.PositiveSmallIntegerField(_("deferral"), null=True, blank=True)
    deferral_day_type = models.CharField(
        _("counted in"), max_length=8, choices=DayType.choices, default=DayType.CALENDAR
    )
    valid_from = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    # Debt, use of the limit, norm and discipline on the day of submission.
    evidence = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=LimitRequestState.choices, default=LimitRequestState.DRAFT
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="limit_requests"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = LimitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a credit limit")
        verbose_name_plural = _("requests for credit limits")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state__in=OPEN_REQUEST),
                name="limit_request_one_open_per_client",
                violation_error_message=_("A request for this client is already on its way."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_request_not_negative"),
            models.CheckConstraint(condition=~Q(reason=""), name="limit_request_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.amount}"
