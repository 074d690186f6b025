"""The reasons of My day that follow from reconciliations: an act of ours, one to be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import DateTimeField, F, Max, Min, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.contacting.next_step import Cases, Reason, ReasonRule, asked, of_asked, register
from crm.calendar import add_working_days
from crm.shell.nav import address, address_of
from crm.sql import Statement
from crm.work.registry import setting
from deals.models import Discrepancy, EmergencyReason, ItemState, ReconciliationItem

# Each client with the day since which something speaks for an emergency (D.11), and what. A
# reconciliation as of that day or later answers it, as does one that was asked for and refused.
PROPOSED = """
    SELECT client_id, NULL::timestamptz, min(day), NULL::numeric,
           (array_agg(reason ORDER BY day, reason))[1]
    FROM (
        SELECT client_id, min(due_on) + %(overdue)s AS day, 'overdue' AS reason
        FROM deals_invoice WHERE client_id = ANY ((SELECT ids FROM asked_ids)::bigint[])
            AND kind = 'postpay' AND open_amount >= %(least)s AND due_on < %(late)s
        GROUP BY client_id
        UNION ALL
        SELECT client_id, max(ended_on), 'contract_end'
        FROM deals_contract c WHERE client_id = ANY ((SELECT ids FROM asked_ids)::bigint[])
            AND parent_id IS NULL AND c.state IN ('expired', 'terminated')
            AND ended_on BETWEEN %(since)s AND %(today)s
            AND EXISTS (SELECT 1 FROM deals_shipment s WHERE s.client_id = c.client_id)
        GROUP BY client_id
        UNION ALL
        SELECT client_id, max(found.day), 'unmatched_payment'
        FROM deals_payment p
        CROSS JOIN LATERAL (
            SELECT (min(pgh_created_at) AT TIME ZONE %(zone)s)::date AS day
            FROM deals_paymentevent e
            WHERE e.pgh_obj_id = p.id AND e.state IN ('matched', 'allocated')
        ) found
        WHERE p.client_id = ANY ((SELECT ids FROM asked_ids)::bigint[])
            AND p.matched_by = 'hand' AND p.paid_on BETWEEN %(since)s AND %(unknown)s
            AND p.state IN ('matched', 'allocated')
            AND found.day > p.paid_on + %(recognised)s AND found.day >= %(since)s
        GROUP BY client_id
    ) proposed
    WHERE NOT EXISTS (
        SELECT 1 FROM deals_reconciliationitem i
        WHERE i.client_id = proposed.client_id AND i.as_of <= %(today)s
            AND (i.state <> 'cancelled' OR i.kind = 'emergency') AND i.as_of >= proposed.day
    )
    GROUP BY client_id
"""


def _to_send(today: date) -> Cases:
    """The day of the act has come, and its last day for sending is near or gone."""
    last = add_working_days(today, setting("reconciliation.my_day_days"))
    rows = ReconciliationItem.objects.to_send().filter(
        of_asked(), as_of__lte=today, send_by__lte=last
    )
    by_client = rows.order_by().values("client")
    # «planned» comes after «act_created»: one that is not made yet is the first thing to do.
    found = by_client.annotate(day=Min("as_of"), last=Min("send_by"), first=Max("state"))
    return Cases(found, since=Cast(F("day"), DateTimeField()), on=F("last"), text=F("first"))


def _send_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    words = _("Act to be sent by %(day)s")
    if on < reason.at.today:
        words = _("Act late, was to be sent by %(day)s")
    elif reason.case.text == ItemState.PLANNED:
        words = _("Act to be made and sent by %(day)s")
    return words % {"day": f"{on:%d.%m}"}


def _unsigned(today: date) -> Cases:
    """Sent, and not signed by its last day."""
    rows = ReconciliationItem.objects.with_client().filter(of_asked(), sign_by__lt=today)
    return Cases(rows.order_by().values("client").annotate(last=Min("sign_by")), on=F("last"))


def _unsigned_label(reason: Reason) -> str:
    on = reason.case.on or reason.at.today
    return _("Act not signed, was due %(day)s") % {"day": f"{on:%d.%m}"}


def _disputed(today: date) -> Cases:
    """Differences whose day has come and that the client's manager, or nobody, answers for."""
    owner = "act__client__manager"
    mine = Q(responsible=F(owner)) | Q(responsible=None)
    rows = Discrepancy.objects.filter(mine, act__client__in=asked(), due_on__lte=today)
    rows = rows.exclude(state__in=["corrected", "closed"]).order_by()
    by_client = rows.values("act__client").annotate(first=Min("due_on"), what=Min("text"))
    return Cases(by_client, client="act__client", on=F("first"), text=F("what"))


def _disputed_label(reason: Reason) -> str:
    return _("Difference of the act: %(what)s") % {"what": reason.case.text}


def _proposed(today: date) -> Statement:
    """Something speaks for a reconciliation beyond the schedule, and there has been none since."""
    overdue, recognised = (
        setting(f"reconciliation.{name}") for name in ("overdue_days", "recognise_days")
    )
    return Statement.named(
        PROPOSED,
        today=today,
        least=setting("stop.least_open"),
        overdue=overdue,
        late=today - timedelta(days=overdue),
        recognised=recognised,
        unknown=today - timedelta(days=recognised),
        since=today - timedelta(days=setting("reconciliation.propose_days")),
        zone=timezone.get_default_timezone_name(),
    )


def _proposed_label(reason: Reason) -> str:
    why = EmergencyReason(reason.case.text or "")
    return _("Ask for a reconciliation: %(why)s") % {"why": str(why.label).lower()}


def _items(query: str) -> Callable[[Reason], str]:
    def link(reason: Reason) -> str:
        page = address("deals:reconciliation_list")
        return f"{page}?client={reason.client.pk}&{query}" if page else ""

    return link


def _form(reason: Reason) -> str:
    return address_of("deals:reconciliation_ask", reason.client.pk)


def register_reconciliation_reasons() -> None:
    """Declare them."""
    for rule in (DISPUTED, TO_SEND, UNSIGNED, PROPOSED_ONE):
        register(rule)


DISPUTED = ReasonRule(
    code="act_disputed",
    rank=46,
    name=gettext_lazy("Differences of an act"),
    verb=gettext_lazy("Clear up the difference"),
    tone="danger",
    icon="scale",
    cases=_disputed,
    label=_disputed_label,
    link=_items("state=discrepancy"),
    settled_by_contact=False,
)
TO_SEND = ReasonRule(
    code="act_send",
    rank=60,
    name=gettext_lazy("Act to be sent"),
    verb=gettext_lazy("Make the act and send it"),
    tone="warning",
    icon="file-invoice",
    cases=_to_send,
    label=_send_label,
    link=_items("step=send"),
    settled_by_contact=False,
)
UNSIGNED = ReasonRule(
    code="act_unsigned",
    rank=61,
    name=gettext_lazy("Act not signed"),
    verb=gettext_lazy("Ask for the signed act"),
    tone="warning",
    icon="signature",
    cases=_unsigned,
    label=_unsigned_label,
    link=_items("step=client"),
)
PROPOSED_ONE = ReasonRule(
    code="act_ask",
    rank=63,
    name=gettext_lazy("Emergency reconciliations to ask for"),
    verb=gettext_lazy("Ask for an emergency reconciliation"),
    tone="warning",
    icon="scale",
    cases=_proposed,
    label=_proposed_label,
    link=_form,
    settled_by_contact=False,
)
