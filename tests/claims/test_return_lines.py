"""The database itself refuses to take back more than was sold (CM-03)."""

import pytest
from django.db import IntegrityError, transaction

from claims.models import Return
from deals.actions.posting import post_shipment
from tests.factories import claims, clients, deals

pytestmark = pytest.mark.django_db
LINE = {"price": 10, "amount": 100, "quantity": 10}


@pytest.fixture
def sale(cast):
    goods = deals.product()
    client = clients.client(manager=cast.manager)
    lines = [{**LINE, "product": goods, "name": goods.name}, {**LINE, "name": "Разное"}]
    return deals.sale(client, "200.00", lines=lines)


def refused(make):
    with pytest.raises(IntegrityError, match="given back"), transaction.atomic():
        make()


def test_no_line_gives_back_more_than_it_sold_whoever_asks(sale):
    first, second = sale.lines.all()
    refused(lambda: claims.returned(sale, {first: 11}))
    before = claims.returned(sale, {first: 6, second: 10})
    refused(lambda: claims.returned(sale, {first: 5}))
    refused(lambda: before.lines.update(quantity=11))
    claims.returned(sale, {first: 4})

    Return.objects.filter(pk=before.pk).update(state="rejected")
    claims.returned(sale, {first: 6, second: 10})


def test_what_the_warehouse_did_not_take_may_come_again(sale):
    first, _second = sale.lines.all()
    claims.returned(sale, {first: 10}).lines.update(accepted_quantity=7)
    refused(lambda: claims.returned(sale, {first: 4}))
    claims.returned(sale, {first: 3})


def test_returns_of_the_books_count_once(sale):
    first, second = sale.lines.all()
    line = {"price": 10, "amount": -40, "quantity": -4}
    names = ({"product": first.product}, {"name": "Разное"})
    lines = [line | name for name in names]
    document = deals.returned(sale.client, "-80.00", original=sale, lines=lines)
    refused(lambda: claims.returned(sale, {first: 7}))
    refused(lambda: claims.returned(sale, {second: 7}))
    asked = claims.returned(sale, {first: 6})
    Return.objects.filter(pk=asked.pk).update(document=document)  # it is this return's document
    claims.returned(sale, {first: 4})


def test_a_line_counts_neither_itself_nor_corrections_nor_drafts_of_the_books(sale):
    first, _second = sale.lines.all()
    line = {"product": first.product, "price": 10, "amount": -40, "quantity": -4}
    correction = deals.draft(sale.client, "-40.00", kind="adjustment", original=sale, lines=[line])
    post_shipment(correction.pk, by=None, on=deals.DAY)
    deals.draft(sale.client, "-40.00", kind="return", original=sale, lines=[line])
    asked = claims.returned(sale, {first: 6})
    asked.lines.update(quantity=10)
    refused(lambda: asked.lines.update(quantity=11))


def test_a_line_is_bound_by_its_own_line_of_the_sale(sale):
    first, second = sale.lines.all()
    twins = [LINE | {"product": first.product, "name": "Чай"} for _ in range(2)]
    other = deals.sale(sale.client, "200.00", lines=twins)
    refused(lambda: claims.returned(other, {other.lines.first(): 11}))
    claims.returned(sale, {second: 8})
    asked = claims.returned(sale, {first: 6})
    refused(lambda: asked.lines.update(shipment_line=second))
    asked.lines.update(accepted_quantity=2)
    claims.returned(sale, {first: 5})
    asked.lines.update(accepted_quantity=5)
    refused(lambda: asked.lines.update(accepted_quantity=6))
