"""Putting a client off in one's own queue."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import permissions
from clients.actions.snooze import snooze_client, unsnooze_client
from clients.forms.contacts import SnoozeForm
from clients.models import Client
from clients.views.parts import changed
from crm.dialogs import attempt, dialog
from crm.web import person_of


def _client_or_403(request: HttpRequest, pk: int) -> Client:
    user = person_of(request)
    client: Client = get_object_or_404(Client.objects.visible_to(user), pk=pk)
    if not permissions.can_log_contact(user, client):
        raise PermissionDenied
    return client


@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """+1, +3, +7 days with a reason."""
    client, by, now = _client_or_403(request, pk), person_of(request), timezone.now()
    form = SnoozeForm(request.POST or None, initial={"days": 1})
    today = timezone.localtime(now).date()
    status = attempt(
        request,
        form,
        lambda: snooze_client(pk, by=by, now=now, today=today, **form.new_values()),
    )
    if not status:
        text = _("%(client)s put off") % {"client": client}
        undo = reverse("clients:unsnooze", args=[pk])
        return changed(request, text, back=client.get_absolute_url(), undo=undo)
    texts = {"title": _("Put off: %(client)s") % {"client": client}, "submit": _("Put off")}
    return dialog(request, form, **texts, status=status, body="clients/_snooze_fields.html")


@require_POST
def unsnooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the client back into the queue."""
    client = _client_or_403(request, pk)
    unsnooze_client(pk, by=person_of(request), now=timezone.now())
    text = _("%(client)s is back in the queue") % {"client": client}
    return changed(request, text, back=client.get_absolute_url())
