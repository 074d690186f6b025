"""Debts without a lawsuit whose limitation ends soon."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims.models import LimitationWatch
from clients.filters.clients import YesNoFilter
from clients.models import Client
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.lists.term_cells import day_cell, note_under
from crm.work.registry import setting
from deals.lists.documents import client_cell
from deals.receivables.ageing import parse_steps


class LimitationFilter(filters.FilterSet):
    """Whose debts, in which claim."""

    client = filters.ModelChoiceFilter(
        label=_("Client"),
        field_name="invoice__client",
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    mine = YesNoFilter(label=_("Of my clients"), method="by_me")
    claimed = YesNoFilter(label=_("In a claim"), method="by_claim")

    class Meta:
        model = LimitationWatch
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks is the client's manager."""
        mine = {"invoice__client__manager": self.request.user.pk}
        return rows.filter(**mine) if value else rows.exclude(**mine)

    def by_claim(self, rows: Any, _name: str, value: bool) -> Any:
        """An open claim holds it."""
        held = {"invoice__outgoing_lines__is_held": True}
        return rows.filter(**held) if value else rows.exclude(**held)


def last_day_cell(row: LimitationWatch) -> str:
    """The last day with how many are left."""
    days = (row.last_day - timezone.localdate()).days
    left = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    tone = "text-danger" if days < min_step() else "text-secondary"
    return day_cell(row.last_day, note_under(left, tone))


def min_step() -> int:
    """The last of the alerts, in days."""
    return min(parse_steps(setting("limitation.alerts")))


def claim_cell(row: Any) -> str:
    """The claim that holds the debt."""
    if row.claim_id is None:
        return "—"
    url = reverse("claims:outgoing_detail", args=[row.claim_id])
    return format_html('<a class="text-nowrap" href="{}">{}</a>', url, row.claim_number)


LIMITATION = ListSpec(
    name="limitation",
    model=LimitationWatch,
    title=_("Limitation ends soon"),
    columns=[
        Column("invoice", _("Invoice"), value="invoice.number", link=True),
        Column(
            "client",
            _("Client"),
            value="invoice.client.name",
            filter="client",
            filter_value="invoice.client_id",
            render=lambda row: client_cell(row.invoice),
        ),
        Column("manager", _("Manager"), value="invoice.client.manager.short_name"),
        Column("contract", _("Contract"), value="invoice.contract.number"),
        Column("due_on", _("Due"), value="invoice.due_on"),
        Column("last_day", _("Sue by"), sort="last_day", render=last_day_cell),
        Column("open", _("Not paid"), kind=Kind.MONEY, value="invoice.open_amount"),
        Column("claim", _("Claim"), value="claim_number", render=claim_cell),
    ],
    default_sort="last_day",
    default_columns=["invoice", "client", "manager", "due_on", "last_day", "open", "claim"],
    filters=LimitationFilter,
    row_url=lambda row: reverse("deals:invoice_detail", args=[row.invoice_id]),
    views=[
        ALL,
        View(_("In no claim"), "claimed=false"),
        View(_("Of my clients"), "mine=true"),
    ],
    empty_template="claims/_limitation_none.html",
)
