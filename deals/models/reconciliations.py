"""Reconciliations: the programme of a half-year and its items (DL-12, L224, L260)."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.contracts import Contract
from deals.querysets import ReconciliationItemQuerySet, ReconciliationScheduleQuerySet


class ScheduleState(models.TextChoices):
    """C.5 no. 18; the first day of the half-year sets it running, its last item closes it."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", pgettext_lazy("of a schedule", "Approved")
    RUNNING = "running", pgettext_lazy("of a schedule", "Running")
    CLOSED = "closed", pgettext_lazy("of a schedule", "Closed")


SCHEDULE_MOVES: dict[str, set[str]] = {
    ScheduleState.DRAFT: {ScheduleState.APPROVED},
    ScheduleState.APPROVED: {ScheduleState.RUNNING, ScheduleState.DRAFT},
    ScheduleState.RUNNING: {ScheduleState.CLOSED},
    ScheduleState.CLOSED: set(),
}


class ItemKind(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("reconciliation", "Planned")
    EMERGENCY = "emergency", pgettext_lazy("reconciliation", "Emergency")


class EmergencyReason(models.TextChoices):
    """What makes an emergency reconciliation necessary (D.11)."""

    DISPUTE = "dispute", _("Dispute about the debt")
    CLAIM = "claim", _("Claim")
    OVERDUE = "overdue", _("Debt overdue for long")
    MANAGER_CHANGE = "manager_change", _("Change of manager")
    CONTRACT_END = "contract_end", _("End of the contract")
    UNMATCHED_PAYMENT = "unmatched_payment", _("Payment that was not recognised")


class ItemState(models.TextChoices):
    """C.5 no. 18; an emergency item is requested until the head approves it."""

    REQUESTED = "requested", _("To be approved")
    PLANNED = "planned", pgettext_lazy("state of a reconciliation", "Planned")
    ACT_CREATED = "act_created", _("Act made")
    SENT = "sent", pgettext_lazy("act", "Sent")
    DISCREPANCY = "discrepancy", pgettext_lazy("state of a reconciliation", "Disputed")
    RESOLVED = "resolved", _("Differences resolved")
    SIGNED = "signed", pgettext_lazy("act", "Signed")
    CANCELLED = "cancelled", pgettext_lazy("reconciliation", "Cancelled")


# Documents that came later make a new text of an act that nobody has signed: act_created again.
ITEM_MOVES: dict[str, set[str]] = {
    ItemState.REQUESTED: {ItemState.PLANNED, ItemState.CANCELLED},
    ItemState.PLANNED: {ItemState.ACT_CREATED, ItemState.CANCELLED},
    ItemState.ACT_CREATED: {ItemState.SENT, ItemState.ACT_CREATED, ItemState.CANCELLED},
    ItemState.SENT: {
        ItemState.SENT,
        ItemState.SIGNED,
        ItemState.DISCREPANCY,
        ItemState.ACT_CREATED,
    },
    ItemState.DISCREPANCY: {ItemState.RESOLVED},
    ItemState.RESOLVED: {ItemState.SIGNED, ItemState.DISCREPANCY, ItemState.ACT_CREATED},
    ItemState.SIGNED: set(),
    ItemState.CANCELLED: set(),
}
NOT_SENT = (ItemState.PLANNED, ItemState.ACT_CREATED)
WITH_CLIENT = (ItemState.SENT, ItemState.DISCREPANCY, ItemState.RESOLVED)
OPEN_ITEM = (*NOT_SENT, *WITH_CLIENT)
ENDED_ITEM = (ItemState.SIGNED, ItemState.CANCELLED)
BINDING_ITEM = (*OPEN_ITEM, ItemState.SIGNED)  # neither cancelled nor only asked for


@track()
class ReconciliationSchedule(models.Model):
    """The programme of one department for a half-year, approved by its head."""

    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="reconciliation_schedules",
        verbose_name=_("department"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    half = models.PositiveSmallIntegerField(_("half-year"))
    state = models.CharField(
        _("state"), max_length=8, choices=ScheduleState.choices, default=ScheduleState.DRAFT
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReconciliationScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation schedule")
        verbose_name_plural = _("reconciliation schedules")
        ordering = ("-year", "-half", "org_unit_id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "half", "org_unit"], name="schedule_one_per_half_and_department"
            ),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="schedule_half_is_1_or_2"),
            models.CheckConstraint(
                condition=Q(state="draft", approved_by=None, approved_at=None)
                | (~Q(state="draft") & Q(approved_by__isnull=False, approved_at__isnull=False)),
                name="schedule_approved_has_approver",
            ),
        ]

    def __str__(self) -> str:
        return _now("Reconciliations for half-year %(half)s of %(year)s") % {
            "half": self.half,
            "year": self.year,
        }

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("deals:schedule_detail", args=[self.pk])

    @property
    def first_day(self) -> date:
        """The first day of the half-year."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """The last day of the half-year."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)


@track(in_bulk=True)
class ReconciliationItem(models.Model):
    """One reconciliation with one client as of a day: planned, or asked for in an emergency."""

    # Null: an emergency.
    schedule = models.ForeignKey(
        ReconciliationSchedule, models.PROTECT, null=True, blank=True, related_name="items"
    )
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        related_name="reconciliations",
        verbose_name=_("client"),
        db_index=False,  # item_of_client begins with it
    )
    # The one that is reconciled; null: all of them.
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reconciliations",
        verbose_name=_("contract"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=ItemKind.choices)
    reason = models.CharField(
        _("reason"), max_length=17, choices=EmergencyReason.choices, blank=True
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    as_of = models.DateField(_("as of"))
    # The last days, working-day terms counted by the production calendar.
    send_by = models.DateField(_("send by"))
    sign_by = models.DateField(_("sign by"))
    state = models.CharField(
        _("state"), max_length=11, choices=ItemState.choices, default=ItemState.PLANNED
    )
    # Who answers for it: the client's manager, kept as of the day the act was signed or cancelled.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reconciliations",
        verbose_name=_("manager"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    # The last day of what is to be done next; none where it is over.
    due_on = models.GeneratedField(
        expression=Case(
            When(state__in=["requested", *NOT_SENT], then=F("send_by")),
            When(state__in=WITH_CLIENT, then=F("sign_by")),
            default=None,
            output_field=models.DateField(),
        ),
        output_field=models.DateField(_("due"), null=True),
        db_persist=True,
    )
    # The first time; an act that is made anew is sent once more.
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReconciliationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ("as_of", "pk")
        constraints: ClassVar = [
            # What was cancelled may be asked for again.
            models.UniqueConstraint(
                fields=["client", "as_of", "kind"],
                condition=~Q(state="cancelled"),
                name="item_once",
            ),
            models.CheckConstraint(
                condition=Q(send_by__gt=F("as_of"), sign_by__gte=F("send_by")),
                name="item_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="planned", reason="", schedule__isnull=False)
                | (Q(kind="emergency", schedule=None) & ~Q(reason="")),
                name="item_emergency_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="requested") | Q(kind="emergency"),
                name="item_requested_is_emergency",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="item_cancelled_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "discrepancy", "resolved", "signed"])
                | Q(sent_on__isnull=False),
                name="item_sent_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_on__isnull=False)
                | (~Q(state="signed") & Q(signed_on=None)),
                name="item_signed_has_its_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["send_by", "id"],
                condition=Q(state__in=NOT_SENT),
                name="item_to_send",
            ),
            models.Index(
                fields=["sign_by", "id"],
                condition=Q(state__in=OPEN_ITEM),
                name="item_to_sign",
            ),
            # Terms kept and missed in the days of a period.
            models.Index(
                fields=["send_by"], condition=Q(state__in=BINDING_ITEM), name="item_binding_to_send"
            ),
            models.Index(
                fields=["sign_by"], condition=Q(state__in=BINDING_ITEM), name="item_binding_to_sign"
            ),
            models.Index(
                fields=["client", "sign_by"],
                condition=Q(state__in=WITH_CLIENT),
                name="item_with_client",
            ),
            models.Index(
                fields=["client", "send_by"],
                include=["as_of", "state", "schedule"],
                condition=Q(state__in=NOT_SENT),
                name="item_to_send_of_client",
            ),
            models.Index(fields=["client", "as_of"], name="item_of_client"),
            models.Index(fields=["as_of", "id"], name="item_by_day"),
            models.Index(
                fields=["due_on", "id"], condition=Q(due_on__isnull=False), name="item_by_due_day"
            ),
        ]

    def __str__(self) -> str:
        return _now("Reconciliation as of %(day)s") % {"day": f"{self.as_of:%d.%m.%Y}"}

    def get_absolute_url(self) -> str:
        """Its page, where the act stands."""
        return reverse("deals:reconciliation_detail", args=[self.pk])
