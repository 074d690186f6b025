"""Suggestions and warnings in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.money import format_money
from deals.comparing.records import Remark

SENTENCES: dict[str, Any] = {
    # Matched.
    "same": _("Number, day and amount agree."),
    "no_number": _("The amount and the day agree; a number is missing on one side."),
    "other_number": _(
        "The amount agrees, the numbers are %(ours)s in our books, %(theirs)s in theirs."
    ),
    "other_day": _("The days differ: %(ours)s in our books, %(theirs)s in theirs."),
    "summed": _("The sums agree: %(ours)s lines of ours, %(theirs)s of theirs."),
    # Different amount.
    "other_amount": _(
        "%(ours)s in our books, %(theirs)s in theirs, %(difference)s apart: compare the documents."
    ),
    "slip": _(
        "%(ours)s in our books, %(theirs)s in theirs: it looks like a typing error, "
        "compare the document."
    ),
    "wrong_side": _("%(amount)s is a debit for one side and a credit for the other."),
    # Missing with us.
    "no_shipment_us": _("Ask for the document of %(on)s for %(amount)s: we have none."),
    "no_payment_us": _(
        "Look for %(amount)s of %(on)s among the payments of unknown payers, "
        "or ask for the payment order."
    ),
    "no_return_us": _("Ask for the document of the return of %(on)s for %(amount)s."),
    "twice_by_them": _("They have the document of %(on)s for %(amount)s twice."),
    "at_border_us": _("%(amount)s of %(on)s may stand in the neighbouring period in our books."),
    # Missing with them.
    "no_shipment_them": _("Send the document of %(on)s for %(amount)s and its proof of delivery."),
    "no_payment_them": _(
        "Send the payment order of %(on)s for %(amount)s: another company may have paid for them."
    ),
    "no_return_them": _("Send the document of the return of %(on)s for %(amount)s."),
    "twice_by_us": _("We have the document of %(on)s for %(amount)s twice."),
    "at_border_them": _(
        "%(amount)s of %(on)s may stand in the neighbouring period in their books."
    ),
    # Warnings about a statement.
    "their_view": _("The statement is written from their side: their credit is our debit."),
    "our_view": _("The statement is written from our side: debit is what they owe us."),
    "unclear_view": _(
        "Nothing shows whose side the statement is written from; it is taken for theirs."
    ),
    "half_of": _("The half “%(of)s” is read."),
    "half_empty": _("Their half is empty: these are our own figures."),
    "closing_differs": _(
        "Opening balance and lines make %(counted)s, the statement says %(stated)s."
    ),
    "turnover_differs": _("The lines add up to %(counted)s, the statement says %(stated)s."),
    "no_opening": _("The statement has no opening balance."),
    "no_closing": _("The statement has no closing balance."),
    "no_day": _("No day in %(place)s: the day of the line before is taken."),
    "unread": _("The amount of %(place)s could not be read; the line is left out."),
    "unclear_days": _("Days are read as day, month, year; the file does not show their order."),
}


def sentence(remark: Remark) -> str:
    """The remark for people, in their language; amounts and days as they write them."""
    return str(SENTENCES[remark.code]) % {
        name: _shown(value) for name, value in remark.params.items()
    }


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_money(value)
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else value
