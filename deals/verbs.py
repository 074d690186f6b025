"""Words of the history for what happens to documents and money."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs


def name_money_verbs() -> None:
    """Give the verbs their words."""
    name_verbs(
        {
            "shipment.posted": _("Document posted"),
            "shipment.reversed": _("Document reversed"),
            "return.applied": _("Return set off"),
            "payment.allocated": _("Payment spread over invoices"),
            "payment.freed": _("Payment taken off invoices"),
            "vat.seeded": _("VAT rates added"),
            "follow_up.seeded": _("Steps of follow-up added"),
        }
    )
