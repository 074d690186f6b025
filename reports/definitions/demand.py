"""Reports behind the page of demand: goods of a group, what waits, what clients need (DL-19)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.tabular import Kind
from deals.models import ProductGroup
from reports.definitions.columns import money
from reports.definitions.promos import GROUP
from reports.parameters import ChosenField, choice_parameter, period_parameter
from reports.permissions.demand import can_see_demand
from reports.permissions.facts import can_see_facts
from reports.queries import demand
from reports.registry import Parameter, Params, Report, ReportColumn, Row, register

NONE = "none"


def group_parameter() -> Parameter:
    """A product group, or what has none."""
    return Parameter("group", lambda user: ChosenField(_groups(), label=_("Product group")))


def _groups() -> dict[str, tuple[str, Any, set[str]]]:
    rows = ProductGroup.objects.order_by("name", "pk")
    found = {str(row.pk): (row.name, row, {row.name.casefold()}) for row in rows}
    word = _now("Without a group")
    return found | {NONE: (word, ProductGroup(), {word.casefold()})}


def _needs(user: User, params: Params) -> Iterable[Row]:
    return demand.need_rows(user, {**params, "today": timezone.localdate()})


def register_demand_reports() -> None:
    """Declare the reports."""
    for report in (_products(), _unshipped(), _needed(), _sales()):
        register(report)


def _products() -> Report:
    return Report(
        name="demand_products",
        title=_("Demand by product"),
        group=GROUP,
        parameters=[group_parameter(), period_parameter(usual="last_12_months")],
        columns=lambda params: [
            ReportColumn("sku", _("Article")),
            ReportColumn("product", _("Product"), link="url"),
            ReportColumn("quantity", _("Quantity"), Kind.NUMBER),
            money("net", _("Net shipments")),
            ReportColumn("share", _("Share"), Kind.PERCENT),
            ReportColumn("documents", _("Documents"), Kind.NUMBER),
        ],
        rows=_product_rows,
        may_open=can_see_demand,
        how=_(
            "Lines of documents in the books by the day of posting, roubles with VAT, less what"
            " came back; by who was responsible for the client on that day. What a document is"
            " worth beyond its lines has no product and is not here."
        ),
    )


def _product_rows(user: User, params: Params) -> Iterable[Row]:
    rows = demand.product_rows(user, params)
    if can_see_facts(user):
        return rows
    return [{**row, "url": ""} for row in rows]


def _unshipped() -> Report:
    return Report(
        name="demand_unshipped",
        title=_("Ordered and not shipped"),
        group=GROUP,
        parameters=[group_parameter()],
        columns=lambda params: [
            ReportColumn("day", _("Date"), Kind.DATE),
            ReportColumn("order", _("Order"), link="url"),
            ReportColumn("state", _("State")),
            ReportColumn("client", _("Client")),
            ReportColumn("product", _("Product")),
            ReportColumn("left", _("Left to ship"), Kind.NUMBER),
            money("amount", _("Amount")),
        ],
        rows=demand.unshipped_rows,
        may_open=can_see_facts,
        how=_(
            "Lines of orders that were sent in, wait for a decision or are confirmed, as far as"
            " they are not shipped, at the price of the order."
        ),
    )


def _needed() -> Report:
    only = [("", _("all")), ("not_buying", _("not bought lately"))]
    return Report(
        name="demand_needs",
        title=_("Needs of clients and what they buy"),
        group=GROUP,
        parameters=[group_parameter(), choice_parameter("only", _("Clients"), only)],
        columns=lambda params: [
            ReportColumn("client", _("Client"), link="url"),
            ReportColumn("manager", _("Manager")),
            ReportColumn("need", _("Need")),
            ReportColumn("level", _("Level"), Kind.NUMBER),
            ReportColumn("volume", _("Volume per month")),
            ReportColumn("quality", _("Quality requirements")),
            ReportColumn("noted_on", _("Recorded on"), Kind.DATE),
            ReportColumn("group", _("Product group")),
            ReportColumn("ship", _("Bought in three months"), Kind.MONEY),
        ],
        rows=_needs,
        may_open=can_see_facts,
        how=_(
            "Needs on the cards of clients at work. A need is of the product group whose name"
            " stands in its words; bought is what the client got of this group in the last three"
            " full months."
        ),
    )


def _sales() -> Report:
    return Report(
        name="product_sales",
        title=_("Shipments of a product"),
        group=GROUP,
        parameters=[
            Parameter(
                "sku",
                lambda user: CleanCharField(label=_("Article"), max_length=100, required=False),
            ),
            period_parameter(),
        ],
        columns=lambda params: [
            ReportColumn("day", _("Date"), Kind.DATE),
            ReportColumn("document", _("Document"), link="url"),
            ReportColumn("client", _("Client")),
            ReportColumn("quantity", _("Quantity"), Kind.NUMBER),
            money("amount", _("Amount")),
        ],
        rows=demand.line_rows,
        may_open=can_see_facts,
        how=_("Lines of documents with the article, as in “Demand by product”."),
    )
