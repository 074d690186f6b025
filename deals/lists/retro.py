"""The registers of retro bonuses: agreements, accruals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from clients.models import Client
from clients.search import search_list
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.ranges import AmountFilter
from crm.money import NBSP
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT_OF_ROW, MANAGER
from deals.lists.documents import MOST_CLIENTS
from deals.models import (
    AccrualState,
    RetroBase,
    RetroBonusAccrual,
    RetroBonusAgreement,
    RetroMode,
    RetroPeriod,
    RetroState,
)

TONES: dict[str, str] = {
    RetroState.ON_APPROVAL: "warning",
    RetroState.ACTIVE: "success",
    RetroState.REJECTED: "danger",
    RetroState.TERMINATED: "warning",
    AccrualState.CALCULATED: "info",
    AccrualState.RECALCULATED: "warning",
    AccrualState.CHECKED: "warning",
    AccrualState.APPROVED: "success",
}
LEFT = "state=calculated&state=recalculated&state=checked&state=approved"


def state_chip(row: Any) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(row), TONES.get(row.state, "neutral"))


def period_text(accrual: RetroBonusAccrual) -> str:
    """Its days."""
    return f"{accrual.period_start:%d.%m.%Y}{NBSP}– {accrual.period_end:%d.%m.%Y}"


def last_text(agreement: RetroBonusAgreement) -> str:
    """The last day, or that there is none."""
    last = agreement.last_day
    return f"{last:%d.%m.%Y}" if last else _("as the contract")


def find_bonuses(number: str) -> Callable[[Any, str], Any]:
    """By the beginning of the contract's number, or by the client's name, INN or code."""

    def found(rows: Any, text: str) -> Any:
        plain = text.strip()
        clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")
        condition = Q(**{f"{number}__startswith": plain}) | Q(client__in=clients[:MOST_CLIENTS])
        return rows.filter(condition)

    return found


class RetroFilter(OfClientFilter):
    """What narrows the agreements."""

    state = SeveralFilter(label=gettext_lazy("State"), choices=RetroState.choices)
    period = filters.ChoiceFilter(label=gettext_lazy("Period"), choices=RetroPeriod.choices)
    base = filters.ChoiceFilter(label=gettext_lazy("Based on"), choices=RetroBase.choices)
    mode = filters.ChoiceFilter(label=gettext_lazy("Tier scale"), choices=RetroMode.choices)
    food = YesNoFilter(label=gettext_lazy("Food"), field_name="is_food")

    class Meta(OfClientFilter.Meta):
        model = RetroBonusAgreement


class AccrualFilter(OfClientFilter):
    """What narrows the accruals."""

    contract = None
    agreement = filters.ModelChoiceFilter(
        label=gettext_lazy("Agreement"),
        queryset=lambda request: RetroBonusAgreement.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    state = SeveralFilter(label=gettext_lazy("State"), choices=AccrualState.choices)
    ends_from = DayFilter(
        label=gettext_lazy("Period ends from"), field_name="period_end", lookup_expr="gte"
    )
    ends_to = DayFilter(
        label=gettext_lazy("Period ends to"), field_name="period_end", lookup_expr="lte"
    )
    amount = AmountFilter(label=gettext_lazy("Bonus"))

    class Meta(OfClientFilter.Meta):
        model = RetroBonusAccrual


RETRO = ListSpec(
    name="retro",
    model=RetroBonusAgreement,
    title=gettext_lazy("Retro bonuses"),
    columns=[
        CLIENT_OF_ROW,
        Column("contract", gettext_lazy("Contract"), value="contract.number"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("base", gettext_lazy("Based on"), filter="base"),
        Column("period", gettext_lazy("Period"), filter="period"),
        Column("mode", gettext_lazy("Tier scale"), filter="mode"),
        Column("highest", gettext_lazy("Highest rate, %"), kind=Kind.NUMBER),
        Column("services_pct", gettext_lazy("Services, %"), kind=Kind.NUMBER, sort="services_pct"),
        Column("is_food", gettext_lazy("Food"), filter="food"),
        Column("valid_from", gettext_lazy("From"), kind=Kind.DATE, sort="valid_from"),
        Column("valid_to", gettext_lazy("To, included"), value=last_text),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
        MANAGER,
    ],
    default_sort="-valid_from",
    default_columns=[
        *("client", "contract", "state", "base", "period", "highest", "services_pct"),
        *("is_food", "valid_from", "valid_to"),
    ],
    filters=RetroFilter,
    search=find_bonuses("contract__number"),
    search_hint=gettext_lazy("Contract or client"),
    row_url="deals:retro_detail",
    views=[
        View(gettext_lazy("In force"), "state=active"),
        View(gettext_lazy("On their way"), "state=draft&state=on_approval"),
        View(gettext_lazy("Food"), "state=active&food=true"),
        ALL,
    ],
    page_template="deals/retro_list.html",
    empty_template="deals/_retro_none.html",
)
ACCRUALS = ListSpec(
    name="retro_accruals",
    model=RetroBonusAccrual,
    title=gettext_lazy("Accrued retro bonuses"),
    columns=[
        CLIENT_OF_ROW,
        Column("contract", gettext_lazy("Contract"), value="agreement.contract.number"),
        Column("period_start", gettext_lazy("Period"), sort="period_start", value=period_text),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("base", gettext_lazy("Base without VAT"), kind=Kind.MONEY, sort="base", total=True),
        Column("rate", gettext_lazy("Rate, %"), kind=Kind.NUMBER, sort="rate"),
        Column("amount", gettext_lazy("Bonus"), kind=Kind.MONEY, sort="amount", total=True),
        Column(
            "given_amount",
            pgettext_lazy("retro bonus", "Settled"),
            kind=Kind.MONEY,
            sort="given_amount",
            total=True,
        ),
        Column("is_capped", gettext_lazy("Capped by law")),
        Column("checked_by", gettext_lazy("Checked by"), value="checked_by.short_name"),
        Column("approved_by", gettext_lazy("Approved by"), value="approved_by.short_name"),
        Column("given_on", gettext_lazy("Settled on"), kind=Kind.DATE, sort="given_on"),
        Column("document", gettext_lazy("Document"), value="document"),
        MANAGER,
    ],
    default_sort="-period_start",
    default_columns=[
        *("client", "contract", "period_start", "state", "base", "rate", "amount"),
        *("given_amount", "document", "manager"),
    ],
    filters=AccrualFilter,
    search=find_bonuses("agreement__contract__number"),
    search_hint=gettext_lazy("Contract or client"),
    row_url=lambda row: row.get_absolute_url(),
    views=[
        View(gettext_lazy("To check"), "state=calculated&state=recalculated"),
        View(pgettext_lazy("retro bonus", "To approve"), "state=checked"),
        View(pgettext_lazy("retro bonus", "To settle"), "state=approved"),
        View(gettext_lazy("Outstanding"), LEFT),
        ALL,
    ],
    empty_template="deals/_retro_none.html",
    page_template="deals/retro_accrual_list.html",
)
