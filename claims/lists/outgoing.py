"""The register of claims against clients: columns and ready views."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from claims.filters.outgoing import OutgoingFilter
from claims.models import WAITING, OutgoingClaim, OutgoingState
from clients.models import Client
from clients.search import search_list
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.term_cells import alarm_under, day_cell, term_cell
from crm.shell.templatetags.shell import status_chip
from deals.lists.columns import CLIENT, MANAGER
from deals.lists.documents import MOST_CLIENTS

TONES: dict[str, str] = {
    OutgoingState.REQUESTED: "warning",
    OutgoingState.LEGAL_REVIEW: "warning",
    OutgoingState.SENT: "info",
    OutgoingState.ANSWERED: "info",
    OutgoingState.TERM_EXPIRED: "danger",
    OutgoingState.IN_COURT: "danger",
    OutgoingState.SATISFIED: "success",
}


def state_chip(claim: OutgoingClaim) -> str:
    """The state in words with its colour; in court, how far."""
    words = label_of(claim)
    if claim.state == OutgoingState.IN_COURT and hasattr(claim, "lawsuit"):
        words = f"{words}: {claim.lawsuit.get_state_display()}"
    return status_chip(words, TONES.get(claim.state, "neutral"))


def due_cell(claim: OutgoingClaim) -> str:
    """The last day of the answer, and how many days are left or it is late by."""
    if claim.response_due is None:
        return "—"
    is_awaited = claim.state in WAITING and claim.state != OutgoingState.ANSWERED
    days = (timezone.localdate() - claim.response_due).days
    if is_awaited and days > 0:
        over = ngettext("%(n)s day over", "%(n)s days over", days) % {"n": days}
        return day_cell(claim.response_due, alarm_under(over))
    return term_cell(claim.response_due, None, is_open=is_awaited)


def find_outgoing(rows: Any, text: str) -> Any:
    """By the beginning of the number or of the case, or by the client's name, INN or code."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    numbers = Q(number__istartswith=plain) | Q(lawsuit__case_number__istartswith=plain)
    return rows.filter(numbers | Q(client__in=clients))


OUTGOING = ListSpec(
    name="outgoing",
    model=OutgoingClaim,
    title=gettext_lazy("Claims against clients"),
    columns=[
        Column(
            "number",
            gettext_lazy("Number"),
            link=True,
            sort="number",
            render=lambda row: format_html('<span class="text-nowrap">{}</span>', row.number),
        ),
        CLIENT,
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("principal", gettext_lazy("Debt"), kind=Kind.MONEY, total=True),
        Column(
            "accrual",
            gettext_lazy("Penalty and interest"),
            kind=Kind.MONEY,
            value=lambda row: row.penalty + row.interest,
            total=F("penalty") + F("interest"),
        ),
        Column("total", gettext_lazy("Claimed"), kind=Kind.MONEY, sort="total", total=True),
        Column(
            "left",
            gettext_lazy("Debt open now"),
            kind=Kind.MONEY,
            total=True,
            help=gettext_lazy("Of the claimed debt, after payments that came since."),
        ),
        Column("sent_on", pgettext_lazy("outgoing claim", "Sent on"), sort="sent_on"),
        Column("response_due", gettext_lazy("Answer by"), sort="response_due", render=due_cell),
        Column("answer_kind", gettext_lazy("Answer"), filter="answer"),
        MANAGER,
        Column("lawyer", gettext_lazy("Lawyer"), value="lawyer.short_name"),
        Column("calculated_to", gettext_lazy("Counted to")),
        Column(
            "case_number",
            gettext_lazy("Case number"),
            value=lambda row: row.lawsuit.case_number if hasattr(row, "lawsuit") else None,
        ),
        Column("proof", gettext_lazy("Number of the proof")),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
        Column("ended_on", gettext_lazy("Ended on")),
        Column("end_reason", gettext_lazy("How it ended")),
    ],
    default_sort="-number",
    default_columns=[
        "number",
        "client",
        "state",
        "total",
        "left",
        "sent_on",
        "response_due",
        "manager",
    ],
    filters=OutgoingFilter,
    search=find_outgoing,
    search_hint=gettext_lazy("Number, case or client"),
    views=[
        ALL,
        View(gettext_lazy("For review"), "step=review"),
        View(pgettext_lazy("claims", "To be sent"), "step=send"),
        View(gettext_lazy("With the client"), "step=waiting&sort=response_due"),
        View(gettext_lazy("Deadline passed"), "step=over&sort=response_due"),
        View(gettext_lazy("In court"), "step=court"),
        View(pgettext_lazy("claims", "Of my clients"), "mine=true&step=open"),
    ],
    page_template="claims/outgoing_list.html",
    empty_template="claims/_outgoing_none.html",
)
