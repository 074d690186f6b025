"""The spine of money: posting makes debts, allocations settle them, the database adds up."""

from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

import pgtrigger
import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from crm.copying import copy_records, copy_values
from crm.errors import RuleViolation
from crm.work import invariants
from deals.actions.allocations import allocate_by_hand, free_payment
from deals.actions.posting import post_shipment, reverse_shipment
from deals.models import Allocation, Invoice, Payment, Shipment, ShipmentLine
from deals.receipts.spreading import OpenInvoice, spread
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment

D = Decimal
MONEY_CHECKS = (
    "invoices are paid by their allocations",
    "payments are spread by their allocations",
    "returns are set off by their allocations",
    "money before its invoice is known as an advance",
    "a posted sale has its invoice",
)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


def sound():
    found = invariants.violations(timezone.now())
    return all(found[name] == [] for name in MONEY_CHECKS)


def test_a_posted_sale_owes_by_the_terms_of_the_category(client):
    sale = deals.sale(client, "310450.75", on=date(2026, 9, 16))
    assert sale.invoice.due_on == date(2026, 11, 2)  # 45 days end on a Saturday (CAL-2, f)
    assert sale.invoice.open_amount == D("310450.75")
    assert (sale.manager, sale.org_unit) == (client.manager, client.org_unit)
    assert sound()


def test_a_posted_document_is_not_edited(client):
    sale = deals.sale(client)
    with pytest.raises((IntegrityError, InternalError), match="reversed, not edited"):
        with transaction.atomic():
            Shipment.objects.filter(pk=sale.pk).update(amount=D("1.00"))


def test_a_line_of_a_posted_document_is_not_edited_and_none_comes_from_a_draft(client):
    line = {"quantity": D(1), "price": D(10), "amount": D(10), "name": "Чай"}
    draft = deals.draft(client, "10.00", lines=[line])
    sale = deals.sale(client, "10.00", lines=[line])
    assert ShipmentLine.objects.filter(shipment=draft).update(name="Кофе") == 1
    lines = ShipmentLine.objects
    for rows, change in (
        (lines.filter(shipment=sale), {"name": "Кофе"}),
        (lines.filter(shipment=sale), {"shipment": draft, "position": 9}),
        (lines.filter(shipment=draft), {"shipment": sale, "position": 9}),
    ):
        with pytest.raises(IntegrityError, match="are not edited"), transaction.atomic():
            rows.update(**change)


def test_a_payment_goes_to_the_earliest_due_and_the_rest_is_an_advance(client):
    first = deals.invoice(client, "400.00", on=date(2026, 10, 1), due=date(2026, 10, 10))
    second = deals.invoice(client, "300.00", on=date(2026, 9, 1), due=date(2026, 10, 20))
    money = deals.payment(client, "1000.00", on=date(2026, 10, 21))
    assert allocate_payment(money.pk, by=None) == D("300.00")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.settled_on) == ("paid", date(2026, 10, 21))
    assert second.open_amount == 0
    assert sound()


def test_the_named_invoice_comes_first(client):
    early = deals.invoice(client, "400.00", due=date(2026, 11, 10))
    named = deals.invoice(client, "300.00", due=date(2026, 12, 20))
    money = deals.payment(client, "350.00")
    allocate_payment(money.pk, by=None, named=[named.pk])
    rows = Allocation.objects.order_by("pk").values_list("invoice", "amount", "kind")
    assert list(rows) == [(named.pk, D(300), "designated"), (early.pk, D(50), "fifo")]


def test_the_database_refuses_a_kopeck_too_many(client):
    bill = deals.invoice(client, "100.00")
    money = deals.payment(client, "150.00")
    row = {"payment": money, "invoice": bill, "kind": "manual", "on_day": money.paid_on}
    with pytest.raises(IntegrityError, match="invoice_not_paid_beyond_amount"):
        with transaction.atomic():
            Allocation.objects.create(amount=D("100.01"), **row)
    other = deals.invoice(client, "200.00")
    with pytest.raises(IntegrityError, match="payment_not_spread_beyond_amount"):
        with transaction.atomic():
            Allocation.objects.create(amount=D("150.01"), **{**row, "invoice": other})
    Allocation.objects.create(amount=D("100.00"), **row)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_amount) == ("paid", D(100))


def by_columns(parts):
    names = ("payment_id", "invoice_id", "amount", "kind", "on_day")
    copy_values(Allocation, names, list(map(attrgetter(*names), parts)))


@pytest.mark.parametrize(
    "write",
    [lambda parts: [part.save() for part in parts], Allocation.objects.bulk_create,
     copy_records, by_columns],
    ids=["saved", "bulk_create", "COPY", "COPY of columns"],
)  # fmt: skip
def test_however_written_an_early_part_knows_until_when_it_was_an_advance(client, write):
    money, day = deals.payment(client, "600.00"), timedelta(days=1)
    bills = [deals.invoice(client, "100.00", on=money.paid_on + n * day) for n in (-1, 0, 1)]
    row = {"payment": money, "kind": "manual", "on_day": money.paid_on, "amount": D(100)}
    row["advance_until"] = money.paid_on  # whoever writes cannot decide it
    write([Allocation(invoice=bill, **row) for bill in bills])
    found = Allocation.objects.order_by("invoice_id").values_list("advance_until", flat=True)
    assert list(found) == [None, None, money.paid_on + day]
    assert sound()


def test_an_early_part_that_does_not_know_it_is_found(client):
    deals.invoice(client, "100.00", on=date(2026, 11, 3))
    money = deals.payment(client, "100.00", on=date(2026, 11, 2))
    with pgtrigger.ignore("deals.Allocation:advance_until"):
        allocate_payment(money.pk, by=None)
    assert not sound()


def test_the_day_of_an_invoice_is_not_edited(client):
    bill = deals.invoice(client, "100.00")
    bill.note, bill.due_on = "Уточнено", bill.due_on + timedelta(days=1)
    bill.save()
    with pytest.raises(InternalError, match="issued_on"), transaction.atomic():
        Invoice.objects.update(issued_on=bill.issued_on - timedelta(days=1))


def test_an_allocation_is_not_edited_and_taking_it_away_opens_the_invoice(client):
    bill, money = deals.invoice(client, "100.00"), deals.payment(client, "100.00")
    allocate_payment(money.pk, by=None)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Allocation.objects.update(amount=D(1))
    assert free_payment(money.pk, by=None) == 1
    bill.refresh_from_db()
    assert (bill.open_amount, bill.settled_on) == (D(100), None)
    assert Payment.objects.get().state == "matched"
    assert sound()


def test_by_hand_nothing_goes_beyond_what_is_open(cast, client):
    bill, money = deals.invoice(client, "100.00"), deals.payment(client, "300.00")
    for amounts in ([(bill.pk, D("100.01"))], [(bill.pk, D(0))], [(999999, D(1))]):
        with pytest.raises(RuleViolation):
            allocate_by_hand(money.pk, amounts, by=cast.accountant)
    assert not Allocation.objects.exists()
    assert allocate_by_hand(money.pk, [(bill.pk, D(60))], by=cast.accountant) == D(240)
    assert allocate_by_hand(money.pk, [(bill.pk, D(40))], by=cast.accountant) == D(200)
    assert Allocation.objects.get().amount == D(100)
    assert sound()


def test_a_return_lowers_the_invoice_of_its_sale(client):
    older = deals.sale(client, "500.00", on=date(2026, 8, 3))
    sale = deals.sale(client, "1000.00", on=date(2026, 10, 1))
    deals.returned(client, "-300.00", on=date(2026, 10, 9), original=sale)
    bill = Invoice.objects.get(shipment=sale)
    assert (bill.credited_amount, bill.open_amount) == (D(300), D(700))
    assert Invoice.objects.get(shipment=older).open_amount == D(500)
    assert sound()


def test_a_reversal_leaves_nothing_owed_and_frees_the_money(cast, client):
    sale = deals.sale(client, "1000.00", on=date(2026, 10, 1))
    money = deals.payment(client, "400.00", on=date(2026, 10, 2))
    allocate_payment(money.pk, by=None)
    mirror = reverse_shipment(sale.pk, by=cast.accountant, on=date(2026, 11, 3), reason="Ошибка")
    bill = Invoice.objects.get(shipment=sale)
    assert (bill.open_amount, bill.settled_on) == (D(0), date(2026, 11, 3))
    assert Payment.objects.get().free_amount == D(400)
    assert Shipment.objects.counted().turnover()["net"] == 0
    assert mirror.amount == D("-1000.00")
    with pytest.raises(RuleViolation):
        reverse_shipment(sale.pk, by=cast.accountant, on=date(2026, 11, 3), reason="Ещё раз")
    assert sound()


def test_a_document_is_posted_once(client):
    sale = deals.sale(client)
    with pytest.raises(RuleViolation):
        post_shipment(sale.pk, by=None, on=date(2026, 11, 3))


def test_what_was_open_on_a_day_gone_by(client):
    bill = deals.invoice(client, "100.00", on=date(2026, 9, 1), due=date(2026, 9, 30))
    money = deals.payment(client, "60.00", on=date(2026, 10, 5))
    allocate_payment(money.pk, by=None)
    money = deals.payment(client, "40.00", on=date(2026, 10, 15))
    allocate_payment(money.pk, by=None)

    def then(day):
        return [row.open_then for row in Invoice.objects.open_on(day)]

    assert then(date(2026, 8, 31)) == []
    assert then(date(2026, 10, 4)) == [D(100)]
    assert then(date(2026, 10, 5)) == [D(40)]
    assert then(date(2026, 10, 15)) == []
    assert bill.number


def test_spreading_never_exceeds_what_is_open():
    rows = [OpenInvoice(1, "1", date(2026, 1, 9), date(2026, 1, 1), D("0.01"))]
    parts, left = spread(D("0.03"), rows)
    assert [part.amount for part in parts] == [D("0.01")]
    assert left == D("0.02")
