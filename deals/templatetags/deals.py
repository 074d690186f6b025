"""Links between documents and money: {% load deals %}."""

from typing import Any

from django import template
from django.urls import reverse

from crm.shell.nav import address

register = template.Library()


@register.simple_tag
def invoice_url(invoice: Any) -> str:
    """The page of the invoice; where there is none, the register of payments."""
    if address("deals:invoice_list"):
        return reverse("deals:invoice_detail", args=[invoice.pk])
    return reverse("deals:payment_list")
