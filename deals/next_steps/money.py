"""The reasons of My day that follow from debts: a rung of the ladder, a payment that falls due."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, register
from clients.contacting.norms import start_of
from crm.calendar import add_working_days
from crm.money import format_number
from crm.shell.nav import address
from crm.sql import Statement
from crm.work.registry import setting
from deals.models import FollowUp, Invoice


def _overdue(today: date) -> Cases:
    """A rung of the ladder is open and the debt is still overdue."""
    late = Invoice.objects.overdue(today).filter(client=OuterRef("client")).order_by()
    debt = Subquery(late.values("client").annotate(total=Sum("open_amount")).values("total"))
    standing = FollowUp.objects.filter(done_at=None, dropped_at=None, client__in=asked())
    rows = standing.annotate(debt=debt).filter(debt__gt=0)
    return Cases(rows, on=F("invoice__due_on"), amount=F("debt"), text=F("step__action"))


def _debt_label(reason: Reason) -> str:
    on = reason.case.on
    return _("Overdue %(amount)s, %(days)s d.: %(action)s") % {
        "amount": f"{format_number(reason.case.amount or 0)}\u00a0₽",
        "days": (reason.at.today - on).days if on else 0,
        "action": reason.case.text,
    }


def _falls_due(today: date) -> Statement:
    """A payment falls due within days, and nobody has spoken to the client in these days."""
    ahead = setting("receivables.alert_before")
    last = add_working_days(today, ahead)
    days = [today + timedelta(days=number) for number in range((last - today).days + 1)]
    begins = [(day, start_of(add_working_days(day, -ahead))) for day in days]
    cases = " WHEN %s THEN %s" * len(begins)
    # The moments of contact stand in `asked`: the table of clients is not asked once more. The
    # few days are read from the index of days and joined: named by its key, each client of many
    # would be looked up on its own, while that of a card is looked up anyway.
    return Statement(
        f"""
        SELECT asked.id, NULL::timestamptz, min(due_on), sum(open_amount), NULL::text
        FROM asked JOIN deals_invoice ON client_id = asked.id
        WHERE kind = 'postpay' AND open_amount > 0 AND due_on BETWEEN %s AND %s
            AND coalesce(last_contact_at < CASE due_on {cases} END, true)
        GROUP BY asked.id
        """,  # noqa: S608
        (today, last, *chain.from_iterable(begins)),
    )


def _due_label(reason: Reason) -> str:
    on, today = reason.case.on, reason.at.today
    when = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    return _("To be paid %(day)s: %(amount)s") % {
        "day": when.get(on, f"{on:%d.%m}") if on else "",
        "amount": f"{format_number(reason.case.amount or 0)}\u00a0₽",
    }


def _late_invoices(reason: Reason) -> str:
    return f"{address('deals:invoice_list')}?client={reason.client.pk}&overdue=1"


def _due_invoices(reason: Reason) -> str:
    """Those that fall due in the days which the reason looks at."""
    today = reason.at.today
    last = add_working_days(today, setting("receivables.alert_before"))
    days = f"due_from={today.isoformat()}&due_to={last.isoformat()}"
    return f"{address('deals:invoice_list')}?client={reason.client.pk}&open=1&{days}"


def register_money_reasons() -> None:
    """Declare them."""
    register(DEBT)
    register(DUE)


DEBT = ReasonRule(
    code="debt",
    rank=20,
    name=gettext_lazy("Overdue debt"),
    verb=gettext_lazy("Follow up the overdue debt"),
    tone="danger",
    icon="coin-off",
    cases=_overdue,
    label=_debt_label,
    link=_late_invoices,
)
DUE = ReasonRule(
    code="due",
    rank=58,
    name=gettext_lazy("Payment falls due"),
    verb=gettext_lazy("Remind of the payment"),
    tone="warning",
    icon="calendar-dollar",
    cases=_falls_due,
    label=_due_label,
    link=_due_invoices,
    by_category=False,
)
