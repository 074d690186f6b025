"""Parts of the client card that show money; the card loads them by their addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.web import person_of
from deals import permissions
from deals.models import Invoice, Payment, Shipment
from deals.pages.client_money import ROWS, chart_of, money_of, months_of
from deals.views.credit import client_with_money


@require_safe
def client_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Debt, overdue, limit and the mark of a stop: the strip of money in the header."""
    client = client_with_money(request, pk)
    money = money_of(client, person_of(request), timezone.localdate())
    return render(request, "deals/_client_facts.html", {"client": client, "money": money})


@require_safe
def client_shipments(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of shipments: a year by month and the latest documents."""
    user, client = person_of(request), client_with_money(request, pk)
    months = months_of(client, user, timezone.localdate())
    rows = Shipment.objects.visible_to(user).filter(client=client)
    context = {
        "client": client,
        "spec": chart_of(months),
        "has_months": any(m.shipped or m.returned or m.received for m in months),
        "documents": rows.order_by("-dated_on", "-pk")[:ROWS],
        "may_enter": permissions.can_enter_documents(user),
    }
    return render(request, "deals/_client_shipments.html", context)


@require_safe
def client_invoices(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of invoices and payments: what is open, the latest money."""
    user, client = person_of(request), client_with_money(request, pk)
    invoices = Invoice.objects.visible_to(user).filter(client=client)
    payments = Payment.objects.visible_to(user).filter(client=client)
    context = {
        "client": client,
        "today": timezone.localdate(),
        "open_invoices": invoices.unpaid().fifo()[:ROWS],
        "settled": invoices.exclude(open_amount__gt=0).order_by("-issued_on", "-pk")[:5],
        "payments": payments.with_left().order_by("-paid_on", "-pk")[:ROWS],
    }
    return render(request, "deals/_client_invoices.html", context)
