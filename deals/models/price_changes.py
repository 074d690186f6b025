"""Price changes and the notices of them to clients (DL-13, C.5 no. 31, PRICE-1)."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.prices import PriceList
from deals.querysets.price_changes import PriceChangeNoticeQuerySet, PriceChangeQuerySet


class PriceChangeState(models.TextChoices):
    """C.5 no. 31; its «draft» is the draft of the price list itself (ADR 0017)."""

    APPROVED = "approved", _("Approved, notices being prepared")
    NOTIFYING = "notifying", _("Clients are being notified")
    EFFECTIVE = "effective", _("In force")


PRICE_CHANGE_MOVES: dict[str, set[str]] = {
    PriceChangeState.APPROVED: {PriceChangeState.NOTIFYING},
    PriceChangeState.NOTIFYING: {PriceChangeState.EFFECTIVE},
    PriceChangeState.EFFECTIVE: set(),
}


@track()
class PriceChange(models.Model):
    """An approved list that changes prices of the one before it, and how far its notices are."""

    price_list = models.OneToOneField(
        PriceList, models.PROTECT, related_name="change", verbose_name=_("new price list")
    )
    replaces = models.ForeignKey(
        PriceList, models.PROTECT, related_name="+", verbose_name=_("price list before")
    )
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=PriceChangeState.choices,
        default=PriceChangeState.APPROVED,
    )
    prices_changed = models.PositiveIntegerField(_("prices changed"))
    created_at = models.DateTimeField(_("approved at"), auto_now_add=True)
    notices_at = models.DateTimeField(_("notices prepared at"), null=True, blank=True)
    effective_at = models.DateTimeField(_("put in force at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PriceChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of prices")
        verbose_name_plural = _("changes of prices")
        ordering = ("-effective_from", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="approved", notices_at=None)
                | Q(state__in=["notifying", "effective"], notices_at__isnull=False),
                name="price_change_notices_have_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="effective", effective_at__isnull=False)
                | (~Q(state="effective") & Q(effective_at=None)),
                name="price_change_in_force_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(price_list=F("replaces")), name="price_change_of_two_lists"
            ),
            models.CheckConstraint(
                condition=Q(prices_changed__gt=0), name="price_change_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.price_list)

    def get_absolute_url(self) -> str:
        return reverse("deals:price_list_changes", args=[self.price_list_id])


class PriceNoticeChannel(models.TextChoices):
    """How the client was told; the product itself writes to nobody outside."""

    EMAIL = "email", _("E-mail")
    EDI = "edi", _("Electronic documents (EDI)")
    MAIL = "mail", _("Post")
    COURIER = "courier", _("In person, against signature")
    MESSENGER = "messenger", _("Messenger")
    PHONE = "phone", _("Telephone")


class PriceNoticeState(models.TextChoices):
    """C.5 no. 31: what is known about a notice."""

    PENDING = "pending", _("To be sent")
    SENT = "sent", pgettext_lazy("of a notice", "Sent")
    DELIVERED = "delivered", pgettext_lazy("of a notice", "Delivered")
    FAILED = "failed", _("Not delivered")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")


# A failed one is sent again; whoever acknowledges has got it, so «sent» may go there at once.
PRICE_NOTICE_MOVES: dict[str, set[str]] = {
    PriceNoticeState.PENDING: {PriceNoticeState.SENT},
    PriceNoticeState.SENT: {
        PriceNoticeState.DELIVERED,
        PriceNoticeState.FAILED,
        PriceNoticeState.ACKNOWLEDGED,
    },
    PriceNoticeState.DELIVERED: {PriceNoticeState.ACKNOWLEDGED},
    PriceNoticeState.FAILED: {PriceNoticeState.SENT},
    PriceNoticeState.ACKNOWLEDGED: set(),
}
# A mark taken back: one step, to what was known before it.
PRICE_NOTICE_BACK: dict[str, set[str]] = {
    PriceNoticeState.PENDING: set(),
    PriceNoticeState.SENT: {PriceNoticeState.PENDING},
    PriceNoticeState.DELIVERED: {PriceNoticeState.SENT},
    PriceNoticeState.FAILED: {PriceNoticeState.SENT},
    PriceNoticeState.ACKNOWLEDGED: {PriceNoticeState.DELIVERED},
}
RECEIVED = ("delivered", "acknowledged")


@track(in_bulk=True)
class PriceChangeNotice(models.Model):
    """One client that has to be told of a change of prices by `due_on` at the latest.

    `due_on` is that of the day when the notice was prepared: the day of the new prices less the
    days of the setting or of the client's contract, the longer ones.
    """

    change = models.ForeignKey(
        PriceChange, models.PROTECT, related_name="notices", verbose_name=_("change of prices")
    )
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="price_notices", verbose_name=_("client")
    )
    due_on = models.DateField(_("to be notified by"))
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=PriceNoticeState.choices,
        default=PriceNoticeState.PENDING,
    )
    channel = models.CharField(
        _("channel"), max_length=9, choices=PriceNoticeChannel.choices, blank=True, db_default=""
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    fail_reason = models.CharField(
        _("why not delivered"), max_length=300, blank=True, db_default=""
    )
    # Why the last mark was taken back, until there is another.
    back_reason = models.CharField(
        _("why the mark was taken back"), max_length=300, blank=True, default="", db_default=""
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PriceChangeNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of new prices")
        verbose_name_plural = _("notices of new prices")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "client"], name="price_notice_once"),
            models.CheckConstraint(
                condition=Q(state="pending", sent_on=None, channel="")
                | (~Q(state="pending") & Q(sent_on__isnull=False) & ~Q(channel="")),
                name="price_notice_sent_has_day",
            ),
            models.CheckConstraint(
                condition=(
                    Q(delivered_on__isnull=False, sent_on__isnull=False)
                    & Q(state__in=RECEIVED, delivered_on__gte=F("sent_on"))
                )
                | (~Q(state__in=RECEIVED) & Q(delivered_on=None)),
                name="price_notice_delivered_has_day",
            ),
            models.CheckConstraint(
                condition=(
                    Q(acknowledged_on__isnull=False, delivered_on__isnull=False)
                    & Q(state="acknowledged", acknowledged_on__gte=F("delivered_on"))
                )
                | (~Q(state="acknowledged") & Q(acknowledged_on=None)),
                name="price_notice_acknowledged_has_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(fail_reason=""))
                | (~Q(state="failed") & Q(fail_reason="")),
                name="price_notice_failed_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="price_notice_by_day"),
            models.Index(
                fields=["client", "due_on"],
                include=["change"],
                condition=Q(delivered_on=None),
                name="price_notice_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.client)

    def get_absolute_url(self) -> str:
        return reverse("deals:price_notice_detail", args=[self.pk])

    @property
    def in_time(self) -> bool:
        """The client has it, by the last day for it (PRICE-1)."""
        return told_in_time(self.delivered_on, self.due_on)

    def is_late(self, today: date) -> bool:
        """It came too late, or can only come too late now."""
        return not self.in_time and (self.delivered_on or today) > self.due_on

    def old_price_to(self, effective_from: date) -> date | None:
        """The last day of the old prices for a client told too late; None while it is not told."""
        if self.delivered_on is None:
            return None
        return self.delivered_on + (effective_from - self.due_on) - timedelta(days=1)


def told_in_time(told_on: date | None, due_on: date) -> bool:
    """PRICE-1: told the days of the lead before the new prices or earlier."""
    return told_on is not None and told_on <= due_on
