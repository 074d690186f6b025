"""Returns of the books: bound to a request that waits, else taken in without changing a figure."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from claims.actions import returns as actions
from claims.actions.book_returns import follow_books
from claims.actions.crediting import bind_return, credit_return
from claims.books import awaited_by, fits
from claims.models import Return
from crm.errors import RuleViolation
from crm.work import invariants
from deals.actions.posting import reverse_shipment
from deals.models import Shipment
from tests.factories import claims, clients, deals

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LINE = {"price": 10, "amount": 100, "quantity": 10}


@pytest.fixture
def sale(cast):
    client = clients.client(manager=cast.manager)
    return deals.sale(client, "200.00", lines=[{**LINE, "name": "А"}, {**LINE, "name": "Б"}])


def accepted(sale, cast, *wanted):
    lines = dict(zip(sale.lines.all(), wanted, strict=False))
    back = claims.asked(sale, lines, by=cast.manager, today=TODAY)
    return claims.decide(back, by=cast.department_head)


def booked(sale, amount, *lines, **more):
    rows = [
        {"name": name, "quantity": -n, "price": 10, "amount": total} for name, n, total in lines
    ]
    more = {"original": sale, "on": TODAY} | more
    return deals.returned(sale.client, amount, lines=rows, **more)


def bind(back, document, by):
    return bind_return(back.pk, document.pk, by=by, version=back.version)


def test_a_document_of_the_same_goods_credits_the_request_that_waits_for_it(sale, cast):
    back = accepted(sale, cast, 6, 2)
    document = booked(sale, "-79.99", ("А", 6, -60), ("Б", 2, D("-19.99")))
    other = booked(sale, "-5.00", ("В", 1, -5), original=None)
    assert follow_books(today=TODAY) == 0, "the request waits for it"
    back = claims.taken(back, by=cast.logistics)  # the books were faster than the warehouse
    assert [(one, fits(back, one)) for one in awaited_by(back)] == [
        (document, True),
        (other, False),
    ]
    sent = {"version": back.version, "on": TODAY, "number": "", "today": TODAY}
    with pytest.raises(RuleViolation, match="привяжите его"), transaction.atomic():
        credit_return(back.pk, by=cast.accountant, **sent)
    with pytest.raises(RuleViolation, match="другой товар"), transaction.atomic():
        bind(back, other, cast.accountant)
    with pytest.raises(PermissionDenied), transaction.atomic():
        bind(back, document, cast.manager)
    back = bind(back, document, cast.accountant)
    assert (back.state, back.document, back.amount) == ("credited", document, D("79.99"))
    assert [line.amount for line in back.lines.all()] == [D("60.00"), D("19.99")]
    with pytest.raises(PermissionDenied):
        bind(back, other, cast.accountant)
    assert not any(invariants.violations(timezone.now()).values())


def test_a_document_without_lines_is_bound_by_its_amount(sale, cast):
    back = claims.taken(accepted(sale, cast, 6, 2), by=cast.logistics)
    document = booked(sale, "-80.00", original=None)
    assert bind(back, document, cast.accountant).amount == 80
    with pytest.raises(RuleViolation, match="уже занят"):
        bind(claims.taken(accepted(sale, cast, 1), by=cast.logistics), document, cast.accountant)


def test_what_the_books_alone_know_becomes_a_return_once(sale, cast):
    document = booked(sale, "-30.00", ("А", 3, -30), on=date(2025, 5, 6))
    deals.unassigned("1.00")
    assert follow_books(today=TODAY) == 1
    assert follow_books(today=TODAY) == 0
    back = Return.objects.get()
    assert (back.state, back.amount, back.document) == ("closed", 30, document)
    assert (back.number, back.asked_on) == ("ВТ-2025-000001", date(2025, 5, 6))
    with pytest.raises(RuleViolation):  # its goods still count
        claims.asked(sale, {sale.lines.first(): 8}, by=cast.manager, today=TODAY)
    named = actions.name_reason(back.pk, by=cast.manager, version=1, reason=claims.reason())
    assert named.reason == claims.reason()
    with pytest.raises(PermissionDenied):
        actions.name_reason(back.pk, by=cast.manager, version=2, reason=claims.reason())


def test_what_the_books_reversed_is_let_go(sale, cast):
    booked(sale, "-30.00", ("А", 3, -30))
    follow_books(today=TODAY)
    back = claims.taken(accepted(sale, cast, 1), by=cast.logistics)
    sent = {"version": back.version, "on": TODAY, "number": "", "today": TODAY}
    back = credit_return(back.pk, by=cast.accountant, **sent)
    for document in Shipment.objects.filter(kind="return"):
        reverse_shipment(document.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    assert follow_books(today=TODAY) == 2
    states = dict(Return.objects.values_list("created_by", "state"))
    assert states == {None: "withdrawn", cast.manager.pk: "accepted"}
