"""Links between documents and money: {% load deals %}."""

from typing import Any

from django import template
from django.urls import reverse

from crm.shell.nav import address
from deals.receipts.purposes import payer_name

register = template.Library()


@register.filter
def payer(payment: Any) -> str:
    """What to call the other side: its name without codes, else its INN, else the number."""
    name = payer_name(payment.party_name)
    return name or payment.party_inn or payment.number or "—"


@register.simple_tag
def invoice_url(invoice: Any) -> str:
    """The page of the invoice; where there is none, the register of payments."""
    if address("deals:invoice_list"):
        return reverse("deals:invoice_detail", args=[invoice.pk])
    return reverse("deals:payment_list")
