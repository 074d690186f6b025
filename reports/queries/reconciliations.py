"""Reconciliations in figures: acts in time by manager, late ones, balances that do not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.money import percent
from deals.models import (
    NOT_SENT,
    Invoice,
    ItemState,
    Payment,
    ReconciliationAct,
    ReconciliationItem,
    ScheduleState,
    Shipment,
)
from deals.receivables.settlements import of_clients
from reports import links
from reports.parameters import Period
from reports.queries.receivables.ageing import advances, open_invoices
from reports.queries.receivables.grouping import Key, keyed, totals
from reports.registry import Params, Row

NOTHING = Decimal("0.00")
COUNTS = ("planned", "due", "sent_in_time", "signed_in_time", "late")


def acts_in_time(user: User, params: Params) -> list[Row]:
    """Reconciliations whose signed act was to come back in the period, by whoever answers."""
    by, period, today = params["by"], params["period"], timezone.localdate()
    rows = _of_unit(ReconciliationItem.objects.in_sums_of(user), params)
    rows = _binding(rows).filter(sign_by__gte=period.first, sign_by__lte=period.last)
    rows = rows.with_answerer().order_by()
    if manager := params.get("manager"):
        rows = rows.filter(answerer=manager.pk)
    in_time = Q(signed_on__lte=F("sign_by"))
    late = Q(signed_on__gt=F("sign_by")) | Q(signed_on=None, sign_by__lt=today)
    key = "client" if by == "client" else "answerer"
    counted = rows.values(key).annotate(
        planned=Count("pk"),
        due=Count("pk", filter=in_time | late),
        sent_in_time=Count("pk", filter=Q(sent_on__lte=F("send_by"))),
        signed_in_time=Count("pk", filter=in_time),
        late=Count("pk", filter=late),
    )
    found = list(counted)
    names = _named(by, {row[key] for row in found}, period)
    made = [{**row, **names[row[key]], **shares(row)} for row in found]
    return sorted(made, key=lambda row: (-row["late"], str(row["name"])))


def shares(row: Row) -> dict[str, Any]:
    """Signed in time as a share of those whose day has come; never averaged."""
    return {"share": percent(row["signed_in_time"], row["due"])}


def in_time_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The same share of all of them."""
    return shares({name: sum(row[name] for row in rows) for name in COUNTS})


def _binding(rows: Any) -> Any:
    """Approved and not cancelled."""
    asked = [ItemState.CANCELLED, ItemState.REQUESTED]
    return rows.exclude(state__in=asked).exclude(schedule__state=ScheduleState.DRAFT)


def _of_unit(rows: Any, params: Params) -> Any:
    if unit := params.get("unit"):
        rows = rows.filter(client__org_unit__path__startswith=unit.path)
    return rows


def _named(by: str, keys: set[int | None], period: Period) -> dict[int | None, Row]:
    """Names with the address of the reconciliations behind the figures."""
    known = [key for key in keys if key is not None]
    model: Any = Client if by == "client" else User
    found = model.objects.in_bulk(known)
    days = {"sign_from": period.first, "sign_to": period.last, "step": "standing"}
    made: dict[int | None, Row] = {None: {"name": _("No manager"), "url": ""}}
    for key in known:
        one = found[key]
        name = one.name if by == "client" else one.short_name
        url = links.documents("deals:reconciliation_list", **{by: key}, **days)
        made[key] = {"name": name, "url": url}
    return made


def overdue(user: User, params: Params) -> Iterator[Row]:
    """Reconciliations not sent or not signed by their last day, the latest ones first (L260)."""
    today = timezone.localdate()
    rows = _of_unit(ReconciliationItem.objects.visible_to(user).late(today), params)
    if manager := params.get("manager"):
        rows = rows.filter(client__manager=manager)
    items = rows.for_list()
    for item in sorted(items, key=lambda item: (_last_day(item), item.client.name, item.pk)):
        yield _whose(item.client) | {
            "as_of": item.as_of,
            "kind": item.get_kind_display(),
            "state": item.get_state_display(),
            "what": _("to be sent") if item.state in NOT_SENT else _("to be signed"),
            "last_day": _last_day(item),
            "days": (today - _last_day(item)).days,
            "item_url": links.record("deals:reconciliation_detail", item.pk),
        }


@dataclass(frozen=True)
class Standing:
    """What is to be done about the reconciliations of a unit."""

    to_send: int
    late: int
    disputed: int


def standing(user: User, inside: Collection[int], *, today: date) -> Standing:
    """Acts whose day has come and that are not sent; late ones; disputed ones: one query."""
    rows = ReconciliationItem.objects.in_sums_of(user).filter(client__org_unit__in=inside)
    unsent, disputed = Q(state__in=NOT_SENT), Q(state=ItemState.DISCREPANCY)
    late = Q(sign_by__lt=today) | (unsent & Q(send_by__lt=today))
    found = (
        rows.open()
        .order_by()
        .aggregate(
            to_send=Count("pk", filter=unsent & Q(as_of__lte=today)),
            late=Count("pk", filter=late),
            disputed=Count("pk", filter=disputed),
        )
    )
    return Standing(**found)


def _last_day(item: ReconciliationItem) -> date:
    return item.send_by if item.state in NOT_SENT else item.sign_by


def _whose(client: Client) -> dict[str, Any]:
    return {
        "code": client.code,
        "client": client.name,
        "client_url": links.client_card(client.pk),
        "manager": client.manager.short_name if client.manager else "",
    }


@dataclass(frozen=True)
class Balances:
    """What clients, or contracts of clients, owed at the end of a day by three reckonings."""

    debts: dict[Key, Decimal]
    advances: dict[Key, Decimal]
    documents: dict[Key, Decimal]

    @classmethod
    def on(cls, user: User, day: date, by: str, *, today: date) -> Balances:
        """Debts and advances as the ageing of the day counts them; documents as they stand now."""
        opened = open_invoices(user, as_of=day, today=today)
        amount = "open_amount" if day >= today else "open_then"
        return cls(
            totals(keyed(opened, by, value=F(amount)), by),
            advances(user, as_of=day, by=by),
            _documents(user, day, by),
        )


def _documents(user: User, day: date, by: str) -> dict[Key, Decimal]:
    """The balance of documents up to the day: what an act made now would close with."""
    found: dict[Key, Decimal] = defaultdict(Decimal)
    documents = of_clients(
        Shipment.objects.visible_to(user),
        Invoice.objects.visible_to(user),
        Payment.objects.visible_to(user),
    )
    received = documents.payments.filter(paid_on__lte=day)
    for rows, sign in (
        (documents.shipments.filter(posted_on__lte=day), 1),
        (documents.invoices.filter(issued_on__lte=day), 1),
        (received.filter(direction="out"), 1),
        (received.filter(direction="in"), -1),
    ):
        for key, amount in totals(keyed(rows, by, value=F("amount")), by).items():
            found[key] += sign * amount
    return found


def differences(user: User, params: Params) -> Iterator[Row]:
    """Acts whose kept closing balance is not that of receivables, or of documents, of their day."""
    today = timezone.localdate()
    by_day: dict[tuple[date, str], list[ReconciliationAct]] = defaultdict(list)
    for act in _acts(user, params):
        by_day[act.date_to, "contract" if act.contract_id else "client"].append(act)
    for (day, by), acts in sorted(by_day.items()):
        balances = Balances.on(user, day, by, today=today)
        for act in acts:
            key = (act.client_id, act.contract_id) if by == "contract" else (act.client_id,)
            row = _compared(act, balances, key)
            if row["difference"] or row["changed"]:
                yield row


def _acts(user: User, params: Params) -> QuerySet[ReconciliationAct]:
    period: Period = params["period"]
    rows = _of_unit(ReconciliationAct.objects.visible_to(user), params)
    if manager := params.get("manager"):
        rows = rows.filter(client__manager=manager)
    acts: QuerySet[ReconciliationAct] = (
        rows.filter(date_to__gte=period.first, date_to__lte=period.last)
        .exclude(item__state=ItemState.CANCELLED)
        .select_related("client__manager", "item")
        .order_by("date_to", "client__name", "pk")
    )
    return acts


def _compared(act: ReconciliationAct, balances: Balances, key: Key) -> dict[str, Any]:
    debt, advance = balances.debts.get(key, NOTHING), balances.advances.get(key, NOTHING)
    documents = balances.documents.get(key, NOTHING)
    return _whose(act.client) | {
        "act": act.number,
        "act_url": links.record("deals:reconciliation_detail", act.item_id),
        "as_of": act.date_to,
        "state": act.item.get_state_display(),
        "closing": act.closing,
        "debt": debt,
        "advance": advance,
        "difference": act.closing - (debt - advance),
        "documents": documents,
        "changed": documents - act.closing,
    }
