"""Imported documents without a client, and giving them one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.actions.assigning import assign_documents
from deals.forms.assigning import AssignForm
from deals.lists.unassigned import UNASSIGNED
from deals.models import Shipment


@require_safe
def unassigned_list(request: HttpRequest) -> HttpResponseBase:
    """Documents of sale that count for nobody until the accounting names their client."""
    user = person_of(request)
    if not permissions.can_see_unassigned(user):
        raise PermissionDenied
    rows = Shipment.objects.visible_to(user).counted().unassigned()
    return render_list(request, UNASSIGNED, rows)


@require_http_methods(READ_AND_WRITE)
def shipment_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the client of a document, or of all that call their client the same."""
    user = person_of(request)
    if not permissions.can_enter_documents(user):
        raise PermissionDenied
    rows = Shipment.objects.visible_to(user).counted().unassigned()
    document = get_object_or_404(rows, pk=pk)
    form = AssignForm(request.POST or None, user=user, document=document)
    done: list[int] = []
    status = attempt(
        request, form, lambda: done.append(assign_documents(pk, by=user, **form.new_values()))
    )
    if not status:
        back = reverse("deals:unassigned_list")
        return saved(request, _assigned(done[0]), event="documents-changed", back=back)
    title = _("Whose document is it?")
    return dialog(request, form, title=title, submit=_("Assign"), text=str(document), status=status)


def _assigned(count: int) -> str:
    """How many documents have got their client, in words."""
    said = ngettext("The document has its client", "%(count)s documents have their client", count)
    return said % {"count": count}
