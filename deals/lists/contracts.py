"""Registers of contracts, of their obligations and of powers of attorney."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter, unit_choices
from clients.filters.contacts import DayFilter
from crm.accounts.models import OrgUnit
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.ranges import AmountFilter
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT
from deals.lists.documents import find_documents, last_day
from deals.models import (
    Contract,
    ContractKind,
    ContractObligation,
    ContractState,
    ObligationKind,
)

TONES: dict[str, str] = {
    ContractState.ACTIVE: "success",
    ContractState.ON_APPROVAL: "info",
    ContractState.APPROVED: "info",
    ContractState.SIGNED_BY_US: "info",
    ContractState.RETURNED: "warning",
    ContractState.TERMINATED: "warning",
}


def state_chip(contract: Contract) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(contract), TONES.get(contract.state, "neutral"))


def end_cell(contract: Contract) -> str:
    """The last day; of a contract in force with the days that are left, when they are few."""
    if contract.ends_on is None:
        return "" if contract.state != ContractState.ACTIVE else _("without an end")
    return last_day(contract.ends_on, within=30 if contract.state == ContractState.ACTIVE else None)


def within_days(rows: Any, name: str, days: Any) -> Any:
    """In force, over within so many days."""
    return rows.ending(timezone.localdate(), min(int(days), 3650))


def with_addenda(rows: Any, name: str, value: bool) -> Any:
    """Addenda only, or none of them."""
    return rows.exclude(parent=None) if value else rows.main()


def with_breach(rows: Any, name: str, value: bool) -> Any:
    """Some obligation of ours is overdue."""
    return rows.with_breaches(timezone.localdate()).filter(breached=value)


class ContractFilter(OfClientFilter):
    """What narrows the register of contracts."""

    contract = None
    state = SeveralFilter(label=gettext_lazy("State"), choices=ContractState.choices)
    kind = SeveralFilter(label=gettext_lazy("Kind"), choices=ContractKind.choices)
    standard = YesNoFilter(label=gettext_lazy("Standard text"), field_name="is_standard")
    addendum = YesNoFilter(label=gettext_lazy("Addendum"), method=with_addenda)
    ends_within = filters.NumberFilter(
        label=gettext_lazy("Ends within, days"), method=within_days, min_value=0, max_value=3650
    )
    ends_from = DayFilter(label=gettext_lazy("Ends from"), field_name="ends_on", lookup_expr="gte")
    ends_to = DayFilter(label=gettext_lazy("Ends to"), field_name="ends_on", lookup_expr="lte")
    breached = YesNoFilter(label=gettext_lazy("Obligation overdue"), method=with_breach)
    amount = AmountFilter(label=gettext_lazy("Amount"))

    class Meta(OfClientFilter.Meta):
        model = Contract


CONTRACTS = ListSpec(
    name="contracts",
    model=Contract,
    title=gettext_lazy("Contracts"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        CLIENT,
        Column("manager", gettext_lazy("Manager"), value="client.manager.short_name"),
        Column("negotiator", gettext_lazy("Leads the talks"), value="negotiator.short_name"),
        Column("amount", gettext_lazy("Amount"), kind=Kind.MONEY),
        Column("starts_on", gettext_lazy("From")),
        Column("ends_on", gettext_lazy("Ends"), sort="ends_on", render=end_cell),
        Column("signed_on", gettext_lazy("Signed")),
        Column("is_standard", gettext_lazy("Standard text"), filter="standard"),
        Column("parent", gettext_lazy("Addendum to"), value="parent.number"),
    ],
    default_sort="number",
    default_columns=["number", "kind", "state", "client", "manager", "amount", "ends_on"],
    filters=ContractFilter,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:contract_detail",
    views=[
        View(gettext_lazy("In force"), "state=active"),
        View(gettext_lazy("Ending soon"), "state=active&ends_within=60"),
        View(
            gettext_lazy("On their way"),
            "state=draft&state=on_approval&state=returned&state=approved&state=signed_by_us",
        ),
        ALL,
    ],
    page_template="deals/contract_list.html",
)


def by_unit(rows: Any, name: str, value: str) -> Any:
    """Owed by the unit or one below it."""
    return rows.filter(org_unit__in=OrgUnit.objects.subtree_of([int(value)]).values("pk"))


def by_openness(rows: Any, name: str, value: bool) -> Any:
    """Neither done nor dropped, or one of both."""
    return rows.open() if value else rows.exclude(done_on=None, dropped_at=None)


def by_lateness(rows: Any, name: str, value: bool) -> Any:
    """Open after its day, or not."""
    late = rows.overdue(timezone.localdate())
    return late if value else rows.exclude(pk__in=late.values("pk"))


class ObligationFilter(filters.FilterSet):
    """What narrows the board of obligations."""

    kind = SeveralFilter(label=gettext_lazy("Kind"), choices=ObligationKind.choices)
    unit = filters.ChoiceFilter(
        label=gettext_lazy("Department"), choices=unit_choices, method=by_unit
    )
    open = YesNoFilter(label=gettext_lazy("Not fulfilled yet"), method=by_openness)
    late = YesNoFilter(label=gettext_lazy("Overdue"), method=by_lateness)
    due_from = DayFilter(label=gettext_lazy("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=gettext_lazy("Due to"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = ContractObligation
        fields = ()


def obligation_state(row: ContractObligation) -> tuple[str, str]:
    """Done, not needed, overdue or open: the words and their tone."""
    if row.done_on:
        return _("done %(day)s") % {"day": f"{row.done_on:%d.%m.%Y}"}, "success"
    if row.dropped_at:
        return _("not needed"), "neutral"
    late = (timezone.localdate() - row.due_on).days
    if late > 0:
        return _("overdue %(days)s d") % {"days": late}, "danger"
    return _("to be done"), "info"


def contract_cell(row: ContractObligation) -> str:
    """The contract as a link to it."""
    return format_html('<a href="{}">{}</a>', row.contract.get_absolute_url(), row.contract)


OBLIGATIONS = ListSpec(
    name="obligations",
    model=ContractObligation,
    title=gettext_lazy("Contract obligations"),
    columns=[
        Column("text", gettext_lazy("What has to be done")),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("org_unit", gettext_lazy("Department"), value="org_unit.name"),
        Column("contract", gettext_lazy("Contract"), value="contract", render=contract_cell),
        Column("client", gettext_lazy("Client"), value="contract.client.name"),
        Column("due_on", pgettext_lazy("last day", "Due"), sort="due_on"),
        Column(
            "state",
            gettext_lazy("State"),
            value=lambda row: obligation_state(row)[0],
            render=lambda row: status_chip(*obligation_state(row)),
        ),
        Column("evidence", gettext_lazy("What shows it")),
    ],
    default_sort="due_on",
    default_columns=["text", "org_unit", "contract", "client", "due_on", "state"],
    filters=ObligationFilter,
    search=lambda rows, text: rows.filter(
        Q(text__icontains=text.strip()) | Q(contract__number__startswith=text.strip())
    ),
    search_hint=gettext_lazy("Text or number of the contract"),
    row_url=lambda row: row.contract.get_absolute_url(),
    empty_template="deals/_obligations_none.html",
)
