"""Lines of claims, returns and claims against clients in the history of their record."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from claims.actions import claims as actions
from claims.actions import outgoing as outgoing_actions
from claims.actions.claims import ClaimFacts, ClaimGoods
from claims.actions.return_goods import accept_return
from claims.models import OutgoingLine
from crm.accounts.history_view import history_page
from tests.claims.test_claims import FRIDAY, facts, register
from tests.factories import claims, clients, deals, outgoing

pytestmark = pytest.mark.django_db
D = Decimal
NB = "\u00a0"


@pytest.fixture(autouse=True)
def in_russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def client(cast):
    return clients.client(manager=cast.manager)


def told(record, viewer, number=0):
    entry = history_page(record, viewer=viewer).entries[number]
    return [
        (piece.kind, piece.label, [(one.label, one.before, one.after) for one in piece.changes])
        for piece in entry.pieces
        if piece.kind
    ]


def test_goods_of_a_claim_are_changed_not_replaced(cast, client):
    oil, tea = ClaimGoods(D(9), name="Масло", price=D(10)), ClaimGoods(D(1), name="Чай", price=D(5))
    claim = register(client, cast.manager, goods=[oil, tea])
    kept = claim.lines.get(name="Масло").pk
    goods = [replace(oil, quantity=D(7))]
    said: ClaimFacts = facts()
    actions.edit_claim(claim.pk, said, goods, by=cast.manager, version=1, today=FRIDAY)
    assert told(claim, cast.manager) == [
        ("delete", "Строка «Чай»", [
            ("количество", "1", "—"), ("цена", f"5,00{NB}₽", "—"), ("сумма", f"5,00{NB}₽", "—"),
        ]),
        ("update", "Строка «Масло»", [
            ("количество", "9", "7"), ("сумма", f"90,00{NB}₽", f"70,00{NB}₽"),
        ]),
    ]  # fmt: skip
    assert claim.lines.get().pk == kept


def test_what_the_warehouse_took_stands_with_who_took_it(cast, client):
    line = {"price": 100, "amount": D("900.00"), "quantity": 9, "name": "Шпатлёвка"}
    sale = deals.sale(client, "900.00", lines=[line])
    came = {"state": "goods_received", "received_on": FRIDAY, "created_by": cast.manager}
    back = claims.returned(sale, {sale.lines.get(): 9}, **came)
    quantities = {back.lines.get().pk: D(7)}
    accept_return(
        back.pk,
        by=cast.logistics,
        version=1,
        quantities=quantities,
        note="Два вскрыты",
        today=FRIDAY,
    )
    entry = history_page(back, viewer=cast.manager).entries[0]
    assert entry.by == cast.logistics.short_name
    assert told(back, cast.manager)[0] == ("update", "Строка «Шпатлёвка»", [
        ("принято", "—", "7"), ("сумма", f"900,00{NB}₽", f"700,00{NB}₽"),
    ])  # fmt: skip


def test_a_claim_against_a_client_that_is_counted_again_keeps_its_invoices(cast, client):
    bills = [outgoing.debt(client), outgoing.debt(client, "500.00")]
    claim = outgoing.drafted(client, *bills, by=cast.manager)
    before = set(OutgoingLine.objects.filter(claim=claim).values_list("pk", "invoice"))
    outgoing_actions.recount_outgoing(
        claim.pk,
        by=cast.manager,
        version=claim.version,
        to=outgoing.TODAY - timedelta(days=1),
        with_accrual=True,
        today=outgoing.TODAY,
    )
    assert set(OutgoingLine.objects.filter(claim=claim).values_list("pk", "invoice")) == before
    rows = told(claim, cast.manager)
    assert {kind for kind, _label, _changes in rows} <= {"update"}
    assert {label for _k, _l, changes in rows for label, _b, _a in changes} <= {"начислено"}
