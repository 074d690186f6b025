"""Documents and money; documents in the books are posted by the product's own actions.

sale = deals.sale(client, "1000.00", on=date(2026, 10, 5))      # posted, with its invoice
money = deals.payment(client, "600.00", on=date(2026, 10, 20))  # matched, spread over nothing
"""

from datetime import date
from decimal import Decimal
from itertools import count

import pgtrigger
from django.utils import timezone

from deals.actions.bulk import Debt, issue_invoices
from deals.actions.exchange import hash_of
from deals.actions.posting import post_shipment
from deals.actions.prices import approve_price_list
from deals.conditions.client_terms import TermsTable
from deals.models import (
    BankStatement,
    Contract,
    CreditLimit,
    ExchangeToken,
    Invoice,
    LimitRequest,
    OwnAccount,
    PayerAccount,
    Payment,
    PriceList,
    PriceListLine,
    Product,
    Shipment,
    ShipmentLine,
    TermsRequest,
)

DAY = date(2026, 11, 2)
_numbers = count(1)


def contract(client, **more):
    """A contract that the books name; terms of the category unless told otherwise."""
    more.setdefault("number", f"Д-{next(_numbers)}")
    more.setdefault("signed_on", date(2026, 1, 12))
    more.setdefault("state", "active")
    more.setdefault("is_imported", more["state"] == "active")
    return Contract.objects.create(client=client, **more)


def product(**more):
    """Something that is sold."""
    number = next(_numbers)
    more.setdefault("sku", f"SKU-{number:05d}")
    more.setdefault("name", f"Товар {number}")
    more.setdefault("sort_key", more["name"].casefold())
    return Product.objects.create(**more)


def price_list(by, prices=None, *, approved_by=None, since=date(2026, 1, 1), **more):
    """A list of prices by product, a draft unless somebody approved it."""
    more = {"kind": "base", "name": f"Прайс {next(_numbers)}", "valid_from": since} | more
    made = PriceList.objects.create(created_by=by, **more)
    for goods, price in (prices or {product(): "100.00"}).items():
        amount = Decimal(price)
        PriceListLine.objects.create(
            price_list=made, product=goods, price=amount, min_price=amount * Decimal("0.8")
        )
    if approved_by:
        made = approve_price_list(made.pk, by=approved_by, version=1)
    return made


def raise_lowest(goods, price):
    """Another lowest price in the approved lists, past the trigger that keeps them as they are."""
    with pgtrigger.ignore("deals.PriceListLine:approved_price_stays"):
        PriceListLine.objects.filter(product=goods).update(min_price=Decimal(price))


def draft(client, amount="1000.00", *, kind="sale", on=DAY, lines=(), **more):
    """A document that is not in the books yet."""
    more.setdefault("number", f"РТ-{next(_numbers):06d}")
    made = Shipment.objects.create(
        kind=kind, state="draft", client=client, dated_on=on, amount=Decimal(amount), **more
    )
    for position, line in enumerate(lines, start=1):
        ShipmentLine.objects.create(shipment=made, position=position, **line)
    return made


def sale(client, amount="1000.00", *, on=DAY, **more):
    """A posted sale with its invoice."""
    return post_shipment(draft(client, amount, on=on, **more).pk, by=None, on=on)


def sales(client, amount="1000.00", *, days):
    """A posted sale with its invoice on each of the days, as an import writes them."""
    made = Shipment.objects.bulk_create(
        Shipment(
            kind="sale", state="posted", number=f"РТ-{next(_numbers):06d}", client=client,
            dated_on=day, posted_on=day, amount=Decimal(amount), manager_id=client.manager_id,
            org_unit_id=client.org_unit_id,
        )
        for day in days
    )  # fmt: skip
    terms = TermsTable()
    terms.load([client.pk])
    columns = ("pk", "client_id", "contract_id", "number", "posted_on", "amount", "vat_amount")
    debts = [Debt(*(getattr(one, name) for name in columns)) for one in made]
    issue_invoices(debts, terms=terms, by=None)
    return made


def returned(client, amount="-100.00", *, on=DAY, **more):
    """A posted return, set off against invoices."""
    return post_shipment(draft(client, amount, kind="return", on=on, **more).pk, by=None, on=on)


def unassigned(amount="1000.00", *, on=DAY, **more):
    """An imported document whose client is not known."""
    number = next(_numbers)
    more.setdefault("external_id", f"file|{number}")
    more.setdefault("number", f"БК-{number}")
    return Shipment.objects.create(
        kind="sale", state="posted", dated_on=on, posted_on=on, amount=Decimal(amount), **more
    )


def invoice(client, amount="1000.00", *, on=DAY, due=None, **more):
    """An invoice that was not made by a shipment."""
    more.setdefault("number", f"СЧ-{next(_numbers):06d}")
    return Invoice.objects.create(
        client=client, amount=Decimal(amount), issued_on=on, due_on=due or on, **more
    )


def own_account(**more):
    """An account of ours."""
    more.setdefault("account", f"40702810000000{next(_numbers):06d}")
    return OwnAccount.objects.create(**more)


def statement(own=None, *, on=DAY, **more):
    """A statement of one day whose figures agree."""
    for name in ("opening", "closing", "declared_in", "declared_out"):
        more.setdefault(name, Decimal(0))
    more.setdefault("documents_in", more["declared_in"])
    more.setdefault("documents_out", more["declared_out"])
    return BankStatement.objects.create(
        own_account=own or own_account(), date_from=on, date_to=on, **more
    )


def payment(client=None, amount="1000.00", *, on=DAY, **more):
    """Incoming money; of a known client it is matched, else unmatched."""
    more.setdefault("number", str(next(_numbers)))
    more.setdefault("direction", "in")
    more.setdefault("state", "matched" if client else "unmatched")
    return Payment.objects.create(
        client=client, amount=Decimal(amount), paid_on=on, dated_on=on, **more
    )


def payer_account(client, *, by, **more):
    """An account from which the client pays under another name."""
    more.setdefault("account", f"40702810100000{next(_numbers):06d}")
    return PayerAccount.objects.create(client=client, created_by=by, **more)


def credit_limit(client, amount="100000.00", *, by, since=date(2026, 1, 1), **more):
    """How much the client may owe."""
    return CreditLimit.objects.create(
        client=client, amount=Decimal(amount), valid_from=since, set_by=by, **more
    )


def limit_request(client, author, amount="100000.00", *, state="draft", **more):
    """A request for a limit in any state, without an approval."""
    more = {"valid_from": date(2026, 11, 23), "reason": "Рост", "amount": Decimal(amount)} | more
    return LimitRequest.objects.create(client=client, author=author, state=state, **more)


def terms_request(client, author, value="5", *, kind="discount", state="draft", **more):
    """A request for a discount or a deferral in any state, without an approval."""
    more = {"valid_from": date(2026, 11, 23), "valid_to": date(2026, 12, 23)} | more
    if state in ("approved", "expired"):
        more = {"approved_by": author, "approved_at": timezone.now()} | more
    more.setdefault("reason", "Крупная партия")
    return TermsRequest.objects.create(
        client=client, author=author, value=Decimal(value), kind=kind, state=state, **more
    )


def exchange_key(user, admin, *, secret="s" * 43, **more):
    """A key of a program of 1C that works as the person."""
    more.setdefault("login", f"1c-{next(_numbers):08x}")
    return ExchangeToken.objects.create(
        name="1С Бухгалтерия", secret_hash=hash_of(secret), user=user, created_by=admin, **more
    )
