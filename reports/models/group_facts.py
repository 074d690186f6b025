"""Shipments of a month by product group, beside the months of clients."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.accounts.models import OrgUnit
from deals.models import Product, ProductGroup
from reports.models.facts import MONEY, first_of_month
from reports.querysets import GroupMonthQuerySet

# The rows are counted anew from documents; what they name may go before they do.
NAMED: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "db_constraint": False,
    "db_index": False,
}


class GroupMonth(models.Model):
    """What of the shipments of a client's month is of one product group of today.

    The groups of a client and manager add up to `ClientMonth.ship`: no group has what the lines do
    not say, or say of goods without a group. `final_ship` is that of the closing.
    """

    month = models.DateField(_("month"))
    client = models.ForeignKey(Client, null=True, verbose_name=_("client"), **NAMED)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, verbose_name=_("manager"), **NAMED
    )
    org_unit = models.ForeignKey(OrgUnit, null=True, verbose_name=_("unit"), **NAMED)
    group = models.ForeignKey(ProductGroup, null=True, verbose_name=_("product group"), **NAMED)
    ship = models.DecimalField(_("shipments"), default=0, **MONEY)
    final_ship = models.DecimalField(null=True, **MONEY)

    objects = GroupMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a product group")
        verbose_name_plural = _("months of product groups")
        constraints: ClassVar = [
            first_of_month("group_month_is_a_month"),
            models.UniqueConstraint(
                fields=["client", "month", "manager", "group"],
                name="group_month_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["month", "org_unit"],
                include=["group", "manager", "ship", "final_ship"],
                name="group_month_of_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y}: {self.client_id}, {self.group_id}"


class ProductMark(models.Model):
    """A product that has come to another group; a trigger writes it."""

    product = models.ForeignKey(Product, **NAMED)

    class Meta:
        verbose_name = _("product to be counted")
        verbose_name_plural = _("products to be counted")

    def __str__(self) -> str:
        return str(self.product_id)
