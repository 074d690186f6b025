"""Credit limits, stop-shipping flags and the ladder of following up a debt (DL-11)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientCategory, ContactKind
from clients.models.clients import HalfOpenRange
from crm.history import track
from deals.models.contracts import DayType
from deals.models.invoices import Invoice
from deals.models.limits import LimitRequest
from deals.querysets import OfClientQuerySet, StopShippingQuerySet


@track()
class CreditLimit(models.Model):
    """How much a client may owe and how long it may pay, for a period; roubles with VAT."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="credit_limits", verbose_name=_("client")
    )
    amount = models.DecimalField(_("limit"), max_digits=15, decimal_places=2)
    # Null: the terms of the client's category hold.
    deferral_days = models.PositiveSmallIntegerField(_("deferral"), null=True, blank=True)
    deferral_day_type = models.CharField(
        _("counted in"), max_length=8, choices=DayType.choices, default=DayType.CALENDAR
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to, not included"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Who decided; the request names who asked.
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    request = models.ForeignKey(
        LimitRequest, models.PROTECT, null=True, blank=True, related_name="limits"
    )
    # Whose place it takes, and to which day that one would have held.
    former = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    former_valid_to = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit limit")
        verbose_name_plural = _("credit limits")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="credit_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="credit_limit_period_in_order",
            ),
            ExclusionConstraint(
                name="credit_limit_one_a_day",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.amount}"


class StopReason(models.TextChoices):
    """C.8."""

    LIMIT = "limit", _("Limit exceeded")
    OVERDUE = "overdue", _("Overdue debt")
    DOCUMENTS = "documents", _("No documents")
    MANUAL = "manual", _("By decision")


@track()
class StopShipping(models.Model):
    """Goods are not shipped to the client for this reason while the row is open.

    A flag set by a rule goes off by itself when the reason is gone; one who may release it lets
    goods through until a day (C.5 no. 17).
    """

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="stops", verbose_name=_("client")
    )
    reason = models.CharField(_("reason"), max_length=9, choices=StopReason.choices)
    on_at = models.DateTimeField(_("since"))
    off_at = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Shipping is allowed up to this day, included.
    released_to = models.DateField(_("released to"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    release_reason = models.CharField(_("why released"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = StopShippingQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipping stop")
        verbose_name_plural = _("shipping stops")
        ordering = ("-on_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "reason"],
                condition=Q(off_at=None),
                name="stop_one_open_per_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_to=None, released_by=None)
                | (Q(released_to__isnull=False, released_by__isnull=False) & ~Q(release_reason="")),
                name="stop_release_has_author_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(off_at=None) | Q(off_at__gte=F("on_at")), name="stop_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.get_reason_display()}"


@track()
class FollowUpStep(models.Model):
    """A rung of the ladder: what is done so many days after the due day, by category."""

    category = models.CharField(
        _("category"), max_length=1, choices=[*ClientCategory.choices, ("-", _("without"))]
    )
    days_overdue = models.PositiveSmallIntegerField(_("days overdue"))
    action = models.CharField(_("what to do"), max_length=200)
    contact_kind = models.CharField(
        _("contact type"), max_length=12, choices=ContactKind.choices, default=ContactKind.CALL
    )
    tells_head = models.BooleanField(_("the head is notified"), default=False)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("follow-up step")
        verbose_name_plural = _("follow-up steps")
        ordering = ("category", "days_overdue")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category", "days_overdue"],
                condition=Q(archived_at=None),
                name="follow_up_step_once",
            ),
        ]

    def __str__(self) -> str:
        return self.action


@track()
class FollowUp(models.Model):
    """Work that a debt has made: the highest rung reached by the client's oldest open invoice.

    Done when a contact with the client is logged, dropped when the debt is gone.
    """

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="follow_ups", verbose_name=_("client")
    )
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="follow_ups", verbose_name=_("invoice")
    )
    step = models.ForeignKey(
        FollowUpStep, models.PROTECT, related_name="follow_ups", verbose_name=_("step")
    )
    due_on = models.DateField(_("to be done on"))
    contact = models.ForeignKey(
        "clients.ContactLog", models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("no longer needed"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("debt follow-up")
        verbose_name_plural = _("debt follow-ups")
        ordering = ("-due_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "step"], name="follow_up_once"),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(done_at=None, dropped_at=None),
                name="follow_up_one_open_per_client",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(dropped_at=None), name="follow_up_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.due_on:%d.%m.%Y}"
