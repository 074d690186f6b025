"""Moves to the trading hall: proposed, decided by the head, taken back (CL-17, L240)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.categories import LEAST_REASON
from clients.models.clients import Client
from clients.querysets import PartOfClientQuerySet
from crm.history import track


class HallState(models.TextChoices):
    """C.5 no. 8."""

    PROPOSED = "proposed", pgettext_lazy("client", "Proposed")
    RETURNED = "returned", _("Returned for rework")
    MOVED = "moved", _("In the trading hall")
    REJECTED = "rejected", _("Stays with the manager")
    BACK = "back", _("Taken back from the hall")


HALL_MOVES: dict[str, set[str]] = {
    HallState.PROPOSED: {HallState.MOVED, HallState.RETURNED, HallState.REJECTED},
    HallState.RETURNED: {HallState.PROPOSED, HallState.MOVED},
    HallState.MOVED: {HallState.BACK},
    HallState.REJECTED: set(),
    HallState.BACK: set(),
}
OPEN_HALL = (HallState.PROPOSED, HallState.RETURNED, HallState.MOVED)


@track()
class HallMove(models.Model):
    """A client proposed for the trading hall, what became of it, and its way back.

    `evidence` is what was known of the client's sales on the day on which it was proposed.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="hall_moves")
    reason = models.TextField(_("reason"))
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=HallState.choices, default=HallState.PROPOSED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="hall_proposals"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="hall_decisions"
    )
    decided_on = models.DateField(_("decided on"), null=True)
    back_on = models.DateField(_("taken back on"), null=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="hall_returns"
    )
    back_reason = models.TextField(_("why it was taken back"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("move to the trading hall")
        verbose_name_plural = _("moves to the trading hall")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state__in=["proposed", "returned", "moved"]),
                name="hall_move_one_open_per_client",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["moved", "rejected", "back"],
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                )
                | Q(state__in=["proposed", "returned"], decided_by=None, decided_on=None),
                name="hall_move_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="back", back_on__isnull=False, back_by__isnull=False)
                    & ~Q(back_reason="")
                )
                | (~Q(state="back") & Q(back_on=None, back_by=None, back_reason="")),
                name="hall_move_back_with_reason",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length(Trim("reason")), LEAST_REASON),
                name="hall_move_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_state_display()}"
