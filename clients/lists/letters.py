"""The register of correspondence: columns, days that are left, ready views."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.letters import LetterFilter
from clients.models import Client, Correspondence, LetterState
from clients.search import search_list
from crm.lists import ALL, Column, ListSpec, View
from crm.lists.term_cells import LATE, day_cell, in_figures, note_under, term_cell
from crm.shell.templatetags.shell import category_badge, status_chip

MOST_CLIENTS = 500
TONES: dict[str, str] = {
    LetterState.REGISTERED: "warning",
    LetterState.ASSIGNED: "info",
    LetterState.IN_WORK: "info",
    LetterState.REPLIED: "success",
    LetterState.SENT: "success",
    LetterState.DRAFT: "warning",
}


def state_chip(letter: Correspondence) -> str:
    """The state in words, with its colour."""
    return status_chip(letter.get_state_display(), TONES.get(letter.state, "neutral"))


def due_cell(letter: Correspondence) -> str:
    """The last day; how many days are left or it is late by, or when it was answered."""
    due, answered = letter.reply_due, letter.replied_on
    if due is None:
        return "—"
    if answered is None:
        return term_cell(due, None, is_open=letter.is_open)
    words = _("answered %(day)s") % {"day": in_figures(answered)}
    return day_cell(due, note_under(words, LATE) if answered > due else note_under(words))


def client_cell(letter: Correspondence) -> str:
    """The client with its category, or that it is not known yet and who wrote."""
    client = letter.client
    if client is not None:
        badge = category_badge(client.category) if client.category else ""
        return format_html('{} <a href="{}">{}</a>', badge, client.get_absolute_url(), client)
    who = letter.correspondent or letter.address
    return format_html('<span class="text-secondary">{}</span> {}', _("not filed:"), who)


def category_cell(letter: Correspondence) -> str:
    """The letter of the client."""
    return category_badge(letter.client.category) if letter.client else "—"


def find_letters(rows: Any, text: str) -> Any:
    """By the beginning of the number, by words of the subject, the address or the client."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    found = Q(reg_no__istartswith=plain) | Q(their_no__istartswith=plain) | Q(client__in=clients)
    return rows.filter(found | Q(subject__icontains=plain) | Q(address__icontains=plain))


LETTERS = ListSpec(
    name="letters",
    model=Correspondence,
    title=gettext_lazy("Correspondence"),
    columns=[
        Column(
            "reg_no",
            gettext_lazy("Number"),
            link=True,
            value=lambda letter: letter.reg_no or _("Draft"),
        ),
        Column("on_day", gettext_lazy("Day"), sort="on_day"),
        Column("direction", gettext_lazy("Direction"), filter="direction"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            filter="client",
            filter_value="client_id",
            render=client_cell,
        ),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            filter="category",
            filter_value="client.category",
            render=category_cell,
        ),
        Column("subject", pgettext_lazy("letter", "Subject")),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("reply_due", gettext_lazy("To be answered by"), sort="reply_due", render=due_cell),
        Column(
            "executor",
            gettext_lazy("Assignee"),
            value="executor.short_name",
            filter="executor",
            filter_value="executor_id",
        ),
        Column("replied_on", gettext_lazy("Answered on")),
        Column("correspondent", gettext_lazy("From whom, to whom")),
        Column("address", gettext_lazy("E-mail")),
        Column("channel", gettext_lazy("Received or sent by"), filter="channel"),
        Column("their_no", gettext_lazy("Number of the sender")),
        Column("no_reply_reason", gettext_lazy("Why no answer is needed")),
    ],
    default_sort="-on_day",
    default_columns=[
        "reg_no",
        "on_day",
        "kind",
        "client",
        "subject",
        "state",
        "reply_due",
        "executor",
    ],
    filters=LetterFilter,
    search=find_letters,
    search_hint=gettext_lazy("Number, subject, client or address"),
    views=[
        ALL,
        View(pgettext_lazy("letters", "Mine"), "mine=true&step=open&sort=reply_due"),
        View(gettext_lazy("Overdue"), "step=overdue&sort=reply_due"),
        View(pgettext_lazy("letters", "Unassigned"), "step=unassigned&sort=reply_due"),
        View(pgettext_lazy("letters", "Not filed"), "step=unfiled&sort=on_day"),
        View(gettext_lazy("Large clients"), "step=large&sort=reply_due"),
    ],
    page_template="clients/letter_list.html",
    empty_template="clients/_letters_none.html",
)
