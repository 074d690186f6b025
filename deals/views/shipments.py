"""Shipments, returns and adjustments: register, page, entry, posting, reversal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.answers import STALE
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, beside_its_field, dialog, pressed, saved
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.shell.nav import address_of
from crm.web import move_on, person_of, sent_version
from deals import permissions
from deals.actions import documents as actions
from deals.actions.posting import cancel_draft, post_shipment, reverse_shipment
from deals.forms.documents import DocumentEditor, PostForm, ReverseForm
from deals.lists.documents import SHIPMENTS, find_products
from deals.models import Product, Shipment, ShipmentKind, ShipmentState
from deals.models.payments import Allocation
from deals.packages import package_of

EVENT = "document-changed"
MOST_LINES = 500
OPTIONS = 10


@require_safe
def shipment_list(request: HttpRequest) -> HttpResponseBase:
    """The register of documents of sale."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    context = {"may_create": permissions.can_enter_documents(user)}
    rows = Shipment.objects.visible_to(user).for_list()
    if "state" not in request.GET:
        rows = rows.exclude(state=ShipmentState.CANCELLED)
    return render_list(request, SHIPMENTS, rows, context=context)


@require_safe
def shipment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: lines, what it did to debts, what took it back."""
    user, document = person_of(request), _visible(request, pk)
    lines = list(document.lines.select_related("product")[: MOST_LINES + 1])
    context = {
        "document": document,
        "lines": lines[:MOST_LINES],
        "more_lines": len(lines) > MOST_LINES,
        "invoice": getattr(document, "invoice", None),
        "mirror": Shipment.objects.visible_to(user).filter(reverses=document).first(),
        "applied": Allocation.objects.visible_to(user)
        .filter(credit=document)
        .select_related("invoice"),
        "may_enter": permissions.can_enter_documents(user),
        "returns_url": _returns_url(document),
        **package_parts(user, document),
        "may_reverse": permissions.can_reverse_documents(user) and document.reverses_id is None,
    }
    return render(request, "deals/shipment_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def shipment_create(request: HttpRequest) -> HttpResponse:
    """Type a document where there is no 1C."""
    if not permissions.can_enter_documents(person_of(request)):
        raise PermissionDenied
    return _edit(request, None)


@require_http_methods(READ_AND_WRITE)
def shipment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    document = _visible(request, pk)
    if not permissions.can_enter_documents(person_of(request)):
        raise PermissionDenied
    return _edit(request, document)


def _edit(request: HttpRequest, document: Shipment | None) -> HttpResponse:
    user = person_of(request)
    if request.method != "POST":
        stored = DocumentEditor.stored(document, user) if document else None
        initial = {"kind": request.GET.get("kind", "sale")}
        return _show(request, stored or DocumentEditor.empty(user, initial), document, 200)
    command = request.POST.get("command", "")
    if command:
        editor = DocumentEditor.rearranged(request.POST, user, document, command)
        return _show(request, editor, document, 200)
    editor = DocumentEditor.sent(request.POST, user, document)
    if not editor.is_valid():
        return _show(request, editor, document, 422)
    try:
        written = _write(request, editor, document)
    except RuleViolation as refusal:
        return _refused(request, editor, document, refusal)
    return move_on(request, written.get_absolute_url())


def _refused(
    request: HttpRequest, editor: DocumentEditor, document: Shipment | None, refusal: RuleViolation
) -> HttpResponse:
    status = beside_its_field(editor.head, refusal)
    if status == STALE and document is not None:
        editor.head.compare_with(_visible(request, document.pk))
    return _show(request, editor, document, status)


def _write(request: HttpRequest, editor: DocumentEditor, document: Shipment | None) -> Shipment:
    by, head, lines = person_of(request), editor.head.head(), editor.lines()
    if document is None:
        key = editor.head.cleaned_data["key"]
        return actions.create_document(by=by, head=head, lines=lines, key=key)
    version = editor.head.cleaned_data["version"] or 0
    return actions.edit_document(document.pk, by=by, version=version, head=head, lines=lines)


def _show(
    request: HttpRequest, editor: DocumentEditor, document: Shipment | None, status: int
) -> HttpResponse:
    context = {"editor": editor, "document": document}
    return render(request, "deals/shipment_form.html", context, status=status)


@require_http_methods(READ_AND_WRITE)
def shipment_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into the books."""
    document = _visible(request, pk)
    if not permissions.can_enter_documents(person_of(request)):
        raise PermissionDenied
    initial = {"version": document.version, "on": document.dated_on}
    form = PostForm(request.POST or None, initial=initial)
    status = attempt(request, form, lambda: _post(form, request, pk))
    if not status:
        return saved(request, _("Posted"), event=EVENT, back=document.get_absolute_url())
    title = _("Post %(document)s") % {"document": document}
    return dialog(request, form, title=title, submit=_("Post"), status=status)


def _post(form: Any, request: HttpRequest, pk: int) -> None:
    post_shipment(
        pk,
        by=person_of(request),
        on=form.cleaned_data["on"],
        version=form.cleaned_data["version"],
    )


@require_POST
def shipment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    document = _visible(request, pk)
    version = sent_version(request)
    return pressed(
        request,
        lambda: cancel_draft(pk, by=person_of(request), version=version),
        _("The draft is thrown away."),
        event=EVENT,
        back=document.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def shipment_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a posted document back."""
    document = _visible(request, pk)
    if not permissions.can_reverse_documents(person_of(request)):
        raise PermissionDenied
    initial = {"version": document.version, "on": timezone.localdate()}
    form = ReverseForm(request.POST or None, initial=initial)
    status = attempt(request, form, lambda: _reverse(form, request, pk))
    if not status:
        return saved(request, _("Reversed"), event=EVENT, back=document.get_absolute_url())
    text = _("The document stays in its month; its mirror stands on the day of the reversal.")
    title = _("Reverse %(document)s") % {"document": document}
    return dialog(request, form, title=title, submit=_("Reverse"), text=text, status=status)


def _reverse(form: Any, request: HttpRequest, pk: int) -> None:
    values = form.cleaned_data
    reverse_shipment(
        pk,
        by=person_of(request),
        on=values["on"],
        reason=values["reason"],
        version=values["version"],
    )


@require_safe
def shipment_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the document."""
    return render_history(request, _visible(request, pk))


@require_safe
def product_options(request: HttpRequest) -> HttpResponse:
    """Products for a field that picks one."""
    typed = [request.GET[key] for key in request.GET if key.endswith("product")]
    text = typed[0][:100] if typed else ""
    rows = Product.objects.visible_to(person_of(request)).open()
    found = find_products(rows, text)[:OPTIONS] if text.strip() else []
    return render(request, "deals/_product_options.html", {"products": found})


def _visible(request: HttpRequest, pk: int) -> Shipment:
    rows = Shipment.objects.visible_to(person_of(request))
    rows = rows.select_related(
        "client", "manager", "contract", "original", "reverses", "invoice", "order"
    )
    document: Shipment = get_object_or_404(rows, pk=pk)
    return document


def _returns_url(document: Shipment) -> str:
    """Where a later app shows what came back of the sale, or which return the document credits."""
    goods = document.kind in {ShipmentKind.SALE, ShipmentKind.RETURN}
    sold = goods and document.reverses_id is None
    in_books = document.state in {ShipmentState.POSTED, ShipmentState.REVERSED}
    known = sold and in_books and document.client_id is not None
    return address_of("claims:sale_returns", document.pk) if known else ""


def package_parts(user: User, document: Shipment) -> dict[str, Any]:
    """The papers of a posted sale of a known client; of a mirror there are none."""
    posted = document.state == ShipmentState.POSTED and document.kind == ShipmentKind.SALE
    if not posted or document.client_id is None or document.reverses_id is not None:
        return {}
    may_note = permissions.can_note_documents(user, document)
    return {"package": package_of(document), "may_note": may_note}
