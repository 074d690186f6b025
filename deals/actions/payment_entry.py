"""Payments typed by hand, where no statement of the bank brings them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from deals import permissions
from deals.actions.matching import match_payments
from deals.actions.payments import spread_rest
from deals.models import MatchedBy, OwnAccount, Payment, PaymentKind, PaymentState


class PaymentValues(TypedDict, total=False):
    """What stands in a payment that is typed by hand; the amount is roubles."""

    direction: str
    number: str
    paid_on: date
    amount: Decimal
    own_account: OwnAccount | None
    party_name: str
    party_inn: str
    purpose: str
    client: Client | None


def enter_payment(*, by: User, key: UUID | None = None, **values: Unpack[PaymentValues]) -> Payment:
    """Add a payment, once per `key`; with a client it is spread at once, else it is matched."""
    if not permissions.can_handle_payments(by):
        raise PermissionDenied
    try:
        return _enter(by, key, values)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        found: Payment | None = Payment.objects.visible_to(by).filter(idempotency_key=key).first()
        if found is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return found


@transaction.atomic
def _enter(by: User, key: UUID | None, values: PaymentValues) -> Payment:
    payment = Payment(
        **values,
        dated_on=values["paid_on"],
        state=PaymentState.MATCHED if values.get("client") else PaymentState.UNMATCHED,
        matched_by=MatchedBy.HAND if values.get("client") else "",
        created_by=by,
        idempotency_key=key,
    )
    if not payment.is_incoming:
        payment.kind = PaymentKind.REFUND if payment.client_id else PaymentKind.OTHER
    with verb("payment.entered", by=by):
        payment.save(force_insert=True)
    payment.refresh_from_db()
    if payment.pays_invoices:
        spread_rest(payment, by=by)
    elif payment.client_id is None:
        match_payments([payment.pk], by=by)
        payment.refresh_from_db()
    return payment
