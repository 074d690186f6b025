"""The register of recommendations to clients."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.client_advice import AdviceFilter
from clients.models import AdviceState, Client, ClientRecommendation
from clients.search import search_list
from crm.lists import ALL, Column, ListSpec, View
from crm.shell.templatetags.shell import category_badge, status_chip

MOST_CLIENTS = 500
TONES: dict[str, str] = {
    AdviceState.GIVEN: "warning",
    AdviceState.ACCEPTED: "info",
    AdviceState.REFUSED: "danger",
    AdviceState.DONE: "success",
}


def advice_chip(advice: ClientRecommendation) -> str:
    """The state in words, with its colour."""
    return status_chip(advice.get_state_display(), TONES.get(advice.state, "neutral"))


def outcome(advice: ClientRecommendation) -> str:
    """What came of it, or why the client did not want it."""
    return advice.effect or advice.refusal_reason


def outcome_cell(advice: ClientRecommendation) -> str:
    """The same, with its day beneath."""
    if not outcome(advice):
        return "—"
    day = advice.done_on or advice.answered_on
    note = f"{day:%d.%m.%Y}" if day else ""
    return format_html(
        '{}<span class="d-block small text-secondary">{}</span>', outcome(advice), note
    )


def find_advice(rows: Any, text: str) -> Any:
    """By words of the recommendation, the product group or the client."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    words = Q(text__icontains=plain) | Q(group__icontains=plain)
    return rows.filter(words | Q(client__in=clients))


ADVICE = ListSpec(
    name="recommendations",
    model=ClientRecommendation,
    title=gettext_lazy("Recommendations to clients"),
    columns=[
        Column("client", gettext_lazy("Client"), value="client.name", link=True),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            filter="category",
            filter_value="client.category",
            render=lambda advice: category_badge(advice.client.category),
        ),
        Column("given_on", pgettext_lazy("advice", "Given on"), sort="given_on"),
        Column("topic", gettext_lazy("Topic"), filter="topic"),
        Column("group", gettext_lazy("Product group")),
        Column("text", gettext_lazy("Recommendation")),
        Column("state", gettext_lazy("State"), filter="state", render=advice_chip),
        Column("outcome", gettext_lazy("Result"), value=outcome, render=outcome_cell),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="client.manager.short_name",
            filter="manager",
            filter_value="client.manager_id",
        ),
    ],
    default_sort="-given_on",
    default_columns=["client", "category", "given_on", "topic", "text", "state", "outcome"],
    filters=AdviceFilter,
    search=find_advice,
    search_hint=gettext_lazy("Client, product group or words of the recommendation"),
    views=[
        ALL,
        View(pgettext_lazy("recommendations", "No answer for too long"), "waits=answer"),
        View(pgettext_lazy("recommendations", "Accepted, not done yet"), "waits=doing"),
        View(pgettext_lazy("recommendations", "Put into practice"), "state=done"),
    ],
    empty_template="clients/_recommendations_none.html",
)
