"""Reads of Part 3 one by one: in which states, on which days, for whom a row is found."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deals.models import (
    Contract,
    ContractObligation,
    ContractTemplate,
    DeliverySchedule,
    Invoice,
    Order,
    OrderState,
    PolicyException,
    PriceChange,
    PriceList,
    PriceListLine,
    RelationshipScheme,
    TermsRequest,
    TermsState,
)
from tests.cast import fresh
from tests.factories import clients, contracts, deals, orders, schemes

TODAY, DAY, NOW = date(2026, 11, 20), timedelta(days=1), timezone.now()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


def states(rows):
    return {row.state for row in rows}


def test_orders_by_their_states_and_what_they_reserve(cast, client):
    facts = {"client": client, "dated_on": TODAY, "submitted_at": NOW, "total": 10}
    for state in OrderState:
        why = {"hold_reasons": ["manual"]} if state == "on_hold" else {}
        done = {"cancel_reason": "Нет", "delivered_on": TODAY}
        Order.objects.create(state=state, number=state, **facts, **why, **done)
    rows, reserving = Order.objects.all(), {"confirmed", "picking", "shipped_partially"}
    to_come = {"draft", "submitted", "on_hold"} | reserving
    assert (states(rows.open()), states(rows.done())) == (to_come, set(OrderState) - to_come)
    assert states(rows.waiting()) == {"submitted", "on_hold"}
    assert states(rows.reserving()) == reserving
    other = clients.client(cast.manager)
    orders.placed(other, {deals.product(): 1}, by=cast.manager)
    assert rows.reserved([client.pk]) == {client.pk: 30}
    assert rows.touched_by(cast.logistics).count() == 7
    cast.logistics.is_active = False
    assert not rows.seen_without_sums(cast.logistics)


def test_contracts_and_their_parts(cast, client):
    soon, gone = {"ends_on": TODAY + 9 * DAY}, {"archived_at": NOW}
    active = contracts.active(client, cast.manager, **soon)
    contracts.active(client, cast.manager, ends_on=TODAY - DAY)  # the clock has not turned it
    draft = contracts.draft(client, cast.manager, parent=active, **soon)
    foreign = contracts.active(clients.client(cast.stranger), cast.stranger)
    assert list(Contract.objects.ending(TODAY, 9)) == [active]
    assert draft not in Contract.objects.main()
    late = contracts.obligation(active, cast.manager, cast.sector, due=TODAY - DAY)
    for of, facts in (
        (active, {"due": TODAY}),
        (draft, {"due": TODAY - DAY, "dropped_at": NOW, "drop_reason": "Лишнее"}),
        (draft, {"due": TODAY - DAY, "done_on": TODAY, "done_by": cast.manager, "evidence": "Акт"}),
        (foreign, {"due": TODAY}),
    ):
        contracts.obligation(of, cast.manager, cast.sector, **facts)
    owed = ContractObligation.objects.all()
    assert list(owed.overdue(TODAY)) == [late]
    assert [owed.visible_to(who).count() for who in (cast.manager, cast.stranger)] == [4, 1]
    marked = Contract.objects.with_breaches(TODAY).filter(breached=True)
    assert list(marked) == [active]
    text, texts = contracts.template(), ContractTemplate.objects.all()
    contracts.template(**gone)
    assert list(texts.open()) == [text]
    left = fresh(cast.manager)
    left.is_active = False
    people = (cast.manager, cast.marketer, left)
    assert [texts.visible_to(who).count() for who in people] == [2, 0, 0]


def test_schedules_of_delivery_that_stand(cast, client):
    sides = {"client_at": NOW, "client_person": "Петров", "department": cast.logistics}
    for state, facts in (
        ("proposed", {}),
        ("effective", sides),
        ("superseded", sides),
        ("refused", {"refuse_reason": "Нет машин"}),
    ):
        contracts.delivery(client, cast.manager, state=state, **facts)
    rows = DeliverySchedule.objects.all()
    assert states(rows.standing()) == {"effective", "proposed"}
    assert states(rows.proposed()) == {"proposed"}


def test_exceptions_that_are_over_and_those_to_be_reviewed(cast, client):
    people = {"client": client, "owner": cast.manager, "approved_by": cast.director}
    given = [
        ("discount", TODAY + DAY, None),
        ("discount", TODAY - DAY, None),
        ("discount", TODAY + DAY, TODAY),
        ("limit", TODAY - DAY, None),
        ("limit", TODAY + DAY, None),
        ("limit", TODAY - DAY, TODAY),
    ]
    for record, (kind, last, ended) in enumerate(given):
        PolicyException.objects.create(
            kind=kind, record_id=record, starts_on=TODAY - 9 * DAY, ends_on=last, ended_on=ended,
            reason="Спор", **people,
        )  # fmt: skip
    rows = PolicyException.objects.all()

    def found(chosen):
        return sorted(chosen.values_list("record_id", flat=True))

    assert found(rows.expired(TODAY)) == [1, 2, 5]
    assert found(rows.late_for_review(TODAY)) == [3]
    assert found(rows.ending_in_month(TODAY)) == [0, 4]


def test_prices_of_one_list_and_who_sees_them(cast):
    tea, coffee, milk = (deals.product() for _ in range(3))
    old = deals.price_list(cast.director, {tea: "1.00", coffee: "2.00"}, approved_by=cast.director)
    deals.price_list(cast.director, {tea: "9.00"}, kind="chain", approved_by=cast.director)
    new = deals.price_list(
        cast.director, {tea: "5.00", coffee: "2.00", milk: "3.00"}, since=TODAY,
        approved_by=cast.director,
    )  # fmt: skip
    lines = PriceListLine.objects.all()
    assert [line.product for line in lines.changed(new.pk, old.pk)] == [tea]
    assert set(lines.by_product([coffee.pk, milk.pk], "base", TODAY)) == {coffee.pk, milk.pk}
    for rows in (PriceList.objects, PriceChange.objects):
        assert rows.visible_to(cast.manager).exists()
        assert not rows.visible_to(cast.marketer).exists()
    assert PriceChange.objects.unfinished().exists()
    PriceChange.objects.update(state="effective", notices_at=NOW, effective_at=NOW)
    assert not PriceChange.objects.unfinished().exists()


def test_schemes_and_terms_that_are_written_or_end(cast, client):
    def days(first, last):
        return {"valid_from": TODAY + first * DAY, "valid_to": TODAY + last * DAY}

    written = [
        schemes.scheme(client, cast.manager, state="draft", **days(-9, 0)),
        schemes.scheme(clients.client(cast.manager), cast.manager, state="on_approval"),
    ]
    ends, over, later = (
        schemes.scheme(clients.client(cast.manager), cast.manager, state="active", **days(*period))
        for period in ((-9, 10), (-9, -1), (-9, 11))
    )
    rows = RelationshipScheme.objects.order_by("pk")
    assert list(rows.being_written()) == written
    assert list(rows.ending_in_month(TODAY)) == [ends]
    assert set(rows.overlapping(TODAY, TODAY)) == {ends, later}
    assert set(rows.overlapping(TODAY - 10 * DAY, TODAY - 10 * DAY)) == set()
    assert list(rows.over(TODAY)) == [over]
    for state in TermsState:
        deals.terms_request(clients.client(cast.manager), cast.manager, state=state)
    asked, december = TermsRequest.objects.all(), date(2026, 12, 1)
    assert states(asked.open()) == {"draft", "submitted", "returned"}
    assert states(asked.approved()) == states(asked.holding(december)) == {"approved", "expired"}
    assert asked.in_force(client.pk, "discount", december) is None  # others have it


def test_who_sees_no_money_counts_none(cast, client):
    deals.invoice(client)
    for who, count in ((cast.manager, 1), (cast.director, 1), (cast.marketer, 0)):
        assert Invoice.objects.in_sums_of(who).count() == count
        assert Invoice.objects.visible_to(who).count() == count
