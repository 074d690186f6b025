"""The register of payments as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from deals import permissions
from deals.filters.payments import PaymentFilter
from deals.models import Payment, PaymentKind
from deals.receipts.purposes import payer_name

SHORT = 90


def search_payments(rows: Any, text: str) -> Any:
    """By number, INN or account exactly, by the payer's name or the purpose in part."""
    plain = text.strip().replace("\x00", "")[:100]
    condition = Q(number=plain) | Q(party_name__icontains=plain) | Q(purpose__icontains=plain)
    if plain.isascii() and plain.isdigit():
        condition |= Q(party_inn=plain) | Q(party_account=plain)
    return rows.filter(condition)


def client_cell(payment: Payment) -> str:
    """The client with a link, or the payer's name where the client is not known."""
    if payment.client is not None:
        return format_html(
            '<a href="{}">{}</a>', payment.client.get_absolute_url(), payment.client.name
        )
    return format_html(
        '<span class="text-secondary">{}</span>', payer_name(payment.party_name)[:SHORT]
    )


def state_words(payment: Payment) -> str:
    """The state; for what is no client's money its kind says more."""
    if payment.kind in {PaymentKind.OWN_TRANSFER, PaymentKind.REFUND}:
        return label_of(payment, "kind")
    return label_of(payment)


PAYMENTS = ListSpec(
    name="payments",
    model=Payment,
    title=_("Payments"),
    columns=[
        Column("paid_on", _("Paid on"), kind=Kind.DATE, link=True, sort="paid_on"),
        Column("number", _("Number"), sort="number"),
        Column("direction", _("Direction"), filter="direction"),
        Column(
            "client",
            _("Client"),
            value="client.name",
            filter="client",
            filter_value="client_id",
            render=client_cell,
        ),
        Column("party_name", _("Payer or payee")),
        Column("party_inn", _("INN")),
        Column(
            "purpose",
            _("Purpose"),
            render=lambda payment: payment.purpose[:SHORT],
            export=lambda payment: payment.purpose,
        ),
        Column("amount", _("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column("allocated_amount", _("Spread"), kind=Kind.MONEY, total=True),
        Column("left", pgettext_lazy("of money", "Left"), kind=Kind.MONEY, total=True),
        Column("state", _("State"), filter="state", filter_value="state", value=state_words),
        Column("matched_by", _("How the client was found")),
        Column(
            "own_account",
            _("Own account"),
            value="own_account",
            filter="own_account",
            filter_value="own_account_id",
        ),
        Column("reason", _("Reason")),
    ],
    default_sort="-paid_on",
    default_columns=[
        "paid_on",
        "number",
        "client",
        "purpose",
        "amount",
        "left",
        "state",
    ],
    filters=PaymentFilter,
    search=search_payments,
    search_hint=_("Number, payer, INN or purpose"),
    can_export=permissions.can_see_money,
    views=[
        ALL,
        View(_("Receipts"), "receipts=true"),
        View(_("Advances"), "advance=true"),
        View(_("Payments out"), "direction=out"),
        View(_("Not a client's"), "state=ignored"),
    ],
    page_template="deals/payment_list.html",
    empty_template="deals/_payment_none.html",
)
