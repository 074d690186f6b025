"""One reconciliation: its act, and what is pressed on its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import person_of
from deals import permissions
from deals.actions import acts as actions
from deals.actions.act_papers import sign_with_scan
from deals.forms.acts import MakeActForm, SendActForm, SignActForm
from deals.models import ActLink, ReconciliationAct, ReconciliationItem
from deals.pages.acts import ActPage

EVENT = "reconciliation-changed"


@require_safe
def reconciliation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The way of one reconciliation and its act."""
    item = visible_item(request, pk)
    page = ActPage(item, person_of(request), timezone.localdate())
    lines = page.lines(request.GET.get("page"))
    context = {"item": item, "client": item.client, "page": page, "lines": lines}
    return render(request, "deals/reconciliation_detail.html", context)


@require_safe
def reconciliation_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the reconciliation, its act and its links."""
    item = visible_item(request, pk)
    parts = [
        ReconciliationAct.objects.filter(item=item),
        ActLink.objects.filter(act__item=item),
    ]
    return render_history(request, item, parts=parts, hidden={"digest"})


def _asked(
    request: HttpRequest,
    item: ReconciliationItem,
    form: Any,
    write: Callable[[], object],
    /,
    *,
    may: bool,
    done: str,
    **words: Any,
) -> HttpResponse:
    """A dialog over the page that is sent once."""
    if not may:
        raise PermissionDenied
    status = attempt(request, form, write)
    if not status:
        return saved(request, done, event=EVENT, back=item.get_absolute_url())
    return dialog(request, form, status=status, **words)


@require_http_methods(READ_AND_WRITE)
def act_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the act from our documents, or a new text of it."""
    item, user, today = visible_item(request, pk), person_of(request), timezone.localdate()
    page = ActPage(item, user, today)
    first = page.act.date_from if page.act else actions.first_day(item)
    form = MakeActForm(request.POST or None, initial={"version": item.version, "first": first})
    again = page.act is not None
    return _asked(
        request,
        item,
        form,
        lambda: actions.make_act(pk, by=user, today=today, **form.new_values()),
        may=page.may_make,
        done=_("The act is made"),
        title=_("Make the act again") if again else _("Make the act"),
        submit=_("Make the act"),
        body="deals/_act_make.html",
        item=item,
        again=again,
    )


@require_http_methods(READ_AND_WRITE)
def act_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it went out on paper or by the exchange of documents."""
    item, user, today = visible_item(request, pk), person_of(request), timezone.localdate()
    initial = {"version": item.version, "on": today}
    form = SendActForm(request.POST or None, initial=initial)
    return _asked(
        request,
        item,
        form,
        lambda: actions.send_act(pk, by=user, today=today, **form.new_values()),
        may=permissions.can_send_act(user, item),
        done=_("Marked as sent"),
        title=_("The act was sent"),
        submit=_("Save"),
    )


@require_http_methods(READ_AND_WRITE)
def act_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the client's signature, with the scan."""
    item, user, today = visible_item(request, pk), person_of(request), timezone.localdate()
    initial = {"version": item.version, "on": today}
    form = SignActForm(request.POST or None, files=request.FILES or None, initial=initial)
    return _asked(
        request,
        item,
        form,
        lambda: sign_with_scan(pk, by=user, today=today, **form.signing()),
        may=permissions.can_sign_act(user, item),
        done=_("The signature is recorded"),
        title=_("Signed by the client"),
        submit=_("Save"),
    )


def visible_item(request: HttpRequest, pk: int) -> ReconciliationItem:
    """The reconciliation with the names that its page shows; 404 for one that is not seen."""
    rows = ReconciliationItem.objects.visible_to(person_of(request)).select_related(
        "client__manager", "client__org_unit", "contract", "schedule", "manager", "requested_by"
    )
    item: ReconciliationItem = get_object_or_404(rows, pk=pk)
    return item
