"""Constraints of documents and money, explained politely to whoever imports."""

from django.utils.translation import gettext_lazy as _

from crm.refusals import Sentence

_AGAIN: Sentence = (
    _("Somebody imported one of these documents meanwhile. Import the file again."),
    None,
)

IMPORTED_MEANWHILE: dict[str, Sentence] = {
    "shipment_external_id_once": _AGAIN,
    "invoice_external_id_once": _AGAIN,
    "order_external_id_once": _AGAIN,
    "payment_external_id_once": _AGAIN,
    "product_external_id_once": _AGAIN,
    "product_group_external_id_once": _AGAIN,
}
