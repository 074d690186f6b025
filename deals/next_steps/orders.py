"""The reasons of My day that follow from orders: one on hold, one that is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import DateField, F, Min, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, of_asked, register
from crm.money import format_number
from crm.shell.nav import address
from deals.models import Order


def _held(today: date) -> Cases:
    """Something speaks against an order: talk to the client, or ask the head to release it."""
    rows = Order.objects.waiting().filter(of_asked()).order_by()
    since = Coalesce(TruncDate(Min("submitted_at")), Min("dated_on"), output_field=DateField())
    by_client = rows.values("client").annotate(first=since, rest=Sum("total"))
    return Cases(by_client, on=F("first"), amount=F("rest"))


def _held_label(reason: Reason) -> str:
    amount = f"{format_number(reason.case.amount or 0)}\u00a0₽"
    return _("Order on hold: %(amount)s") % {"amount": amount}


def _late(today: date) -> Cases:
    """Confirmed, and the day by which the goods were to be there has passed."""
    rows = Order.objects.late(today).filter(of_asked()).order_by()
    by_client = rows.values("client").annotate(first=Min("_due"))
    return Cases(by_client, on=F("first"))


def _late_label(reason: Reason) -> str:
    day = reason.case.on or reason.at.today
    return _("Not shipped on time: was due %(day)s") % {"day": f"{day:%d.%m}"}


def _orders(query: str) -> Callable[[Reason], str]:
    def link(reason: Reason) -> str:
        return f"{address('deals:order_list')}?client={reason.client.pk}&{query}"

    return link


def register_order_reasons() -> None:
    """Declare them."""
    register(HELD)
    register(LATE)


HELD = ReasonRule(
    code="order_held",
    rank=25,
    name=gettext_lazy("Order on hold"),
    verb=gettext_lazy("Settle why the order waits"),
    tone="danger",
    icon="hand-stop",
    cases=_held,
    label=_held_label,
    link=_orders("state=on_hold&state=submitted"),
    settled_by_contact=False,
)
LATE = ReasonRule(
    code="order_late",
    rank=35,
    name=gettext_lazy("Order not shipped on time"),
    verb=gettext_lazy("Tell the client when the goods come"),
    tone="warning",
    icon="truck-off",
    cases=_late,
    label=_late_label,
    link=_orders("late=1"),
)
