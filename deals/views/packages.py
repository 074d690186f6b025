"""The package of documents of a shipment: noting the next step of one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import person_of
from deals import permissions
from deals.actions.packages import note_document
from deals.forms.packages import NoteForm
from deals.models import Shipment, ShipmentDocumentKind
from deals.packages import STEP_WORDS

EVENT = "document-changed"


@require_http_methods(READ_AND_WRITE)
def package_note(request: HttpRequest, pk: int, kind: str, step: str) -> HttpResponse:
    """Made, handed over or come back signed, on a day."""
    user, today = person_of(request), timezone.localdate()
    shipment = get_object_or_404(Shipment.objects.visible_to(user), pk=pk)
    if not permissions.can_note_documents(user, shipment):
        raise PermissionDenied
    if kind not in ShipmentDocumentKind.values or step not in STEP_WORDS:
        raise Http404
    form = NoteForm(request.POST or None, initial={"on": today})

    def write() -> object:
        values = form.new_values()
        return note_document(pk, by=user, kind=kind, step=step, today=today, **values)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Noted"), event=EVENT, back=shipment.get_absolute_url())
    title, text = str(STEP_WORDS[step]), str(ShipmentDocumentKind(kind).label)
    return dialog(request, form, title=title, text=text, submit=_("Save"), status=status)
