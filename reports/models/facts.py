"""Facts of a month by client and manager, rolled up to every level (RP-02).

Everything here but the closing of a month is counted from documents and can be counted anew at
any time; the closing keeps the figures as they stood.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientCategory
from crm.accounts.models import OrgUnit
from crm.history import track
from reports.querysets import ClientMonthQuerySet, KpiSnapshotQuerySet, LateChangeQuerySet

MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}


def first_of_month(name: str) -> models.CheckConstraint:
    """The column `month` holds the first day of a month."""
    return models.CheckConstraint(condition=Q(month__day=1), name=name)


class ClientMonth(models.Model):
    """What a client brought to the manager who answered for it on the day of each document.

    `ship` is net of returns and `cash` of refunds, roubles with VAT; `sales` counts the sales that
    stand, so the client is active while it is above nought; `contacts` are those that reached the
    client. Unit and category are those of the last day of the month. `final_…` are the figures of
    the closing, null while the month is open. No client: a document that names none.
    """

    month = models.DateField(_("month"))
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        related_name="months",
        verbose_name=_("client"),
        db_index=False,
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="client_months",
        verbose_name=_("manager"),
        db_index=False,
    )
    org_unit = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        related_name="client_months",
        verbose_name=_("unit"),
        db_index=False,
    )
    category = models.CharField(  # noqa: DJ001  (null: none had been decided)
        _("category"), max_length=1, choices=ClientCategory.choices, null=True
    )
    ship = models.DecimalField(_("shipments"), default=0, **MONEY)
    cash = models.DecimalField(_("receipts"), default=0, **MONEY)
    sales = models.PositiveIntegerField(_("sales"), default=0)
    contacts = models.PositiveIntegerField(_("contacts"), default=0)
    final_ship = models.DecimalField(null=True, **MONEY)
    final_cash = models.DecimalField(null=True, **MONEY)
    final_sales = models.PositiveIntegerField(null=True)
    final_contacts = models.PositiveIntegerField(null=True)

    objects = ClientMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a client")
        verbose_name_plural = _("months of clients")
        constraints: ClassVar = [
            first_of_month("client_month_is_a_month"),
            models.UniqueConstraint(
                fields=["client", "month", "manager"],
                name="client_month_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(final_ship=None, final_cash=None, final_sales=None, final_contacts=None)
                | Q(
                    final_ship__isnull=False,
                    final_cash__isnull=False,
                    final_sales__isnull=False,
                    final_contacts__isnull=False,
                ),
                name="client_month_is_final_as_a_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["month", "manager"],
                include=["client", "org_unit", "sales"],
                name="client_month_of_manager",
            ),
            models.Index(fields=["month", "org_unit"], name="client_month_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.client_id}"


class KpiLevel(models.TextChoices):
    """Whose figures a snapshot holds."""

    COMPANY = "company", _("Company")
    UNIT = "unit", _("Unit")
    MANAGER = "manager", _("Manager")


class KpiSnapshot(models.Model):
    """A month of a manager, of a unit with all below it, or of the whole company.

    The company also counts what belongs to no unit. `base` are clients with a sale within the
    months of the active base (KPI-3), by who answers for them on the last day; `base_a` those of
    category A. `final` keeps all of it as it stood at the closing.
    """

    month = models.DateField(_("month"))
    level = models.CharField(_("level"), max_length=7, choices=KpiLevel.choices)
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="kpi_snapshots", db_index=False
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="kpi_snapshots",
        db_index=False,
    )
    ship = models.DecimalField(_("shipments"), default=0, **MONEY)
    cash = models.DecimalField(_("receipts"), default=0, **MONEY)
    sales = models.PositiveIntegerField(_("sales"), default=0)
    active = models.PositiveIntegerField(_("active clients"), default=0)
    contacts = models.PositiveIntegerField(_("contacts"), default=0)
    base = models.PositiveIntegerField(_("active base"), default=0)
    base_a = models.PositiveIntegerField(_("category A in the base"), default=0)
    final = models.JSONField(null=True)

    objects = KpiSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        constraints: ClassVar = [
            first_of_month("kpi_snapshot_is_a_month"),
            models.UniqueConstraint(
                fields=["month", "level", "org_unit", "manager"],
                name="kpi_snapshot_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(level="company", org_unit=None, manager=None)
                | Q(level="unit", org_unit__isnull=False, manager=None)
                | Q(level="manager"),
                name="kpi_snapshot_fits_its_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.level}"


class FactMark(models.Model):
    """A client's month that is to be counted anew; triggers of the documents write it."""

    client = models.ForeignKey(
        Client, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    month = models.DateField()

    class Meta:
        verbose_name = _("month to be counted")
        verbose_name_plural = _("months to be counted")

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.client_id}"


@track()
class MonthClosing(models.Model):
    """A month whose figures are final; what is posted into it later is shown beside them."""

    month = models.DateField(_("month"), unique=True)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    norm_percent = models.DecimalField(_("norm of debt, %"), max_digits=6, decimal_places=2)
    base_months = models.PositiveSmallIntegerField(_("months of the active base"))

    class Meta:
        verbose_name = _("closing of a month")
        verbose_name_plural = _("closings of months")
        ordering = ("-month",)
        constraints: ClassVar = [first_of_month("month_closing_is_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}"


class LateSource(models.TextChoices):
    """What was changed in a closed month."""

    SHIPMENT = "shipment", _("Document of sale")
    PAYMENT = "payment", _("Payment")
    CONTACT = "contact", _("Contact")
    ASSIGNMENT = "assignment", _("Hand-over of the client")


class LateChange(models.Model):
    """A document posted into, or changed in, a month that is closed; triggers write it."""

    month = models.DateField(_("month"))
    client = models.ForeignKey(
        Client, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    source = models.CharField(_("what"), max_length=10, choices=LateSource.choices)
    document_id = models.BigIntegerField()
    changed_at = models.DateTimeField(_("when"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("who"),
    )

    objects = LateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change after closing")
        verbose_name_plural = _("changes after closing")
        ordering = ("-changed_at", "-pk")
        indexes: ClassVar = [
            models.Index(fields=["month", "-changed_at"], name="late_change_of_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.source} {self.document_id}"
