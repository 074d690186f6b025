"""What another person sees: the administrator's answer to questions about rights (CR-01)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients import permissions
from clients.models import Client, ContactPerson, Counterparty
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from crm.web import person_of

SHOWN = 10


@require_safe
def seen_by(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts and first rows of the clients that the person sees today, and why."""
    viewer = person_of(request)
    if not permissions.can_check_scope_of_others(viewer):
        raise PermissionDenied
    person = get_object_or_404(User.objects.visible_to(viewer), pk=pk)
    scope = scope_of(person, timezone.localdate())
    clients = Client.objects.visible_to(person).for_list().order_by("sort_key", "pk")
    context = {
        "person": person,
        "scope": scope,
        "substituted": User.objects.filter(pk__in=scope.substituted_ids).order_by("sort_key"),
        "count": clients.open().count(),
        "archived": clients.archived().count(),
        "people_count": ContactPerson.objects.visible_to(person).open().count(),
        "legal_count": Counterparty.objects.visible_to(person).open().count(),
        "clients": clients.open()[:SHOWN],
    }
    return render(request, "clients/_client_seen_by.html", context)
