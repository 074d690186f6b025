"""The register of proposals: columns, filters, ready views."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy

from clients.filters.clients import YesNoFilter
from clients.filters.contacts import DayFilter
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.ranges import AmountFilter
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT, MANAGER
from deals.lists.documents import find_documents, last_day
from deals.models import Proposal, ProposalState

TONES: dict[str, str] = {
    ProposalState.ON_APPROVAL: "warning",
    ProposalState.APPROVED: "info",
    ProposalState.SENT: "info",
    ProposalState.ACCEPTED: "success",
    ProposalState.DECLINED: "danger",
}


def by_retro(rows: Any, name: str, value: bool) -> Any:
    """Those that promise a retro bonus, in percent or in words."""
    without = {"retro_pct": 0, "retro_terms": ""}
    return rows.exclude(**without) if value else rows.filter(**without)


class ProposalFilter(OfClientFilter):
    """What narrows the register of proposals."""

    contract = None
    state = filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=ProposalState.choices)
    individual = YesNoFilter(label=gettext_lazy("Individual"), field_name="is_individual")
    retro = YesNoFilter(label=gettext_lazy("With a retro bonus"), method=by_retro)
    dated_from = DayFilter(
        label=gettext_lazy("Dated from"), field_name="dated_on", lookup_expr="gte"
    )
    dated_to = DayFilter(label=gettext_lazy("Dated to"), field_name="dated_on", lookup_expr="lte")
    total = AmountFilter(label=gettext_lazy("Amount"))

    class Meta(OfClientFilter.Meta):
        model = Proposal


def state_chip(proposal: Proposal) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(proposal), TONES.get(proposal.state, "neutral"))


def valid_cell(proposal: Proposal) -> str:
    """The last day; with the days that are left while the client thinks, when they are few."""
    if proposal.valid_to is None:
        return "—"
    return last_day(proposal.valid_to, within=3 if proposal.state == ProposalState.SENT else None)


PROPOSALS = ListSpec(
    name="proposals",
    model=Proposal,
    title=gettext_lazy("Proposals"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("dated_on", gettext_lazy("Date"), sort="dated_on"),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        CLIENT,
        MANAGER,
        Column("valid_to", gettext_lazy("Valid until"), kind=Kind.DATE, render=valid_cell),
        Column("total", gettext_lazy("Amount"), kind=Kind.MONEY, sort="total", total=True),
        Column(
            "deviation",
            gettext_lazy("Below the lowest price, %"),
            value=lambda row: row.deviation or None,
            kind=Kind.NUMBER,
        ),
        Column(
            "retro_pct",
            gettext_lazy("Retro bonus, %"),
            value=lambda row: row.retro_pct or None,
            kind=Kind.NUMBER,
        ),
        Column("is_individual", gettext_lazy("Individual"), filter="individual"),
        Column("sent_on", gettext_lazy("Sent on"), kind=Kind.DATE),
        Column("answered_on", gettext_lazy("Answered on"), kind=Kind.DATE),
        Column("decline_reason", gettext_lazy("Why declined")),
    ],
    default_sort="-dated_on",
    default_columns=[
        "number",
        "dated_on",
        "state",
        "client",
        "manager",
        "valid_to",
        "total",
        "deviation",
    ],
    filters=ProposalFilter,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:proposal_detail",
    views=[
        ALL,
        View(gettext_lazy("Drafts"), "state=draft"),
        View(gettext_lazy("Our books"), "state=on_approval&state=approved"),
        View(gettext_lazy("Wait for an answer"), "state=sent"),
        View(gettext_lazy("Accepted ones"), "state=accepted"),
        View(gettext_lazy("With a retro bonus"), "retro=true"),
    ],
    page_template="deals/proposal_list.html",
    empty_template="deals/_proposals_none.html",
)
