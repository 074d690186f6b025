"""The timeline and the contact part of the card's header."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients import dictionaries, permissions
from clients.contacting.contact_extras import with_extras
from clients.forms.contacts import kind_choices
from clients.models import Client, ContactLog, SchemeRun
from clients.pages.contact_card import contact_facts
from clients.pages.timeline import TimelineFilter, past_contacts, planned_contacts
from crm.web import person_of


@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Planned and past contacts of a client; `after` asks for the next page of the past."""
    user = person_of(request)
    client = get_object_or_404(Client.objects.visible_to(user), pk=pk)
    if not permissions.can_see_contacts(user):
        raise PermissionDenied
    narrowed, after = TimelineFilter.of(request.GET), request.GET.get("after", "")
    may_log = permissions.can_log_contact(user, client) and client.archived_at is None
    page = past_contacts(client, user, narrowed, after)
    with_extras(page.rows, user, may_log=may_log)
    context = {"client": client, "page": page, "narrowed": narrowed, "may_log": may_log}
    context["now"] = timezone.now()
    if not after:
        context |= _first_page(client, narrowed)
    name = "_timeline_page" if after else "_timeline"
    return render(
        request, f"clients/{name}.html", context, status=422 if narrowed.problems else 200
    )


def _first_page(client: Client, narrowed: TimelineFilter) -> dict[str, Any]:
    """What stands above the past: plans, series under way, the filter."""
    return {
        "planned": [] if narrowed else planned_contacts(client),
        "runs": SchemeRun.objects.running().filter(client=client).select_related("scheme"),
        "kinds": kind_choices(),
        "results": dictionaries.results(),
    }


@require_safe
def contact_facts_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Last and next contact, plan of the month and the next step, reloaded after a change."""
    user = person_of(request)
    client = get_object_or_404(Client.objects.visible_to(user), pk=pk)
    if not permissions.can_see_contacts(user):
        raise PermissionDenied
    facts = contact_facts(client, user, timezone.now())
    return render(request, "clients/_contact_facts.html", {"facts": facts, "client": client})


@require_safe
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contact in full, with its history."""
    user, now = person_of(request), timezone.now()
    rows = ContactLog.objects.visible_to(user).live().for_timeline().select_related("client")
    contact = get_object_or_404(rows, pk=pk)
    client = contact.client
    may_log = client is not None and permissions.can_log_contact(user, client)
    with_extras([contact], user, may_log=may_log)
    may_edit = permissions.can_edit_contact(user, contact, now)
    context = {"contact": contact, "may_edit": may_edit, "may_log": may_log}
    name = "_contact_detail" if request.htmx else "contact_detail"  # type: ignore[attr-defined]
    return render(request, f"clients/{name}.html", context)
