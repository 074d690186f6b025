"""Problems of sales that meetings discuss: receivables, disputed invoices and acts (L564)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.meetings.agenda import MOST, AgendaSource, Problem, register
from crm.money import format_money
from crm.said import gettext as _
from deals.models import Invoice, ItemState, ReconciliationItem
from deals.permissions import can_see_money
from deals.receivables.debts import overdue_beyond_grace


def problem_receivables(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """Clients overdue beyond the grace of their category, the greatest sums first."""
    late: Any = _of_unit(Invoice.objects.visible_to(user).overdue(today), unit)
    by_client = late.order_by().values("client", "client__name", "client__category")
    summed = by_client.annotate(sum=Sum("open_amount"), oldest=Min("due_on"), n=Count("pk"))
    bad = overdue_beyond_grace(today, [row["client"] for row in summed])
    rows = sorted(
        (row for row in summed if row["client"] in bad),
        key=lambda row: (-row["sum"], row["client"]),
    )
    for row in rows[:MOST]:
        facts = _("overdue %(sum)s, invoices: %(n)s, the oldest by %(days)s days") % {
            "sum": format_money(row["sum"]),
            "n": row["n"],
            "days": (today - row["oldest"]).days,
        }
        card = f"{reverse('clients:detail', args=[row['client']])}?tab=invoices"
        yield Problem(row["client"], row["client__name"], facts, card)


def disputed_invoices(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """Unpaid invoices that the client disputes, the oldest first."""
    rows: Any = _of_unit(Invoice.objects.visible_to(user).unpaid(), unit)
    disputed = rows.filter(is_disputed=True, issued_on__lte=today).select_related("client")
    for invoice in disputed.order_by("due_on", "pk")[:MOST]:
        title = _("%(client)s: invoice %(number)s") % {
            "client": invoice.client.name,
            "number": invoice.number,
        }
        facts = _("%(sum)s open, due %(day)s") % {
            "sum": format_money(invoice.open_amount),
            "day": f"{invoice.due_on:%d.%m.%Y}",
        }
        yield Problem(invoice.pk, title, facts, invoice.get_absolute_url())


def disputed_acts(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """Reconciliations whose act the client disputes, the oldest first."""
    rows: Any = _of_unit(ReconciliationItem.objects.visible_to(user), unit)
    disputed = rows.filter(state=ItemState.DISCREPANCY, as_of__lte=today).select_related("client")
    for item in disputed.order_by("sign_by", "pk")[:MOST]:
        facts = _("%(act)s, to be signed by %(day)s") % {
            "act": item,
            "day": f"{item.sign_by:%d.%m.%Y}",
        }
        yield Problem(item.pk, item.client.name, facts, item.get_absolute_url())


def _of_unit(rows: Any, unit: OrgUnit) -> Any:
    """Of clients of the unit and below."""
    return rows.filter(client__org_unit__path__startswith=unit.path)


def register_agenda() -> None:
    """Declare them; called once when the app is ready."""
    for order, (key, label, find) in enumerate(SOURCES, start=20):
        register(AgendaSource(key, label, find=find, may_see=can_see_money, order=order))


SOURCES = (
    ("receivables", gettext_lazy("Problem receivables"), problem_receivables),
    ("disputed_invoices", gettext_lazy("Disputed invoices"), disputed_invoices),
    ("disputed_acts", gettext_lazy("Disputed acts of reconciliation"), disputed_acts),
)
