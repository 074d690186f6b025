"""What is done with one difference: taken up, decided, corrected, closed, handed over."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import differences as actions
from deals.forms.differences import DecideForm, ObjectionForm, ReassignForm
from deals.models import Discrepancy
from deals.views.differences import EVENT, back_to, page_of


@require_http_methods(READ_AND_WRITE)
def difference_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an objection by hand."""
    page, user = page_of(request, pk), person_of(request)
    if not page.may_dispute:
        raise PermissionDenied
    form = ObjectionForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.add_difference(pk, form.objection(), by=user, today=page.today),
    )
    if not status:
        return saved(request, _("Noted"), event=EVENT, back=back_to(pk))
    title = _("Objection to the act %(number)s") % {"number": page.act}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_POST
def difference_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Look into it."""
    return _press(request, pk, actions.take_up, _("Being looked into"))


@require_POST
def difference_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The books are right now."""
    return _press(request, pk, actions.correct, _("Corrected"))


@require_POST
def difference_close(request: HttpRequest, pk: int) -> HttpResponse:
    """It is settled."""
    return _press(request, pk, actions.close, _("Difference closed"))


def _press(
    request: HttpRequest, pk: int, write: Callable[..., Discrepancy], text: str
) -> HttpResponse:
    row, user, version = _row(request, pk), person_of(request), sent_version(request)
    return pressed(
        request,
        lambda: write(pk, by=user, version=version),
        text,
        event=EVENT,
        back=back_to(row.act_id),
    )


@require_http_methods(READ_AND_WRITE)
def difference_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose books are wrong."""
    row, user = _row(request, pk), person_of(request)
    form = DecideForm(request.POST or None, initial={"version": row.version})
    status = attempt(request, form, lambda: actions.decide(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=back_to(row.act_id))
    title = _("Findings in detail")
    return dialog(request, form, title=title, text=row.text, submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def difference_reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who looks into it, until when."""
    row, user, today = _row(request, pk), person_of(request), timezone.localdate()
    initial = {"version": row.version, "responsible": row.responsible_id, "due_on": row.due_on}
    form = ReassignForm(request.POST or None, client=row.act.item.client, initial=initial)
    status = attempt(
        request, form, lambda: actions.reassign(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=back_to(row.act_id))
    title = _("Who looks into it")
    return dialog(request, form, title=title, text=row.text, submit=_("Save"), status=status)


def _row(request: HttpRequest, pk: int) -> Discrepancy:
    """A visible difference that the person may settle; 403 otherwise."""
    user = person_of(request)
    rows = Discrepancy.objects.visible_to(user).select_related(
        "act__item__client__org_unit", "act__item__client__manager", "act__item__schedule"
    )
    row: Discrepancy = get_object_or_404(rows, pk=pk)
    if not permissions.can_settle_difference(user, row):
        raise PermissionDenied
    return row
