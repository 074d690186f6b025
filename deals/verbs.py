"""Words of the history for what happens to documents and money."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs

WORDS = {
    "shipment.created": _("Document added"),
    "shipment.edited": _("Document changed"),
    "shipment.cancelled": _("Draft thrown away"),
    "invoice.created": _("Invoice issued"),
    "invoice.cancelled": _("Invoice cancelled"),
    "invoice.disputed": _("Dispute of the invoice"),
    "product.created": _("Product added"),
    "product.edited": _("Product changed"),
    "product.archived": _("Product sold no more"),
    "product.restored": _("Product sold again"),
    "shipment.posted": _("Document posted"),
    "shipment.assigned": _("Client of the document named"),
    "shipment.reversed": _("Document reversed"),
    "return.applied": _("Return set off"),
    "payment.allocated": _("Payment spread over invoices"),
    "payment.freed": _("Payment taken off invoices"),
    "abc.calculated": _("ABC analysis calculated"),
    "abc.proposed": _("Changes of category proposed by ABC"),
    "payment.matched": _("Client of the payment found"),
    "payment.unmatched": _("Client taken off the payment"),
    "payment.entered": _("Payment entered by hand"),
    "payment.ignored": _("Payment put aside"),
    "payment.restored": _("Payment taken back into work"),
    "payment.reversed": _("Payment reversed"),
    "payment.own_transfer": _("Payment is a transfer between own accounts"),
    "payment.refund": _("Payment is a refund to a client"),
    "payer.remembered": _("Account of the payer remembered"),
    "payer.forgotten": _("Account of the payer forgotten"),
    "own_account.added": _("Own account added"),
    "own_account.edited": _("Own account corrected"),
    "own_account.closed": _("Own account closed"),
    "own_account.reopened": _("Own account open again"),
    "vat.seeded": _("VAT rates added"),
    "vat.added": _("VAT rate added"),
    "vat.ended": _("VAT rate ended"),
    "vat.removed": _("VAT rate taken out"),
    "exchange.key_created": _("Key of 1C added"),
    "exchange.key_revoked": _("Key of 1C revoked"),
    "follow_up.seeded": _("Steps of follow-up added"),
    "contact.promise_judged": _("Promise to pay judged by the receipts"),
    "limit.drafted": _("Request for a credit limit: draft written"),
    "limit.corrected": _("Request for a credit limit: corrected"),
    "limit.withdrawn": _("Request for a credit limit: withdrawn"),
    "limit.closed": _("Credit limit closed"),
    "stop.set": _("Shipping stopped"),
    "stop.set_by_rule": _("Shipping stopped by rule"),
    "stop.lifted": _("Stop of shipping lifted"),
    "stop.lifted_by_rule": _("Stop of shipping gone by itself"),
    "stop.released": _("Shipping released"),
    "follow_up.opened": _("Step of follow-up reached"),
    "follow_up.done": _("Debt followed up"),
    "follow_up.dropped": _("Follow-up no longer needed"),
    "follow_up.step_added": _("Step of follow-up added"),
    "follow_up.step_edited": _("Step of follow-up changed"),
    "follow_up.step_archived": _("Step of follow-up taken out"),
}


def name_money_verbs() -> None:
    """Give the verbs their words."""
    name_verbs(WORDS)
