"""The queue of unknown payers: list on the left, suggestions with reasons on the right (ux.md)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url, trigger_client_event

from crm.accounts.models import User
from crm.dialogs import attempt
from crm.web import is_fragment, person_of, whole_number
from deals import permissions
from deals.actions import payments as actions
from deals.forms.payments import MatchForm
from deals.models import Payment
from deals.pages.payments import PaymentPage, Queue, queue_for
from deals.views.payment_moves import handled_payment
from deals.views.payments import money_person, visible_payment

PANEL = "deals/_queue_panel.html"


@require_safe
def payment_queue(request: HttpRequest) -> HttpResponse:
    """Money whose client is not known, with who it might be from; for those who see it all."""
    user = _keeper(request)
    queue = queue_for(user, request.GET.get("after", ""))
    chosen = whole_number(request.GET.get("open"))
    payment = visible_payment(request, chosen) if chosen else next(iter(queue.rows), None)
    context = _context(user, queue, payment)
    return render(request, "deals/payment_queue.html", context)


@require_safe
def payment_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment of the queue: the right side for htmx, a page of its own for phones."""
    user = _keeper(request)
    payment = visible_payment(request, pk)
    return _show(request, user, payment)


@require_POST
def payment_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose money it is; then the next payment of the queue opens."""
    payment, user = handled_payment(request, pk), person_of(request)
    form = MatchForm(request.POST, user=user)

    def write() -> object:
        values = form.new_values()
        return actions.match_by_hand(pk, values.pop("client_id"), by=user, **values)

    status = attempt(request, form, write)
    if status:
        return _show(request, user, visible_payment(request, pk), form=form, status=status)
    payment = visible_payment(request, pk)
    return _after(request, user, payment)


def _keeper(request: HttpRequest) -> User:
    user = money_person(request)
    if not permissions.can_handle_payments(user):
        raise PermissionDenied
    return user


def _context(
    user: User, queue: Queue | None, payment: Payment | None, form: MatchForm | None = None
) -> dict[str, Any]:
    page = PaymentPage(payment, user) if payment else None
    if form is None and payment is not None:
        form = MatchForm(user=user, initial={"version": payment.version})
    return {"queue": queue, "page": page, "payment": payment, "form": form}


def _show(
    request: HttpRequest,
    user: User,
    payment: Payment,
    *,
    form: MatchForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The payment as a fragment or as a page, with a refusal above it."""
    context = _context(user, None, payment, form)
    context["place"] = request.POST.get("place", "") if is_fragment(request) else "detail"
    context["stale"] = status == 409
    template = PANEL if is_fragment(request) else "deals/payment_panel.html"
    return render(request, template, context, status=status)


def _after(request: HttpRequest, user: User, done: Payment) -> HttpResponse:
    """The next payment of the queue, the list without the matched one, a toast with Undo."""
    queue = queue_for(user)
    ids = [row.pk for row in queue.rows]
    wanted = whole_number(request.POST.get("next"))
    chosen = wanted if wanted in ids else next(iter(ids), None)
    said = _("%(client)s: %(payment)s matched") % {"client": done.client, "payment": done}
    alone = request.POST.get("place") == "detail"
    url = _next_url(chosen, alone=alone)
    if not is_fragment(request):
        flash.success(request, said)
        return redirect(url)
    context = _context(user, queue, visible_payment(request, chosen) if chosen else None)
    context |= {"place": "detail" if alone else "queue", "with_list": not alone}
    answer = render(request, "deals/_queue_after.html", context)
    undo = f"{reverse('deals:payment_unmatch', args=[done.pk])}?version={done.version}"
    toast = {"text": said, "tone": "success", "undo": undo}
    trigger_client_event(answer, "counters", {})
    return replace_url(trigger_client_event(answer, "toast", toast), url)


def _next_url(chosen: int | None, *, alone: bool) -> str:
    if alone and chosen:
        return reverse("deals:payment_panel", args=[chosen])
    queue = reverse("deals:payment_queue")
    return f"{queue}?open={chosen}" if chosen else queue
