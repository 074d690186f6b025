"""Visits of merchandisers to outlets, the plan of a month, what is looked at there (DL-16)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.contacts import Dictionary
from clients.models.people import Outlet
from clients.querysets.visits import VisitPlanQuerySet, VisitQuerySet
from crm.history import track


class VisitState(models.TextChoices):
    """C.5 no. 33; a visit that nobody needs any more is called off with a reason."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    DONE = "done", pgettext_lazy("visit", "Done")
    MISSED = "missed", pgettext_lazy("visit", "Missed")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Called off")


VISIT_MOVES: dict[str, set[str]] = {
    VisitState.PLANNED: {VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED},
    VisitState.DONE: set(),
    VisitState.MISSED: set(),
    VisitState.CANCELLED: set(),
}


class VisitPlanState(models.TextChoices):
    """A month is drawn up, then agreed with marketing (S3.3.1.16)."""

    DRAFT = "draft", pgettext_lazy("plan of visits", "Waits for marketing")
    APPROVED = "approved", pgettext_lazy("plan of visits", "Approved by marketing")


VISIT_PLAN_MOVES: dict[str, set[str]] = {
    VisitPlanState.DRAFT: {VisitPlanState.APPROVED},
    VisitPlanState.APPROVED: set(),
}


@track()
class VisitCheck(Dictionary):
    """What a merchandiser looks at in every outlet."""

    class Meta(Dictionary.Meta):
        verbose_name = _("point of the visit's checklist")
        verbose_name_plural = _("points of the visit's checklist")


@track()
class VisitPlan(models.Model):
    """The visits of one month by the norm; nobody goes by it until marketing has agreed."""

    month = models.DateField(_("month"), unique=True)  # its first day
    state = models.CharField(
        _("state"), max_length=8, choices=VisitPlanState.choices, default=VisitPlanState.DRAFT
    )
    # Who drew it up by hand; null for the clock.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of visits")
        verbose_name_plural = _("plans of visits")
        ordering = ("-month",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="approved", approved_by__isnull=False, approved_at__isnull=False)
                | Q(state="draft", approved_by=None, approved_at=None),
                name="visit_plan_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="visit_plan_is_of_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its calendar."""
        return reverse("clients:visit_plan_detail", args=[self.pk])


@track(exclude=("idempotency_key",), in_bulk=True)
class MerchandiserVisit(models.Model):
    """One visit to one outlet on one day.

    `checklist` has the points as they were called on that day, `{"key", "ru", "en", "ok"}`, `goods`
    what had to stand on the shelf, `{"key", "title", "ok"}`; ok is null until it is marked.
    """

    plan = models.ForeignKey(
        VisitPlan, models.PROTECT, null=True, blank=True, related_name="visits"
    )
    outlet = models.ForeignKey(
        Outlet, models.PROTECT, related_name="visits", verbose_name=_("outlet")
    )
    merchandiser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="merchandiser_visits",
        verbose_name=_("merchandiser"),
    )
    planned_on = models.DateField(_("planned for"))
    # The day it was planned for at first, and why it was moved the last time.
    moved_from = models.DateField(_("planned at first for"), null=True, blank=True)
    move_reason = models.CharField(_("why it was moved"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    goods = models.JSONField(_("goods on the shelf"), default=list, blank=True)
    oos_count = models.PositiveSmallIntegerField(_("goods out of stock"), null=True, blank=True)
    shelf_share = models.DecimalField(
        _("share of the shelf, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    comment = models.TextField(_("comment"), blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=VisitState.choices, default=VisitState.PLANNED
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("merchandiser's visit")
        verbose_name_plural = _("merchandisers' visits")
        ordering = ("-planned_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet", "planned_on"],
                condition=Q(state__in=["planned", "done"]),
                name="visit_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="done",
                    started_at__isnull=False,
                    finished_at__isnull=False,
                    oos_count__isnull=False,
                )
                | (~Q(state="done") & Q(finished_at=None)),
                name="visit_done_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None)
                | Q(started_at__isnull=False, finished_at__gte=F("started_at")),
                name="visit_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(shelf_share=None) | Q(shelf_share__gte=0, shelf_share__lte=100),
                name="visit_shelf_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="visit_called_off_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(moved_from=None, move_reason="")
                | (Q(moved_from__isnull=False) & ~Q(move_reason="")),
                name="visit_moved_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchandiser", "planned_on"], name="visit_of_merchandiser"),
            models.Index(fields=["state", "planned_on"], name="visit_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.outlet}, {self.planned_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("clients:visit_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == VisitState.PLANNED

    @property
    def minutes(self) -> int | None:
        """How long it took, in whole minutes."""
        if self.started_at is None or self.finished_at is None:
            return None
        return int((self.finished_at - self.started_at).total_seconds() // 60)
