"""Search over everything that the person may see."""

from django.db.models import Q
from django.utils.translation import gettext as _

from clients.lists.leads import find_leads
from clients.models import Lead
from clients.permissions import can_see_leads
from clients.search import search_clients, search_people
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.lists import label_of
from crm.names import sort_key
from reports.queries.found import Found, Group
from reports.queries.search_documents import by_number, letters_about


def search(user: User, text: str, *, limit: int) -> list[Group]:
    """Groups that found something: exact numbers of documents first, then clients."""
    if not text:
        return []
    clients = _clients(user, text, limit)
    groups = [
        Group(_("Documents"), by_number(user, text, limit)),
        Group(_("Clients"), clients),
        Group(_("Leads"), _leads(user, text, limit)),
        Group(_("People at clients"), _people(user, text, limit, forgive=not clients)),
        Group(_("Letters"), letters_about(user, text, limit)),
        Group(_("Colleagues"), _colleagues(user, text, limit)),
    ]
    return [group for group in groups if group.items]


def _clients(user: User, text: str, limit: int) -> list[Found]:
    return [
        Found(
            client.name,
            " · ".join(filter(None, (client.code, str(client.manager or "")))),
            client.get_absolute_url(),
            "building-store",
            client.category or "",
        )
        for client in search_clients(user, text, limit)
    ]


def _leads(user: User, text: str, limit: int) -> list[Found]:
    if not can_see_leads(user):
        return []
    rows = find_leads(Lead.objects.visible_to(user), text).select_related("manager")
    return [
        Found(
            lead.name,
            " · ".join((label_of(lead), str(lead.manager))),
            lead.get_absolute_url(),
            "user-search",
        )
        for lead in rows.order_by("-found_on", "-pk")[:limit]
    ]


def _people(user: User, text: str, limit: int, *, forgive: bool) -> list[Found]:
    if scope_of(user).limited_fields:
        return []
    return [
        Found(
            person.full_name,
            " · ".join(filter(None, (person.position, person.client.name))),
            person.client.get_absolute_url(),
            "user",
        )
        for person in search_people(user, text, limit, forgive=forgive)
    ]


def _colleagues(user: User, text: str, limit: int) -> list[Found]:
    """By the beginning of the surname, the login or the e-mail."""
    condition = Q(sort_key__startswith=sort_key(text)) | Q(username__istartswith=text)
    if "@" in text:
        condition |= Q(email__istartswith=text)
    rows = User.objects.visible_to(user).working().filter(condition).select_related("org_unit")
    return [
        Found(
            colleague.full_name,
            " · ".join(filter(None, (colleague.position, str(colleague.org_unit or "")))),
            colleague.get_absolute_url(),
            "id-badge",
        )
        for colleague in rows[:limit]
    ]
