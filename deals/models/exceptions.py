"""The register of exceptions: every deviation from the policy that somebody approved."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.history import track
from crm.money import format_money, format_percent
from deals.querysets import PolicyExceptionQuerySet


class ExceptionKind(models.TextChoices):
    """What was allowed beyond the policy."""

    DISCOUNT = "discount", _("Discount")
    DEFERRAL = "deferral", _("Deferral of payment")
    LIMIT = "limit", _("Credit limit above the norm")
    STOP = "stop", _("Shipping stop released")
    ORDER = "order", _("Order released from hold")
    SCHEME = "scheme", _("Relationship scheme")


@track()
class PolicyException(models.Model):
    """Written by the action that approves; `record_id` is the row of its kind, once.

    `value` is a percentage, days or roubles, by the kind. A limit stands until it is replaced: its
    last day is that of the review.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ExceptionKind.choices)
    record_id = models.PositiveBigIntegerField()
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="policy_exceptions", verbose_name=_("client")
    )
    value = models.DecimalField(
        _("how much"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300)
    # Who answers for it.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to, included"))
    # The first day on which it holds no more.
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PolicyExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception from the policy")
        verbose_name_plural = _("exceptions from the policy")
        ordering = ("ends_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="exception_once_per_record"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="exception_period_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_has_reason"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_on"], condition=Q(ended_on=None), name="exception_not_ended"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.get_kind_display()), self.measure)))

    def get_absolute_url(self) -> str:
        """Where it was allowed."""
        if self.kind == ExceptionKind.ORDER:
            return reverse("deals:order_detail", args=[self.record_id])
        if self.kind == ExceptionKind.SCHEME:
            return reverse("deals:scheme_detail", args=[self.record_id])
        if self.kind in (ExceptionKind.LIMIT, ExceptionKind.STOP):
            return reverse("deals:credit", args=[self.client_id])
        return f"{reverse('deals:terms_list')}?client={self.client_id}"

    @property
    def measure(self) -> str:
        """How much, with its unit; empty where there is no figure."""
        if self.value is None:
            return ""
        if self.kind in (ExceptionKind.DISCOUNT, ExceptionKind.SCHEME):
            return format_percent(self.value)
        if self.kind == ExceptionKind.DEFERRAL:
            return _now("%(days)s d.") % {"days": int(self.value)}
        return format_money(self.value)
