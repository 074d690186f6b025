"""Requests for terms beyond the policy: a discount or a deferral until a day (C.5 no. 11)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.history import track
from crm.money import format_percent
from deals.models.orders import Order
from deals.querysets import TermsRequestQuerySet


class TermsKind(models.TextChoices):
    """What is asked for; each has its limit matrix."""

    DISCOUNT = "discount", _("Discount")
    DEFERRAL = "deferral", _("Deferral of payment")


class TermsState(models.TextChoices):
    """C.5 no. 11."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for rework")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


# Within the author's own limit a request is approved at once. An approval is taken back until the
# first day of the terms.
_SENT: set[str] = {TermsState.SUBMITTED, TermsState.APPROVED, TermsState.WITHDRAWN}
TERMS_MOVES: dict[str, set[str]] = {
    TermsState.DRAFT: _SENT,
    TermsState.SUBMITTED: {
        TermsState.APPROVED,
        TermsState.RETURNED,
        TermsState.REJECTED,
        TermsState.WITHDRAWN,
    },
    TermsState.RETURNED: _SENT,
    TermsState.APPROVED: {TermsState.EXPIRED, TermsState.RETURNED},
    TermsState.REJECTED: set(),
    TermsState.WITHDRAWN: set(),
    TermsState.EXPIRED: set(),
}
OPEN_TERMS = ("draft", "submitted", "returned")
_DECIDED = Q(state__in=["approved", "expired"])


@track()
class TermsRequest(models.Model):
    """What a client should get beyond the policy; approved it holds from day to day by itself.

    `value` is a percentage of the price or calendar days, by the kind.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TermsKind.choices)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="terms_requests", verbose_name=_("client")
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="terms_requests",
        verbose_name=_("for the order"),
    )
    value = models.DecimalField(_("how much"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("from"))
    # The last day.
    valid_to = models.DateField(_("to, included"))
    reason = models.CharField(_("reason"), max_length=300)
    # Debt, limit, discipline and turnover on the day of submission.
    evidence = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=TermsState.choices, default=TermsState.DRAFT
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="terms_requests"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = TermsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for terms")
        verbose_name_plural = _("requests for terms")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "kind"],
                condition=Q(state__in=OPEN_TERMS),
                name="terms_request_one_open_per_client",
            ),
            models.CheckConstraint(
                condition=Q(kind="discount", value__gt=0, value__lte=100)
                | Q(kind="deferral", value__gt=0, value__lte=365),
                name="terms_request_value_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="terms_request_period_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="terms_request_has_reason"),
            models.CheckConstraint(
                condition=(_DECIDED & Q(approved_by__isnull=False, approved_at__isnull=False))
                | (~_DECIDED & Q(approved_by=None, approved_at=None)),
                name="terms_request_approved_has_approver",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client", "kind", "valid_to"],
                condition=Q(state__in=["approved", "expired"]),
                name="terms_request_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.measure}"

    @property
    def measure(self) -> str:
        """How much, with its unit."""
        if self.kind == TermsKind.DISCOUNT:
            return format_percent(Decimal(self.value))
        return _now("%(days)s d.") % {"days": int(self.value)}
