"""The work list of notices of new prices: whom to tell by which day, and how far it is."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.search import search_list
from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals import permissions
from deals.filters.price_notices import PriceNoticeFilter
from deals.lists.columns import MANAGER
from deals.lists.documents import MOST_CLIENTS, client_cell
from deals.models import PriceChangeNotice, PriceNoticeState

TONES: dict[str, str] = {
    PriceNoticeState.SENT: "info",
    PriceNoticeState.DELIVERED: "success",
    PriceNoticeState.ACKNOWLEDGED: "success",
    PriceNoticeState.FAILED: "danger",
}


def due_cell(notice: PriceChangeNotice) -> str:
    """The last day for telling; where it was missed there is an icon and words."""
    shown = f"{notice.due_on:%d.%m.%Y}"
    if not notice.is_late(timezone.localdate()):
        return shown
    words = _("late") if notice.delivered_on else _("not notified")
    return format_html(
        '<span class="text-danger"><i class="ti ti-alert-circle" aria-hidden="true"></i> {}'
        ' <span class="d-block d-md-inline">· {}</span></span>',
        shown,
        words,
    )


def state_cell(notice: PriceChangeNotice) -> str:
    """The state as a chip."""
    return status_chip(label_of(notice), TONES.get(notice.state, "neutral"))


def find_notices(rows: object, text: str) -> object:
    """By the client's name, INN or code."""
    clients = search_list(Client.objects.all(), text.strip()).rows.order_by().values("pk")
    return rows.filter(Q(client__in=clients[:MOST_CLIENTS]))  # type: ignore[attr-defined]


NOTICES = ListSpec(
    name="price_notices",
    model=PriceChangeNotice,
    title=gettext_lazy("Notices of new prices"),
    columns=[
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            link=True,
            sort="client__sort_key",
        ),
        Column(
            "change",
            gettext_lazy("Price list"),
            value="change.price_list.name",
            filter="change",
            filter_value="change_id",
        ),
        Column(
            "effective_from",
            gettext_lazy("New prices from"),
            kind=Kind.DATE,
            value="change.effective_from",
        ),
        Column("due_on", gettext_lazy("To be notified by"), sort="due_on", render=due_cell),
        Column("state", gettext_lazy("State"), filter="state", render=state_cell),
        Column("channel", gettext_lazy("Channel"), filter="channel"),
        Column("sent_on", gettext_lazy("Sent on")),
        Column("delivered_on", gettext_lazy("Delivered on")),
        Column("acknowledged_on", gettext_lazy("Acknowledged on")),
        Column("fail_reason", gettext_lazy("Why not delivered")),
        MANAGER,
        Column("marked_by", gettext_lazy("Recorded by"), value="marked_by.short_name"),
        Column("card", gettext_lazy("Card"), value="client.name", render=client_cell, export=False),
    ],
    default_sort="-due_on",
    default_columns=[
        "client",
        "effective_from",
        "due_on",
        "state",
        "channel",
        "delivered_on",
        "manager",
    ],
    filters=PriceNoticeFilter,
    search=find_notices,  # type: ignore[arg-type]
    search_hint=gettext_lazy("Client"),
    row_url="deals:price_notice_detail",
    views=[
        ALL,
        View(gettext_lazy("To be notified"), "state=pending&state=failed"),
        View(gettext_lazy("Sent, not confirmed"), "state=sent"),
        View(gettext_lazy("Not on time"), "due=late"),
    ],
    views_keep=["change", "client", "manager"],
    empty_template="deals/_price_notices_none.html",
)
TO_MARK = replace(NOTICES, bulk_template="deals/_price_notice_bulk.html")


def spec_for(user: User) -> ListSpec:
    """Rows are chosen by those who note what became of them."""
    return TO_MARK if permissions.can_tell_clients(user) else NOTICES
