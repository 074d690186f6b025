"""The register of contacts, and the imported ones that name no client."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clients import permissions
from clients.filters.contacts import ContactFilter
from clients.models import ContactLog
from crm.lists import ALL, Column, Kind, ListSpec, View, render_list
from crm.web import person_of

UNASSIGNED = "unassigned"
SHORT = 120
PAGE = "clients/contact_list.html"


def _note(contact: ContactLog) -> str:
    text = contact.summary or contact.purpose or contact.reason
    return f"{text[:SHORT]}…" if len(text) > SHORT else text


def _client_link(contact: ContactLog) -> str:
    client = contact.client
    return format_html('<a href="{}">{}</a>', client.get_absolute_url(), client) if client else ""


VIEWS = [
    ALL,
    View(gettext_lazy("Done"), "state=done"),
    View(gettext_lazy("Planned"), "state=planned&sort=at"),
    View(gettext_lazy("Missed"), "state=missed"),
    View(gettext_lazy("Without a client"), f"tab={UNASSIGNED}"),
]
COLUMNS = [
    Column("at", gettext_lazy("When"), kind=Kind.DATETIME, link=True, sort="at"),
    Column(
        "client",
        gettext_lazy("Client"),
        value="client.name",
        filter="client",
        filter_value="client_id",
        render=_client_link,
    ),
    Column(
        "kind",
        gettext_lazy("How"),
        value="kind_label",
        filter="kind",
        filter_value="kind_key",
    ),
    Column("state", gettext_lazy("State"), filter="state"),
    Column("result", gettext_lazy("Result"), value="result", filter="result"),
    Column("topic", gettext_lazy("Topic"), value="topic", filter="topic"),
    Column("note", gettext_lazy("Note"), value=_note, export=lambda row: row.summary),
    Column("person", gettext_lazy("With whom"), value="person.full_name"),
    Column("by", gettext_lazy("Who"), value="manager.short_name", filter="by"),
    Column("minutes", gettext_lazy("Minutes"), kind=Kind.NUMBER),
    Column("promise_amount", gettext_lazy("Promised"), kind=Kind.MONEY, total=True),
    Column("promise_on", gettext_lazy("Promised for"), kind=Kind.DATE),
]
CONTACTS = ListSpec(
    name="contacts",
    model=ContactLog,
    title=gettext_lazy("Contacts"),
    columns=COLUMNS,
    default_sort="-at",
    default_columns=["at", "client", "kind", "state", "result", "topic", "note", "by"],
    filters=ContactFilter,
    row_url="clients:contact_detail",
    peek_url="clients:contact_detail",
    views=VIEWS,
    page_template=PAGE,
    empty_template="clients/_contact_list_empty.html",
)
WITHOUT_CLIENT = ListSpec(
    name="contacts-without-client",
    model=ContactLog,
    title=gettext_lazy("Contacts without a client"),
    columns=[
        COLUMNS[0],
        *COLUMNS[2:7],
        COLUMNS[8],
        Column("external_id", gettext_lazy("Number in the file")),
        Column(
            "attach",
            gettext_lazy("Client"),
            value="pk",
            render="clients/_attach_cell.html",
            export=False,
        ),
    ],
    default_sort="-at",
    default_columns=["at", "kind", "result", "topic", "by", "external_id", "attach"],
    filters=ContactFilter,
    row_url="clients:contact_detail",
    views=VIEWS,
    page_template=PAGE,
    empty_template="clients/_contact_list_empty.html",
    keep=["tab"],
)


@require_safe
def contact_list(request: HttpRequest) -> HttpResponseBase:
    """All visible contacts, or with `tab=unassigned` those that belong to no client yet."""
    user = person_of(request)
    if not permissions.can_see_contacts(user):
        raise PermissionDenied
    tab = request.GET.get("tab", "")
    rows: Any = ContactLog.objects.live()
    context = {"may_log": permissions.can_open_composer(user)}
    if tab == UNASSIGNED:
        rows = rows.without_client_visible_to(user).for_list()
        return render_list(request, WITHOUT_CLIENT, rows, context=context)
    rows = rows.of_clients_visible_to(user).for_list()
    return render_list(request, CONTACTS, rows, context=context)
