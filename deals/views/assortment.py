"""The assortment matrix: the register, one matrix, writing it, proposing a change."""

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
from crm.dialogs import READ_AND_WRITE, asked, beside_its_field, pressed_on
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import move_on, person_of, sent_version
from deals import permissions
from deals.actions import assortment as actions
from deals.forms.assortment import MatrixEditor, ProposeForm
from deals.lists.assortment import ASSORTMENT
from deals.models import AssortmentMatrix
from deals.pages.assortment import MatrixPage, known_channels

EVENT = "assortment-changed"


@require_safe
def assortment_list(request: HttpRequest) -> HttpResponseBase:
    """Which goods are sold to whom."""
    user = person_of(request)
    if not permissions.can_see_catalogue(user):
        raise PermissionDenied
    rows = AssortmentMatrix.objects.visible_to(user).for_list()
    if not permissions.can_keep_assortment(user):
        rows = rows.open()
    context = {"may_keep": permissions.can_keep_assortment(user)}
    return render_list(request, ASSORTMENT, rows, context=context)


@require_safe
def assortment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One matrix with its goods and what is asked to change."""
    matrix = _visible(request, pk)
    context = {"matrix": matrix, "page": MatrixPage(matrix, person_of(request))}
    return render(request, "deals/assortment_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def assortment_create(request: HttpRequest) -> HttpResponse:
    """A new matrix."""
    user = _keeper(request)
    if request.method == "POST":
        return _sent(request, None)
    return _show(request, MatrixEditor.empty(user, {}), None, 200)


@require_http_methods(READ_AND_WRITE)
def assortment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another set of goods, or another circle of clients."""
    matrix, user = _visible(request, pk), _keeper(request)
    if request.method == "POST":
        return _sent(request, matrix)
    return _show(request, MatrixEditor.stored(matrix, user), matrix, 200)


def _sent(request: HttpRequest, matrix: AssortmentMatrix | None) -> HttpResponse:
    user, command = person_of(request), request.POST.get("command", "")
    if command.startswith(("add", "remove")):
        editor = MatrixEditor.rearranged(request.POST, user, matrix, command)
        return _show(request, editor, matrix, 200)
    editor = MatrixEditor.sent(request.POST, user, matrix)
    if not editor.is_valid():
        return _show(request, editor, matrix, 422)
    try:
        written = _write(user, editor, matrix)
    except RuleViolation as refusal:
        status = beside_its_field(editor.head, refusal)
        if status == STALE and matrix is not None:
            editor.head.compare_with(_visible(request, matrix.pk))
        return _show(request, editor, matrix, status)
    return move_on(request, written.get_absolute_url())


def _write(by: User, editor: MatrixEditor, matrix: AssortmentMatrix | None) -> AssortmentMatrix:
    values = editor.head.cleaned_data
    given: dict[str, Any] = {"head": editor.head.head(), "lines": editor.lines()}
    if matrix is None:
        return actions.create_matrix(by=by, key=values["key"], **given)
    return actions.edit_matrix(matrix.pk, by=by, version=values["version"] or 0, **given)


def _show(
    request: HttpRequest, editor: MatrixEditor, matrix: AssortmentMatrix | None, status: int
) -> HttpResponse:
    context = {"editor": editor, "matrix": matrix, "channels": known_channels()}
    return render(request, "deals/assortment_form.html", context, status=status)


@require_POST
def assortment_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put away, or bring back."""
    matrix, user = _visible(request, pk), person_of(request)
    version, archived = sent_version(request), matrix.archived_at is None
    return pressed_on(
        request,
        matrix,
        lambda: actions.archive_matrix(pk, by=user, version=version, archived=archived),
        _("The matrix is put away") if archived else _("The matrix is in force again"),
        event=EVENT,
        may=permissions.can_keep_assortment(user),
    )


@require_http_methods(READ_AND_WRITE)
def assortment_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A head asks marketing for a change."""
    matrix, user, today = _visible(request, pk), person_of(request), timezone.localdate()
    form = ProposeForm(request.POST or None)
    return asked(
        request,
        matrix,
        form,
        lambda: actions.propose_change(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        done=_("Sent to marketing"),
        submit=_("Propose"),
        may=permissions.can_propose_assortment(user),
        title=_("Propose a change of the assortment"),
        about=str(matrix),
        body="deals/_assortment_propose.html",
    )


@require_safe
def assortment_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed which goods."""
    return render_history(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> AssortmentMatrix:
    rows = AssortmentMatrix.objects.visible_to(person_of(request))
    found: AssortmentMatrix = get_object_or_404(rows, pk=pk)
    return found


def _keeper(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_keep_assortment(user):
        raise PermissionDenied
    return user
