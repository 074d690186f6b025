"""The client register, the directory of contact persons and the journal of hand-overs as lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.filters.clients import NONE, ClientFilter, PersonFilter
from clients.models import Client, ClientStatus, ClientTransfer, ContactPerson
from clients.search import search_limited_list, search_list, search_people_list
from crm.accounts.models import HEADS, SALES, User
from crm.lists import Column, Kind, ListSpec
from crm.lists.page import ListPage
from crm.phones import format_phone

CLOSED_TO_LIMITED = (
    "potential_monthly",
    "last_contact_at",
    "next_contact_at",
    "tags",
    "tag",
    "potential",
    "last",
    "next",
    "silent",
    "silent_days",
    "without_next",
    "without_decider",
    "stale",
)


def next_contact_cell(client: Client) -> str:
    """The day of the next contact; a day gone by has an icon and words beside its colour."""
    if client.next_contact_at is None:
        return ""
    day = timezone.localtime(client.next_contact_at).date()
    shown = f"{day:%d.%m.%Y}"
    if day >= timezone.localdate():
        return shown
    return format_html(
        '<span class="text-danger" title="{}"><i class="ti ti-calendar-exclamation" '
        'aria-hidden="true"></i> {}<span class="visually-hidden"> {}</span></span>',
        _("The day has passed"),
        shown,
        _("The day has passed"),
    )


def tags_cell(client: Client) -> str:
    """Tags as small marks."""
    return format_html_join(
        " ", '<span class="badge bg-secondary-lt">{}</span>', ((tag,) for tag in client.tags)
    )


CLIENTS = ListSpec(
    name="clients",
    model=Client,
    title=gettext_lazy("Clients"),
    columns=[
        Column("name", gettext_lazy("Name"), link=True, sort="sort_key"),
        Column("code", gettext_lazy("Code"), sort="code"),
        Column(
            "category",
            gettext_lazy("Category"),
            sort="category",
            filter="category",
            filter_value=lambda client: client.category or NONE,
            render="shell/_category.html",
            export=lambda client: client.category or "",
        ),
        Column("status", gettext_lazy("Status"), sort="status", filter="status"),
        Column("kind", gettext_lazy("Kind"), sort="kind", filter="kind"),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="manager.short_name",
            sort="manager__sort_key",
            filter="manager",
            filter_value="manager_id",
        ),
        Column(
            "unit",
            gettext_lazy("Unit"),
            value="org_unit.name",
            sort="org_unit__sort_key",
            filter="unit",
            filter_value="org_unit_id",
        ),
        Column("territory", gettext_lazy("Territory"), sort="territory", filter="territory"),
        Column("channel", gettext_lazy("Channel"), sort="channel", filter="channel"),
        Column(
            "last_contact_at", gettext_lazy("Last contact"), kind=Kind.DATE, sort="last_contact_at"
        ),
        Column(
            "next_contact_at",
            gettext_lazy("Next contact"),
            kind=Kind.DATE,
            sort="next_contact_at",
            render=next_contact_cell,
        ),
        Column(
            "potential_monthly",
            gettext_lazy("Potential per month"),
            kind=Kind.MONEY,
            sort="potential_monthly",
            total=True,
        ),
        Column(
            "tags",
            gettext_lazy("Tags"),
            value=lambda client: ", ".join(client.tags),
            render=tags_cell,
        ),
        Column("created_at", gettext_lazy("Added"), kind=Kind.DATE, sort="created_at"),
    ],
    default_sort="name",
    default_columns=[
        "name",
        "category",
        "status",
        "manager",
        "territory",
        "last_contact_at",
        "next_contact_at",
    ],
    filters=ClientFilter,
    search=search_list,
    search_hint=gettext_lazy("Name, INN, phone, code, e-mail or person"),
    restricted=dict.fromkeys(CLOSED_TO_LIMITED, permissions.sees_all_fields),
    row_url="clients:detail",
    peek_url="clients:peek",
    edit_url="clients:edit",
    page_template="clients/client_list.html",
    empty_template="clients/_client_none.html",
)
LIMITED_CLIENTS = replace(
    CLIENTS, search=search_limited_list, search_hint=gettext_lazy("Name or code"), edit_url=None
)
DISTRIBUTED_CLIENTS = replace(CLIENTS, bulk_template="clients/_client_bulk.html")
READ_CLIENTS = replace(CLIENTS, edit_url=None)


def clients_for(user: User) -> ListSpec:
    """The register as the person's role may use it."""
    if not permissions.sees_all_fields(user):
        return LIMITED_CLIENTS
    if permissions.can_distribute(user):
        return DISTRIBUTED_CLIENTS
    return CLIENTS if permissions.can_create_client(user) else READ_CLIENTS


def rows_for(user: User, params: QueryDict | None) -> QuerySet[Any]:
    """Visible clients: open ones, or archived ones where the address asks for the archive."""
    rows = Client.objects.visible_to(user).for_list()
    return rows.archived() if in_archive(params) else rows.open()


def in_archive(params: QueryDict | None) -> bool:
    """Whether the address asks for the archive, by its own parameter or by the status."""
    if params is None:
        return False
    asked = params.get("archived", "").lower() in {"1", "true"}
    return asked or ClientStatus.ARCHIVED in params.getlist("status")


@dataclass(frozen=True)
class Tab:
    """A view of the register with one click; `current` when the address is exactly it."""

    key: str
    label: str
    url: str
    current: bool
    count: str = ""


def tabs_for(user: User, request: HttpRequest, params: QueryDict, *, counted: bool) -> list[Tab]:
    """Mine, team, all, silent, without a category, archive: what makes sense for the role."""
    filters = {key: value for key, value in params.items() if key in ClientFilter.base_filters}
    base = reverse("clients:list")
    made = []
    for key, label, query in _views(user):
        asked = QueryDict(query)
        url = f"{base}?{query}" if query else base
        count = _count(user, request, asked) if counted else ""
        made.append(Tab(key, label, url, filters == asked.dict(), count))
    return made


def _count(user: User, request: HttpRequest, params: QueryDict) -> str:
    """How many rows the view has: exact up to the bound of lists."""
    return ListPage(clients_for(user), request, rows_for(user, params), params).count_short


def _views(user: User) -> list[tuple[str, str, str]]:
    views = [("all", _("All"), "")]
    if user.role in SALES:
        views.append(("mine", _("Mine"), f"manager={user.pk}"))
    if user.role in HEADS and user.org_unit_id:
        views.append(("team", _("My team"), f"unit={user.org_unit_id}"))
    if permissions.can_distribute(user):
        views.append(("unassigned", _("Without a manager"), f"manager={NONE}"))
    if permissions.sees_all_fields(user):
        views.append(("silent", _("Silent clients"), "silent=1"))
        views.append(("stale", _("Out-of-date cards"), "stale=1"))
    views.append(("uncategorised", _("No category"), f"category={NONE}"))
    views.append(("archive", _("In the archive"), "archived=1"))
    return views


PEOPLE = ListSpec(
    name="people",
    model=ContactPerson,
    title=gettext_lazy("Contact persons"),
    columns=[
        Column("full_name", gettext_lazy("Full name"), link=True, sort="sort_key"),
        Column("position", gettext_lazy("Position"), sort="position"),
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            sort="client__sort_key",
        ),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            sort="client__category",
            filter="category",
            render="shell/_category.html",
            export=lambda person: person.client.category or "",
        ),
        Column(
            "is_decision_maker",
            gettext_lazy("Decision maker"),
            sort="is_decision_maker",
            filter="decision_maker",
        ),
        Column("influence", gettext_lazy("Influence"), sort="influence", filter="influence"),
        Column("phone", gettext_lazy("Phone"), value=lambda p: format_phone(p.phone)),
        Column("email", gettext_lazy("E-mail"), sort="email"),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="client.manager.short_name",
            sort="client__manager__sort_key",
            filter="manager",
            filter_value="client.manager_id",
        ),
        Column("birthday", gettext_lazy("Birthday"), kind=Kind.TEXT),
    ],
    default_sort="full_name",
    default_columns=[
        "full_name",
        "position",
        "client",
        "category",
        "is_decision_maker",
        "phone",
        "email",
        "manager",
    ],
    filters=PersonFilter,
    search=search_people_list,
    search_hint=gettext_lazy("Name, phone or e-mail"),
    can_export=permissions.can_export_people,
    row_url=lambda person: reverse("clients:detail", args=[person.client_id]),
)

TRANSFERS = ListSpec(
    name="transfers",
    model=ClientTransfer,
    title=gettext_lazy("Hand-overs of clients"),
    columns=[
        Column("created_at", gettext_lazy("Decided"), sort="created_at", link=True),
        Column("takes_effect_on", gettext_lazy("From what day"), sort="takes_effect_on"),
        Column(
            "from_manager",
            gettext_lazy("From whom"),
            value="from_manager.short_name",
            sort="from_manager__sort_key",
        ),
        Column(
            "to_manager",
            gettext_lazy("To whom"),
            value="to_manager.short_name",
            sort="to_manager__sort_key",
        ),
        Column("clients_count", gettext_lazy("Clients"), sort="clients_count", total=True),
        Column("kind", gettext_lazy("Reason"), sort="kind"),
        Column("note", gettext_lazy("Note")),
        Column("created_by", gettext_lazy("Who decided"), value="created_by.short_name"),
        Column("undone_at", gettext_lazy("Taken back"), sort="undone_at"),
    ],
    default_sort="-created_at",
    row_url="clients:transfer_detail",
)
