"""Reports of deviations from the policy: the exceptions in force, the discounts given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Max
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy

from clients.models import Client
from crm.accounts.models import User
from crm.money import round_half_up
from crm.tabular import Kind
from deals.models import PolicyException, TermsKind, TermsRequest
from deals.permissions import can_see_money
from reports.definitions import parameters as ask
from reports.definitions.contracts import GROUP
from reports.parameters import manager_parameter, unit_parameter
from reports.registry import Params, Report, ReportColumn, Row, register

COLUMNS = {"client": "client", "manager": "client__manager", "approver": "approved_by"}
GROUPINGS = [
    ("client", gettext_lazy("Client")),
    ("manager", gettext_lazy("Manager")),
    ("approver", gettext_lazy("Approved by")),
    ("month", gettext_lazy("Month")),
]


def _exception_rows(user: User, params: Params) -> Iterable[Row]:
    rows = PolicyException.objects.visible_to(user).in_force(params["as_of"])
    if params.get("manager"):
        rows = rows.filter(client__manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(client__org_unit__path__startswith=params["unit"].path)
    for row in rows.for_list().order_by("ends_on", "pk"):
        manager = row.client.manager
        yield {
            "client": row.client.name,
            "client_url": row.client.get_absolute_url(),
            "manager": manager.short_name if manager else "",
            "kind": str(row.get_kind_display()),
            "value": row.measure,
            "ends_on": row.ends_on,
            "days_left": (row.ends_on - params["as_of"]).days,
            "reason": row.reason,
            "owner": row.owner.short_name,
            "approved_by": row.approved_by.short_name,
        }


def _discount_rows(user: User, params: Params) -> Iterable[Row]:
    rows = TermsRequest.objects.visible_to(user).approved().filter(kind=TermsKind.DISCOUNT)
    rows = rows.filter(approved_at__date__range=(params["from"], params["to"])).order_by()
    key = COLUMNS.get(params["by"], "month")
    found = rows.annotate(month=TruncMonth("approved_at")).values(key)
    found = found.annotate(count=Count("pk"), average=Avg("value"), highest=Max("value"))
    groups = list(found.order_by(key))
    names = _names(params["by"], [group[key] for group in groups])
    for group in groups:
        yield {
            "key": names[group[key]],
            "count": group["count"],
            "average": round_half_up(Decimal(group["average"])),
            "highest": group["highest"],
        }


def _names(by: str, keys: Collection[Any]) -> dict[Any, str]:
    """What the groups are called."""
    if by == "month":
        return {key: f"{key:%m.%Y}" for key in keys}
    if by == "client":
        return dict(Client.objects.filter(pk__in=keys).values_list("pk", "name"))
    people = User.objects.filter(pk__in=keys)
    return {None: ""} | {person.pk: person.short_name for person in people}


def register_terms_reports() -> None:
    """Declare the reports."""
    register(
        Report(
            name="exceptions",
            title=gettext_lazy("Exceptions from the policy"),
            group=GROUP,
            parameters=[ask.as_of(), manager_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("client", gettext_lazy("Client"), link="client_url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("kind", gettext_lazy("Kind")),
                ReportColumn("value", gettext_lazy("How much")),
                ReportColumn("ends_on", gettext_lazy("To, included"), Kind.DATE),
                ReportColumn("days_left", gettext_lazy("Days left"), Kind.NUMBER),
                ReportColumn("reason", gettext_lazy("Reason")),
                ReportColumn("owner", gettext_lazy("Responsible")),
                ReportColumn("approved_by", gettext_lazy("Approved by")),
            ],
            rows=_exception_rows,
            may_open=can_see_money,
            how=gettext_lazy(
                "Discounts, deferrals, limits above the norm, released stops and orders that are"
                " in force on the day. A limit stands until it is replaced: its last day is that"
                " of the review, and the days left are negative after it."
            ),
        )
    )
    _register_discounts()


def _register_discounts() -> None:
    register(
        Report(
            name="discounts_given",
            title=gettext_lazy("Discounts given"),
            group=GROUP,
            parameters=[
                ask.first_day(),
                ask.last_day(),
                ask.choice("by", gettext_lazy("Group by"), GROUPINGS, "manager"),
            ],
            columns=lambda params: [
                ReportColumn("key", dict(GROUPINGS)[params["by"]]),
                ReportColumn("count", gettext_lazy("Discounts"), Kind.NUMBER),
                ReportColumn("average", gettext_lazy("On average, %"), Kind.PERCENT),
                ReportColumn("highest", gettext_lazy("Highest, %"), Kind.PERCENT),
            ],
            rows=_discount_rows,
            may_open=can_see_money,
            how=gettext_lazy("Discounts approved in these days, also those that have expired."),
        )
    )
