"""Papers of clients: the tab of the card, one document, entering and checking."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.answers import visible_client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import move_on, person_of, sent_version
from deals import permissions
from deals.actions import dossier as actions
from deals.dossier import dossier_of
from deals.forms.dossier import ClientDocumentForm
from deals.models import ClientDocument

EVENT = "dossier-changed"


@require_safe
def client_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of papers of the client card."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_dossier(user):
        raise PermissionDenied
    context = {
        "client": client,
        "dossier": dossier_of(client, user, timezone.localdate()),
        "may_keep": permissions.can_keep_dossier(user, client),
    }
    return render(request, "deals/_client_dossier.html", context)


@require_http_methods(READ_AND_WRITE)
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a paper; its page follows, where the scan is added."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_keep_dossier(user, client):
        raise PermissionDenied
    form = ClientDocumentForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    made: list[ClientDocument] = []

    def write() -> None:
        values = form.new_values()
        values.pop("version")
        made.append(actions.add_client_document(pk, by=user, **values))

    status = attempt(request, form, write)
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Document of %(client)s") % {"client": client}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper with its files."""
    document, user = _document(request, pk), person_of(request)
    context = {
        "document": document,
        "client": document.client,
        "today": timezone.localdate(),
        "may_keep": permissions.can_add_paper(user, document),
        "may_check": permissions.can_check_document(user, document),
    }
    return render(request, "deals/document_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was entered."""
    document, user = _document(request, pk), person_of(request)
    if not permissions.can_add_paper(user, document):
        raise PermissionDenied
    form = ClientDocumentForm(request.POST or None, document=document)
    status = attempt(
        request, form, lambda: actions.edit_client_document(pk, by=user, **form.new_values())
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=document.get_absolute_url())
    words = {"title": _("Correct the document"), "submit": _("Save"), "about": str(document)}
    return dialog(request, form, status=status, **words)


@require_POST
def document_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Compared with the original."""
    document, user = _document(request, pk), person_of(request)
    if not permissions.can_check_document(user, document):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.check_client_document(
            pk, by=user, version=sent_version(request), today=timezone.localdate()
        ),
        _("Checked"),
        event=EVENT,
        back=document.get_absolute_url(),
    )


@require_POST
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Replaced by another, or entered by mistake."""
    document, user = _document(request, pk), person_of(request)
    if not permissions.can_add_paper(user, document):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.withdraw_client_document(
            pk, by=user, version=sent_version(request), now=timezone.now()
        ),
        _("Withdrawn"),
        event=EVENT,
        back=f"{reverse('clients:detail', args=[document.client_id])}?tab=contracts",
    )


@require_safe
def document_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who entered, corrected and checked it."""
    return render_history(request, _document(request, pk))


def _document(request: HttpRequest, pk: int) -> ClientDocument:
    rows = ClientDocument.objects.visible_to(person_of(request))
    rows = rows.select_related("client__org_unit", "checked_by", "created_by")
    document: ClientDocument = get_object_or_404(rows, pk=pk)
    return document
