"""When goods go to a client: agreed by seller, client and delivery (DL-08, L408, L565)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets.deliveries import DeliveryScheduleQuerySet

WEEKDAYS = (
    (1, _("Mon")),
    (2, _("Tue")),
    (3, _("Wed")),
    (4, _("Thu")),
    (5, _("Fri")),
    (6, _("Sat")),
    (7, _("Sun")),
)


class DeliveryState(models.TextChoices):
    PROPOSED = "proposed", _("To be confirmed")
    EFFECTIVE = "effective", _("In force")
    SUPERSEDED = "superseded", _("Replaced")
    REFUSED = "refused", _("Rejected")


DELIVERY_MOVES: dict[str, set[str]] = {
    DeliveryState.PROPOSED: {DeliveryState.EFFECTIVE, DeliveryState.REFUSED},
    DeliveryState.EFFECTIVE: {DeliveryState.SUPERSEDED},
    DeliveryState.SUPERSEDED: set(),
    DeliveryState.REFUSED: set(),
}


@track()
class DeliverySchedule(models.Model):
    """Days of the week and hours of one place; a change is a new row that replaces the old one."""

    client = models.ForeignKey(
        "clients.Client",
        models.PROTECT,
        related_name="delivery_schedules",
        verbose_name=_("client"),
    )
    # Null: all places of the client that have no schedule of their own.
    outlet = models.ForeignKey(
        "clients.Outlet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delivery_schedules",
        verbose_name=_("outlet"),
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=WEEKDAYS), verbose_name=_("days")
    )
    time_from = models.TimeField(_("from"))
    time_to = models.TimeField(_("to"))
    starts_on = models.DateField(_("from the day"))
    reason = models.CharField(_("why"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PROPOSED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    seller_at = models.DateTimeField(_("confirmed by the seller"), null=True, blank=True)
    client_person = models.CharField(_("who agreed for the client"), max_length=200, blank=True)
    client_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    client_at = models.DateTimeField(_("confirmed by the client"), null=True, blank=True)
    department = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    department_at = models.DateTimeField(_("confirmed by the delivery"), null=True, blank=True)
    refuse_reason = models.CharField(_("why rejected"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = DeliveryScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery schedule")
        verbose_name_plural = _("delivery schedules")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "outlet"],
                condition=Q(state="effective"),
                nulls_distinct=False,
                name="delivery_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["client", "outlet"],
                condition=Q(state="proposed"),
                nulls_distinct=False,
                name="delivery_one_proposed",
            ),
            models.CheckConstraint(
                condition=Q(time_to__gt=F("time_from")), name="delivery_hours_in_order"
            ),
            models.CheckConstraint(condition=~Q(weekdays=[]), name="delivery_has_days"),
            models.CheckConstraint(
                condition=~Q(state__in=["effective", "superseded"])
                | Q(
                    seller__isnull=False,
                    client_at__isnull=False,
                    department__isnull=False,
                )
                & ~Q(client_person=""),
                name="delivery_in_force_has_three_confirmations",
            ),
            models.CheckConstraint(
                condition=Q(seller=None) | Q(department=None) | ~Q(seller=F("department")),
                name="delivery_sides_are_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refuse_reason=""),
                name="delivery_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days}, {self.time_from:%H:%M}–{self.time_to:%H:%M}"

    def get_absolute_url(self) -> str:
        return self.page_of(self.client_id)

    @staticmethod
    def page_of(client_id: int) -> str:
        """The page of the client's schedules."""
        return reverse("deals:delivery_client", args=[client_id])

    @property
    def days(self) -> str:
        """The days in words: Mon, Thu."""
        words = dict(WEEKDAYS)
        return ", ".join(str(words[day]) for day in sorted(self.weekdays))

    @property
    def waits_for(self) -> list[str]:
        """The sides that have not confirmed yet: seller, client, department."""
        done = {
            "seller": self.seller_at,
            "client": self.client_at,
            "department": self.department_at,
        }
        return [side for side, at in done.items() if at is None]
