"""The register of claims: columns, the last day of the answer, ready views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from claims import permissions
from claims.actions.claims import PREFIX
from claims.filters.claims import ClaimFilter, GoodsClaimFilter
from claims.models import Claim, ClaimDecision, ClaimLine, ClaimState
from claims.querysets import ClaimQuerySet
from clients.models import Client
from clients.search import search_list
from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.term_cells import term_cell
from crm.shell.templatetags.shell import category_badge, status_chip
from deals.lists.columns import CLIENT
from deals.lists.documents import MOST_CLIENTS, client_cell

TONES: dict[str, str] = {
    ClaimState.REGISTERED: "warning",
    ClaimState.IN_REVIEW: "info",
    ClaimState.ESCALATED: "danger",
    ClaimState.DECIDED: "warning",
    ClaimState.COMPENSATED: "info",
    ClaimState.CLOSED: "success",
}
DECISION_TONES: dict[str, str] = {
    ClaimDecision.SATISFIED: "success",
    ClaimDecision.PARTIAL: "info",
    ClaimDecision.REJECTED: "neutral",
}


def state_chip(claim: Claim) -> str:
    """The state in words, with its colour; opened again is said."""
    chip = status_chip(label_of(claim), TONES.get(claim.state, "neutral"))
    if not claim.times_reopened:
        return chip
    words = _("opened again: %(times)s") % {"times": claim.times_reopened}
    return format_html('{} <span class="d-block small text-secondary">{}</span>', chip, words)


def decision_chip(claim: Claim) -> str:
    """What was decided, in words."""
    if not claim.decision:
        return "—"
    return status_chip(label_of(claim, "decision"), DECISION_TONES[claim.decision])


def due_cell(claim: Claim) -> str:
    """The last day of the answer: days that are left, or by how many it is late."""
    words = pgettext("claim", "decided %(day)s")
    return term_cell(claim.response_due, claim.decided_on, words, is_open=claim.is_open)


def sold_cell(claim: Claim) -> str:
    """The day of the sale; a claim that came before it is marked."""
    if claim.sold_on is None:
        return "—"
    shown = f"{claim.sold_on:%d.%m.%Y}"
    if not claim.is_doubtful:
        return shown
    mark = status_chip(_("later than the claim"), "warning", "alert-triangle")
    return format_html("{} {}", shown, mark)


def goods_of(claim: Any) -> str:
    """The first goods, and how many more."""
    if not claim.goods_count:
        return ""
    more = claim.goods_count - 1
    rest = _(" and %(more)s more") % {"more": more} if more else ""
    return f"{claim.goods}{rest}"


def category_cell(claim: Claim) -> str:
    """The letter of the client."""
    return category_badge(claim.client.category) if claim.client.category else "—"


def find_claims(rows: Any, text: str) -> Any:
    """By the beginning of our number or the client's, or by the client's name, INN or code."""
    plain = text.strip()
    if plain.upper().startswith(f"{PREFIX}-"):  # no client is called so
        return rows.filter(number__startswith=plain.upper())
    clients = search_list(Client.objects.all(), plain).rows.order_by().values_list("pk", flat=True)
    # One index for each: a subquery among them would have all claims read.
    named = Q(client__in=list(clients[:MOST_CLIENTS]))
    theirs = Q(client_number__istartswith=plain) & ~Q(client_number="")
    return rows.filter(Q(number__startswith=plain.upper()) | theirs | named)


def find_goods(rows: Any, text: str) -> Any:
    """By the beginning of our number, or by a part of the name of the goods."""
    plain = text.strip()
    lines = ClaimLine.objects.filter(name__icontains=plain).values("claim")
    return rows.filter(Q(number__istartswith=plain) | Q(pk__in=lines))


def client_and_category(claim: Claim) -> str:
    """The client as a link to its card, with its letter."""
    badge = category_badge(claim.client.category) if claim.client.category else ""
    return SafeString(f"{client_cell(claim)} {badge}")


COLUMNS = (
    Column("number", gettext_lazy("Number"), link=True, sort="number"),
    replace(CLIENT, render=client_and_category),
    Column(
        "category",
        gettext_lazy("Category"),
        value="client.category",
        filter="category",
        filter_value="client.category",
        render=category_cell,
    ),
    Column("kind", gettext_lazy("Kind"), filter="kind"),
    Column(
        "reason",
        gettext_lazy("Reason"),
        value=lambda claim: str(claim.reason),
        filter="reason",
        filter_value="reason_id",
    ),
    Column("goods", gettext_lazy("Goods"), value=goods_of),
    Column("registered_on", gettext_lazy("Registered"), sort="registered_on"),
    Column(
        "response_due",
        gettext_lazy("To be answered by"),
        sort="response_due",
        render=due_cell,
    ),
    Column("state", gettext_lazy("State"), filter="state", render=state_chip),
    Column(
        "claimed_amount",
        gettext_lazy("Claimed, ₽"),
        kind=Kind.MONEY,
        sort="claimed_amount",
        total=True,
    ),
    Column("decision", gettext_lazy("Decision"), filter="decision", render=decision_chip),
    Column("satisfied_amount", gettext_lazy("Satisfied, ₽"), kind=Kind.MONEY, total=True),
    Column("guilty_party", gettext_lazy("Party at fault"), filter="guilty_party"),
    Column(
        "manager",
        gettext_lazy("Manager"),
        value="manager.short_name",
        filter="manager",
        filter_value="manager_id",
    ),
    Column(
        "assigned_to",
        gettext_lazy("Looked into by"),
        value="assigned_to.short_name",
        filter="assigned_to",
        filter_value="assigned_to_id",
    ),
    Column("compensation", gettext_lazy("Compensation"), filter="compensation"),
    Column("decided_on", gettext_lazy("Decided on"), sort="decided_on"),
    Column("compensated_on", gettext_lazy("Compensated on")),
    Column("answered_on", gettext_lazy("Answered on")),
    Column("channel", gettext_lazy("Channel"), filter="channel"),
    Column("sold_on", gettext_lazy("Sold on"), render=sold_cell),
    Column("client_number", gettext_lazy("Client's number")),
    Column("description", gettext_lazy("What happened")),
)
CLAIMS = ListSpec(
    name="claims",
    model=Claim,
    title=gettext_lazy("Claims"),
    columns=COLUMNS,
    default_sort="-registered_on",
    default_columns=[
        "number",
        "client",
        "reason",
        "registered_on",
        "response_due",
        "state",
        "claimed_amount",
        "manager",
    ],
    filters=ClaimFilter,
    details=ClaimQuerySet.for_list,
    search=find_claims,
    search_hint=gettext_lazy("Client or number of the claim"),
    views=[
        ALL,
        View(gettext_lazy("To be decided"), "step=decide&sort=response_due"),
        View(gettext_lazy("Late"), "step=late&sort=response_due"),
        View(pgettext_lazy("claims", "Mine"), "mine=true&step=decide&sort=response_due"),
        View(gettext_lazy("To be compensated"), "step=compensate&sort=decided_on"),
        View(gettext_lazy("Not answered"), "step=answer&sort=decided_on"),
        View(gettext_lazy("Large clients"), "category=A&step=decide&sort=response_due"),
        View(gettext_lazy("Doubtful"), "doubtful=true"),
    ],
    row_url="claims:detail",
    page_template="claims/claim_list.html",
    empty_template="claims/_claims_none.html",
)
# Purchasing reads claims for goods: what was wrong with what, not whose client it is (CM-07).
OF_GOODS = (
    "number",
    "registered_on",
    "reason",
    "goods",
    "claimed_amount",
    "state",
    "decision",
    "satisfied_amount",
    "guilty_party",
    "decided_on",
    "sold_on",
    "description",
)
FOR_PURCHASING = replace(
    CLAIMS,
    name="claims_for_goods",
    title=gettext_lazy("Purchasing: claims for goods"),
    columns=[next(column for column in COLUMNS if column.name == name) for name in OF_GOODS],
    default_columns=[name for name in OF_GOODS[:9] if name != "decision"],
    filters=GoodsClaimFilter,
    search=find_goods,
    search_hint=gettext_lazy("Number of the claim or goods"),
    views=[
        ALL,
        View(gettext_lazy("Fault of the supplier"), "guilty_party=supplier"),
        View(gettext_lazy("To be decided"), "step=decide"),
    ],
)


def spec_for(user: User) -> ListSpec:
    """The register as the person may read it."""
    return CLAIMS if permissions.sees_clients_of_claims(user) else FOR_PURCHASING
