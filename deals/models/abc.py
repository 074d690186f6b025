"""ABC analysis: what the categories would be by net shipments (ABC-1 … ABC-4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientCategory
from crm.history import track
from deals.querysets import AbcResultQuerySet, AbcRunQuerySet


@track()
class AbcRun(models.Model):
    """One calculation over [date_from, date_to], with the thresholds that held."""

    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    share_a = models.DecimalField(_("share of A, %"), max_digits=5, decimal_places=2)
    share_b = models.DecimalField(_("share of A and B, %"), max_digits=5, decimal_places=2)
    # Whether the client that crosses a border stays above it.
    border_inside = models.BooleanField(_("the client on the border is above"), default=False)
    total = models.DecimalField(_("net shipments"), max_digits=17, decimal_places=2)
    clients_count = models.PositiveIntegerField(_("clients"))
    proposed_count = models.PositiveIntegerField(_("changes proposed"), default=0)
    # Null: the monthly task.
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("calculated at"), auto_now_add=True)

    objects = AbcRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("ABC analysis")
        verbose_name_plural = _("ABC analyses")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(date_to__gte=F("date_from")), name="abc_run_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(share_a__gt=0, share_b__gte=F("share_a"), share_b__lte=100),
                name="abc_run_shares_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"ABC {self.date_from:%d.%m.%Y} – {self.date_to:%d.%m.%Y}"


class AbcResult(models.Model):
    """One client of a calculation; rows are written once with their run and never change."""

    run = models.ForeignKey(AbcRun, models.CASCADE, related_name="results", db_index=False)
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        related_name="abc_results",
        verbose_name=_("client"),
        db_index=False,
    )
    rank = models.PositiveIntegerField(_("rank"))
    net_amount = models.DecimalField(_("net shipments"), max_digits=15, decimal_places=2)
    share = models.DecimalField(_("share, %"), max_digits=7, decimal_places=4)
    cumulative = models.DecimalField(_("cumulative share, %"), max_digits=7, decimal_places=4)
    category = models.CharField(_("calculated"), max_length=1, choices=ClientCategory.choices)
    # As it was on the day of the calculation; null: none.
    assigned = models.CharField(  # noqa: DJ001
        _("assigned"), max_length=1, choices=ClientCategory.choices, null=True, blank=True
    )

    objects = AbcResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of an ABC analysis")
        verbose_name_plural = _("results of ABC analyses")
        ordering = ("run", "rank")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "run"], name="abc_result_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "rank"], name="abc_result_by_rank")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.category}"
