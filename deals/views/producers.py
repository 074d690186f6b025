"""Price agreements with producers: the register, one agreement, entering, taking out."""

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
from crm.dialogs import READ_AND_WRITE, beside_its_field, pressed
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import move_on, person_of, whole_number
from deals import permissions
from deals.actions import producers as actions
from deals.forms.producers import AgreementEditor
from deals.lists.producers import PRODUCER_AGREEMENTS
from deals.models import ProducerAgreementLine, ProducerPriceAgreement
from deals.pages.producers import AgreementPage

EVENT = "producer-agreement-changed"


@require_safe
def producer_agreement_list(request: HttpRequest) -> HttpResponseBase:
    """The register; what was taken out by its filter."""
    user = person_of(request)
    if not permissions.can_see_producers(user):
        raise PermissionDenied
    rows = ProducerPriceAgreement.objects.visible_to(user).for_list()
    if "archived" not in request.GET:
        rows = rows.open()
    context = {"may_keep": permissions.can_keep_producers(user)}
    return render_list(request, PRODUCER_AGREEMENTS, rows, context=context)


@require_safe
def producer_agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: what it binds us to beside our prices, its files."""
    agreement = _visible(request, pk)
    page = AgreementPage(agreement, person_of(request), timezone.localdate())
    context = {"agreement": agreement, "page": page}
    return render(request, "deals/producer_agreement_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def producer_agreement_create(request: HttpRequest) -> HttpResponse:
    """Enter an agreement."""
    user = _keeper(request)
    if request.method == "POST":
        return _sent(request, None)
    return _show(request, AgreementEditor.empty(user, {}), None, 200)


@require_http_methods(READ_AND_WRITE)
def producer_agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an agreement and its lines."""
    agreement, user = _visible(request, pk), _keeper(request)
    if request.method == "POST":
        return _sent(request, agreement)
    return _show(request, AgreementEditor.stored(agreement, user), agreement, 200)


def _sent(request: HttpRequest, agreement: ProducerPriceAgreement | None) -> HttpResponse:
    user, command = person_of(request), request.POST.get("command", "")
    if command.startswith(("add", "remove")):
        editor = AgreementEditor.rearranged(request.POST, user, agreement, command)
        return _show(request, editor, agreement, 200)
    editor = AgreementEditor.sent(request.POST, user, agreement)
    if not editor.is_valid():
        return _show(request, editor, agreement, 422)
    try:
        written = _write(user, editor, agreement)
    except RuleViolation as refusal:
        status = beside_its_field(editor.head, refusal)
        if status == STALE and agreement is not None:
            editor.head.compare_with(_visible(request, agreement.pk))
        return _show(request, editor, agreement, status)
    return move_on(request, written.get_absolute_url())


def _write(
    by: User, editor: AgreementEditor, agreement: ProducerPriceAgreement | None
) -> ProducerPriceAgreement:
    values = editor.head.cleaned_data
    given: dict[str, Any] = {"head": editor.head.head(), "lines": editor.lines()}
    if agreement is None:
        return actions.create_agreement(by=by, key=values["key"], **given)
    return actions.edit_agreement(agreement.pk, by=by, version=values["version"] or 0, **given)


def _show(
    request: HttpRequest,
    editor: AgreementEditor,
    agreement: ProducerPriceAgreement | None,
    status: int,
) -> HttpResponse:
    rows = ProducerPriceAgreement.objects.visible_to(person_of(request))
    producers = rows.order_by("sort_key").values_list("producer", flat=True).distinct()
    context = {"editor": editor, "agreement": agreement, "producers": producers[:200]}
    return render(request, "deals/producer_agreement_form.html", context, status=status)


@require_POST
def producer_agreement_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out what was entered by mistake."""
    return _pressed(request, pk, actions.archive_agreement, _("The agreement is taken out"))


@require_POST
def producer_agreement_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    return _pressed(request, pk, actions.restore_agreement, _("The agreement is brought back"))


@require_safe
def producer_agreement_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the agreement and of its lines."""
    agreement = _visible(request, pk)
    lines: Any = ProducerAgreementLine.pgh_event_model  # type: ignore[attr-defined]
    return render_history(request, agreement, parts=[lines.objects.filter(agreement=agreement)])


def _pressed(request: HttpRequest, pk: int, action: Any, text: str) -> HttpResponse:
    found, user = _visible(request, pk), person_of(request)
    version = whole_number(request.POST.get("version")) or 0
    return pressed(
        request,
        lambda: action(pk, by=user, version=version),
        text,
        event=EVENT,
        back=found.get_absolute_url(),
    )


def _visible(request: HttpRequest, pk: int) -> ProducerPriceAgreement:
    """The agreement, unless the person does not see it: 404."""
    rows = ProducerPriceAgreement.objects.visible_to(person_of(request))
    found: ProducerPriceAgreement = get_object_or_404(
        rows.select_related("keeper", "created_by"), pk=pk
    )
    return found


def _keeper(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_keep_producers(user):
        raise PermissionDenied
    return user
