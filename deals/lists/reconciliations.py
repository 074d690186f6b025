"""The register of reconciliations: columns, days that are left, ready views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.models import Client
from clients.search import search_list
from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.term_cells import note_under, term_cell
from crm.shell.templatetags.shell import category_badge, status_chip
from deals import permissions
from deals.filters.reconciliations import ReconciliationFilter
from deals.lists.columns import CLIENT_OF_ROW
from deals.lists.documents import MOST_CLIENTS
from deals.models import (
    ENDED_ITEM,
    NOT_SENT,
    ItemState,
    ReconciliationItem,
    ScheduleState,
)

TONES: dict[str, str] = {
    ItemState.REQUESTED: "warning",
    ItemState.ACT_CREATED: "info",
    ItemState.SENT: "info",
    ItemState.DISCREPANCY: "danger",
    ItemState.RESOLVED: "warning",
    ItemState.SIGNED: "success",
}


def state_chip(item: ReconciliationItem) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(item), TONES.get(item.state, "neutral"))


def state_cell(item: ReconciliationItem) -> str:
    """The state; what stands in a draft is marked."""
    note = ""
    if item.schedule is not None and item.schedule.state == ScheduleState.DRAFT:
        note = note_under(_("draft of the schedule"))
    return format_html('<span class="state-cell">{}{}</span>', state_chip(item), note)


def answerer_of(item: ReconciliationItem) -> User | None:
    """Kept at its end, else the client's manager of today."""
    found: User | None = item.manager or item.client.manager
    return found


def send_cell(item: ReconciliationItem) -> str:
    """The last day for sending with what became of it."""
    is_open = item.state in NOT_SENT
    sent_on = None if is_open else item.sent_on  # one that was made anew is sent once more
    return term_cell(item.send_by, sent_on, _("sent %(day)s"), is_open=is_open)


def sign_cell(item: ReconciliationItem) -> str:
    """The last day for the signature with what became of it."""
    is_open = item.state not in {*ENDED_ITEM, ItemState.REQUESTED}
    return term_cell(item.sign_by, item.signed_on, _("signed %(day)s"), is_open=is_open)


def name_and_category(item: ReconciliationItem) -> str:
    """The client, who names the row, with its letter."""
    badge = category_badge(item.client.category) if item.client.category else ""
    return format_html("<span>{}</span> {}", item.client.name, badge)


def category_cell(item: ReconciliationItem) -> str:
    """The letter of the client."""
    return category_badge(item.client.category) if item.client.category else "—"


def number_of(item: ReconciliationItem) -> str | None:
    """The number of its act, once it is made."""
    return item.act.number if hasattr(item, "act") else None


def number_cell(item: ReconciliationItem) -> str:
    """The number in one line."""
    return format_html('<span class="text-nowrap">{}</span>', number_of(item) or "—")


def find_reconciliations(rows: Any, text: str) -> Any:
    """By the beginning of the act's number, or by the client's name, INN or code."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    return rows.filter(Q(act__number__istartswith=plain) | Q(client__in=clients))


def change_cell(item: ReconciliationItem) -> str:
    """Move and cancel, as long as nothing was sent."""
    if item.state not in NOT_SENT:
        return ""
    steps = [("reconciliation_cancel", "ban", _("Cancel the reconciliation"))]
    if item.state == ItemState.PLANNED:
        steps.insert(0, ("reconciliation_move", "calendar-event", _("Move to another day")))
    links = [_small_button(f"deals:{name}", item, glyph, words) for name, glyph, words in steps]
    return SafeString(f'<span class="text-nowrap">{"".join(links)}</span>')


def _small_button(name: str, item: ReconciliationItem, glyph: str, words: str) -> SafeString:
    return format_html(
        '<a class="btn btn-icon btn-sm btn-ghost-secondary tap" href="{url}" hx-get="{url}"'
        ' hx-target="#dialog-body" aria-label="{words}: {client}" title="{words}">'
        '<i class="ti ti-{glyph}" aria-hidden="true"></i></a>',
        url=reverse(name, args=[item.pk]),
        words=words,
        client=item.client.name,
        glyph=glyph,
    )


RECONCILIATIONS = ListSpec(
    name="reconciliations",
    model=ReconciliationItem,
    title=gettext_lazy("Reconciliations"),
    columns=[
        replace(CLIENT_OF_ROW, render=name_and_category),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            filter="category",
            filter_value="client.category",
            render=category_cell,
        ),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("as_of", gettext_lazy("As of"), sort="as_of"),
        Column("send_by", gettext_lazy("Send by"), sort="send_by", render=send_cell),
        Column("sign_by", gettext_lazy("Sign by"), sort="sign_by", render=sign_cell),
        Column("due", pgettext_lazy("last day", "Due"), value="due_on", sort="due_on"),
        Column("state", gettext_lazy("State"), filter="state", render=state_cell),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value=lambda item: getattr(answerer_of(item), "short_name", None),
            filter="manager",
            filter_value=lambda item: getattr(answerer_of(item), "pk", None),
        ),
        Column("act", pgettext_lazy("reconciliation", "Act"), value=number_of, render=number_cell),
        Column(
            "closing",
            gettext_lazy("Closing balance"),
            kind=Kind.MONEY,
            value=lambda item: item.act.closing if hasattr(item, "act") else None,
            help=gettext_lazy("Positive is owed to us, negative is the client's advance."),
        ),
        Column("reason", gettext_lazy("Reason"), filter="reason"),
        Column("comment", gettext_lazy("Comment")),
        Column("sent_on", gettext_lazy("Sent on")),
        Column("signed_on", gettext_lazy("Signed on")),
        Column("cancel_reason", gettext_lazy("Why cancelled")),
    ],
    default_sort="due,-as_of",  # what is due first, then what is over
    default_columns=[
        "client",
        "as_of",
        "send_by",
        "sign_by",
        "state",
        "manager",
        "act",
        "closing",
    ],
    filters=ReconciliationFilter,
    search=find_reconciliations,
    search_hint=gettext_lazy("Client or number of the act"),
    views=[
        View(pgettext_lazy("reconciliations", "Open"), "step=now&sort=due"),
        View(gettext_lazy("To be sent"), "step=send&sort=send_by"),
        View(gettext_lazy("With the client"), "step=client&sort=sign_by"),
        View(gettext_lazy("Disputed ones"), "state=discrepancy&sort=sign_by"),
        View(gettext_lazy("Late"), "step=late&sort=sign_by"),
        View(pgettext_lazy("reconciliations", "Mine"), "mine=true&step=open&sort=due"),
        ALL,
    ],
    page_template="deals/reconciliation_list.html",
    empty_template="deals/_reconciliations_none.html",
)

TO_FORM = replace(RECONCILIATIONS, bulk_template="deals/_reconciliation_bulk.html")


def spec_for(user: User) -> ListSpec:
    """Rows are chosen by those who have acts formed."""
    return TO_FORM if permissions.can_form_acts(user) else RECONCILIATIONS


def items_of_schedule(*, may_change: bool) -> ListSpec:
    """The same list on the page of a schedule; who may, moves and cancels from its rows."""
    change = Column(
        "change",
        gettext_lazy("Change"),
        value=lambda item: item.client.name,
        render=change_cell,
        export=False,
    )
    shown = [
        replace(column, render=state_chip) if column.name == "state" else column
        for column in RECONCILIATIONS.columns
    ]
    names = ["client", "as_of", "send_by", "sign_by", "state", "manager"]
    return replace(
        RECONCILIATIONS,
        name="schedule_items",
        columns=[*shown, *([change] if may_change else [])],
        default_columns=[*names, *(["change"] if may_change else [])],
        default_sort="as_of,client",
        views=(),
        page_template="deals/schedule_detail.html",
        empty_template="deals/_schedule_items_none.html",
    )
