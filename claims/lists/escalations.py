"""The list of escalations and conflicts: whose turn it is and since when."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.filters.escalations import EscalationFilter
from claims.models import Escalation, EscalationKind, EscalationState
from claims.querysets import EscalationQuerySet
from clients.models import Client
from clients.search import search_list
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.term_cells import term_cell
from crm.shell.templatetags.shell import category_badge, status_chip
from deals.lists.columns import CLIENT_OF_ROW
from deals.lists.documents import MOST_CLIENTS

TONES: dict[str, str] = {
    EscalationState.OPEN: "warning",
    EscalationState.IN_WORK: "info",
    EscalationState.RESOLVED: "success",
    EscalationState.FIASCO: "danger",
}


def state_chip(row: Escalation) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(row), TONES.get(row.state, "neutral"))


def due_cell(row: Escalation) -> str:
    """The last day; when it was settled, or how late it is."""
    return term_cell(row.due_on, row.ended_on, str(_("ended %(day)s")), is_open=row.is_open)


def find_escalations(rows: Any, text: str) -> Any:
    """By words of the matter, or by the client."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    return rows.filter(Q(subject__icontains=plain) | Q(client__in=clients))


CONFLICTS = f"kind={EscalationKind.CONFLICT}&kind={EscalationKind.CLAIM}"

ESCALATIONS = ListSpec(
    name="escalations",
    model=Escalation,
    title=_("Conflicts and escalations"),
    columns=[
        CLIENT_OF_ROW,
        Column(
            "category",
            _("Category"),
            value="client.category",
            render=lambda row: category_badge(row.client.category),
        ),
        Column("kind", _("Kind"), filter="kind"),
        Column("subject", _("What it is about")),
        Column("level", _("Level"), filter="level"),
        Column("to_user", _("To be settled by"), value="to_user.short_name"),
        Column("opened_on", _("Handed up"), kind=Kind.DATE, sort="opened_on"),
        Column("due_on", _("Last day"), kind=Kind.DATE, sort="due_on", render=due_cell),
        Column("state", _("State"), filter="state", render=state_chip),
        Column("from_user", _("Handed up by"), value="from_user.short_name"),
        Column("personally", _("In person")),
        Column("ended_on", _("Ended on"), kind=Kind.DATE),
        Column("outcome", _("Outcome")),
    ],
    default_sort="due_on",
    default_columns=[
        "client",
        "category",
        "kind",
        "subject",
        "to_user",
        "opened_on",
        "due_on",
        "state",
    ],
    filters=EscalationFilter,
    details=EscalationQuerySet.for_list,
    search=find_escalations,
    search_hint=_("Client or what it is about"),
    row_url="claims:escalation_detail",
    views=[
        View(pgettext_lazy("escalations", "Not settled"), "open=true&sort=due_on"),
        View(pgettext_lazy("escalations", "My turn"), "whose=me&sort=due_on"),
        View(pgettext_lazy("escalations", "Overdue"), "late=true&sort=due_on"),
        View(pgettext_lazy("escalations", "Conflicts"), f"open=true&{CONFLICTS}&sort=due_on"),
        View(pgettext_lazy("escalations", "Handed up by me"), "whose=up&sort=-opened_on"),
        ALL,
    ],
    empty_template="claims/_escalations_none.html",
)
