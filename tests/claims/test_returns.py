"""The way of a return: asked for, decided, received, taken, credited, closed (C.5 no. 20)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.actions import crediting
from claims.actions import returns as actions
from claims.actions.return_goods import accept_return, receive_return
from claims.models import RETURN_MOVES, Return, ReturnState
from claims.returnable import lines_left
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work import invariants
from deals.actions.posting import reverse_shipment
from deals.models import Invoice, Shipment
from tests.factories import claims, clients, deals

pytestmark = pytest.mark.django_db
SOLD = date(2025, 12, 15)  # at 20 %, while 22 % hold when it is credited
TODAY = date(2026, 11, 23)


@pytest.fixture
def sale(cast):
    """Three pieces at 33.33 with a kopeck over, and ten of goods without VAT."""
    goods = deals.product()
    lines = [
        {"product": goods, "name": goods.name, "quantity": 3, "price": D("33.33"),
         "amount": D("100.00"), "vat_percent": 20, "vat_amount": D("16.67")},
        {"name": "Книги", "quantity": 10, "price": 10, "amount": D("100.00")},
    ]  # fmt: skip
    client = clients.client(manager=cast.manager)
    return deals.sale(client, "200.00", on=SOLD, vat_amount=D("16.67"), lines=lines)


def quantities(sale, *wanted):
    return dict(zip(sale.lines.all(), wanted, strict=False))


def approved(sale, cast, *wanted):
    back = claims.asked(sale, quantities(sale, *wanted), by=cast.manager, today=TODAY)
    return claims.decide(back, by=cast.department_head)


def accepted(sale, cast, *wanted, **more):
    return claims.taken(approved(sale, cast, *wanted), by=cast.logistics, **more)


def credit(back, cast, *, on=TODAY, number=""):
    sent = {"version": back.version, "on": on, "number": number, "today": TODAY}
    return crediting.credit_return(back.pk, by=cast.accountant, **sent)


def told(person):
    return set(Notice.objects.filter(user=person).values_list("kind", flat=True))


def test_goods_come_back_at_the_rates_of_their_sale_and_lower_the_debt_of_their_own_day(sale, cast):
    back = accepted(sale, cast, 1, 4)
    assert (back.state, back.amount) == ("accepted", D("73.33"))
    assert "return.to_receive" in told(cast.logistics)
    assert "return.to_credit" in told(cast.accountant)
    back = credit(back, cast, number="УКД-7")
    document = back.document
    assert (document.kind, document.state, document.original) == ("return", "posted", sale)
    assert (document.posted_on, document.amount) == (TODAY, D("-73.33"))
    kept = [(line.quantity, line.amount, line.vat_percent) for line in document.lines.all()]
    assert kept == [(-1, D("-33.33"), 20), (-4, D("-40.00"), None)]
    assert document.vat_amount == D("-5.56")
    assert Invoice.objects.get(shipment=sale).open_amount == D("126.67")
    rows = Shipment.objects.counted().filter(client=sale.client)
    assert rows.in_period(TODAY.replace(day=1), TODAY).turnover()["net"] == D("-73.33")
    assert "return.credited" in told(cast.manager)
    done = actions.close_return(back.pk, by=cast.manager, version=back.version)
    assert (done.state, done.credit_note_number) == ("closed", "УКД-7")
    assert not any(invariants.violations(timezone.now()).values())


def test_a_credit_out_of_step_with_its_document_and_a_line_given_back_twice_are_told(sale, cast):
    back = credit(accepted(sale, cast, 2), cast)
    back.lines.update(amount=1)
    with pgtrigger.ignore("claims.ReturnLine:not_beyond_shipped"):
        claims.returned(sale, quantities(sale, 3))
    found = invariants.violations(timezone.now())
    assert found["credited returns agree with their documents"] == [f"return {back.pk}"]
    line = sale.lines.first()
    assert found["no more came back than was sold"] == [f"line of a shipment {line.pk}"]


def test_the_last_goods_of_a_line_take_the_kopeck_that_is_left(sale, cast):
    sums = [credit(accepted(sale, cast, 1), cast).document for _ in range(3)]
    assert [-one.amount for one in sums] == [D("33.33"), D("33.33"), D("33.34")]
    assert sum(one.vat_amount for one in sums) == D("-16.67")
    assert not any(invariants.violations(timezone.now()).values())


def test_no_more_is_asked_for_than_may_still_come_back(sale, cast):
    first, second = sale.lines.all()
    claims.asked(sale, {first: 2}, by=cast.manager, today=TODAY)
    deals.returned(
        sale.client, "-30.00", original=sale,
        lines=[{"name": "Книги", "quantity": -3, "price": 10, "amount": -30}],
    )  # fmt: skip
    assert [(one.asked, one.left) for one in lines_left(sale)] == [(2, 1), (0, 7)]
    for line, quantity in ((first, 2), (second, 8)):
        with pytest.raises(RuleViolation, match="ещё может вернуться") as refusal:
            claims.asked(sale, {line: quantity}, by=cast.manager, today=TODAY)
        assert refusal.value.field == f"line-{line.pk}"
    with pytest.raises(RuleViolation, match="сколько возвращается"):
        claims.asked(sale, {first: 0}, by=cast.manager, today=TODAY)
    other = claims.claim(clients.client(manager=cast.manager))
    with pytest.raises(RuleViolation, match="другого клиента"):
        claims.asked(sale, {first: 1}, by=cast.manager, today=TODAY, claim_id=other.pk)
    claims.asked(sale, {first: 1, second: 7}, by=cast.manager, today=TODAY)
    assert [one.left for one in lines_left(sale)] == [0, 0]


def test_one_press_of_the_button_asks_once(sale, cast):
    line = sale.lines.first()
    asked = actions.Asked({line.pk: D(1)}, claims.reason().pk, "Брак")
    sent = {"by": cast.manager, "today": TODAY, "key": "6f1c1a3e-8f0e-4f53-9f6f-1d2f3a4b5c6d"}
    first, second = (actions.ask_return(sale.pk, asked, **sent) for _ in range(2))
    assert first == second
    assert Return.objects.count() == 1


def test_who_may_do_what(sale, cast):
    first = sale.lines.first()
    for person in (cast.accountant, cast.director, cast.lawyer):
        with pytest.raises(PermissionDenied):
            claims.asked(sale, {first: 1}, by=person, today=TODAY)
    with pytest.raises(Shipment.DoesNotExist):
        claims.asked(sale, {first: 1}, by=cast.stranger, today=TODAY)
    back = claims.asked(sale, {first: 2}, by=cast.department_head, today=TODAY)
    with pytest.raises(PermissionDenied):  # not one's own
        claims.decide(back, by=cast.department_head)
    back = claims.decide(back, by=cast.director, comment="Сохраняем клиента")
    assert (back.state, back.decided_by) == ("approved", cast.director)
    assert back.decision_comment == "Сохраняем клиента"
    sent = {"version": back.version, "on": TODAY, "today": TODAY}
    for person in (cast.manager, cast.accountant):
        with pytest.raises(Return.DoesNotExist):
            receive_return(back.pk, by=person, **sent)
    back = claims.taken(back, by=cast.logistics)
    for person in (cast.manager, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            crediting.credit_return(
                back.pk, by=person, number="", **(sent | {"version": back.version})
            )


def test_a_refused_or_withdrawn_return_gives_its_lines_free(sale, cast):
    first = sale.lines.first()
    back = claims.asked(sale, {first: 3}, by=cast.manager, today=TODAY)
    with pytest.raises(RuleViolation, match="Напишите почему"):
        claims.decide(back, by=cast.department_head, decision="reject", comment="")
    back = claims.decide(back, by=cast.department_head, decision="reject", comment="Вскрыт")
    assert (back.state, back.decision_comment) == ("rejected", "Вскрыт")
    back = claims.asked(sale, {first: 3}, by=cast.manager, today=TODAY)
    take_back = {"by": cast.manager, "version": back.version, "today": TODAY}
    with pytest.raises(StaleVersion):
        actions.withdraw_return(back.pk, **(take_back | {"version": 9}))
    assert actions.withdraw_return(back.pk, **take_back).state == "withdrawn"
    back = approved(sale, cast, 3)
    back = actions.withdraw_return(back.pk, **(take_back | {"version": back.version}))
    assert back.state == "withdrawn"
    assert lines_left(sale)[0].left == 3


def test_the_warehouse_takes_fewer_with_a_note_or_none_at_all(sale, cast):
    back = approved(sale, cast, 3, 10)
    early = {"version": back.version, "today": TODAY}
    for day, words in ((TODAY + timedelta(days=1), "ещё не наступил"), (SOLD, "Не раньше")):
        with pytest.raises(RuleViolation, match=words):
            receive_return(back.pk, by=cast.logistics, on=day, **early)
    with pytest.raises(RuleViolation, match="почему принято меньше"), transaction.atomic():
        claims.taken(back, [2, 10], by=cast.logistics)
    with pytest.raises(RuleViolation, match="Больше, чем заявлено"), transaction.atomic():
        claims.taken(back, [4, 10], by=cast.logistics, note="Лишнее")
    back = claims.taken(back, [2, 0], by=cast.logistics, note="Одна вскрыта, книг нет")
    assert (back.amount, back.acceptance_note) == (D("66.67"), "Одна вскрыта, книг нет")
    assert [one.left for one in lines_left(sale)] == [1, 10]
    back = credit(back, cast)
    assert [line.quantity for line in back.document.lines.all()] == [-2]
    none = claims.taken(approved(sale, cast, 1), [0], by=cast.logistics, note="Пусто")
    with pytest.raises(PermissionDenied):
        credit(none, cast)
    assert actions.close_return(none.pk, by=cast.manager, version=none.version).state == "closed"


def test_a_sale_that_was_reversed_meanwhile_is_not_credited(sale, cast):
    back = accepted(sale, cast, 1)
    waiting = claims.asked(sale, quantities(sale, 1), by=cast.manager, today=TODAY)
    reverse_shipment(sale.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    with pytest.raises(RuleViolation, match="тем временем сторнировали"), transaction.atomic():
        credit(back, cast)
    with pytest.raises(RuleViolation, match="тем временем сторнировали"), transaction.atomic():
        claims.decide(waiting, by=cast.department_head)
    with pytest.raises(RuleViolation, match="по проведённой отгрузке"):
        claims.asked(sale, quantities(sale, 1), by=cast.manager, today=TODAY)
    assert not Shipment.objects.filter(kind="return").exists()


def test_a_credit_that_was_reversed_is_made_anew(sale, cast):
    back = credit(accepted(sale, cast, 3), cast)
    reverse_shipment(back.document_id, by=cast.accountant, on=TODAY, reason="Не тот день")
    back.refresh_from_db()
    assert list(Return.objects.to_credit()) == [back]
    before, back = back.document, credit(back, cast)
    assert (back.state, back.document != before) == ("credited", True)
    assert Shipment.objects.counted().filter(kind="return").turnover()["net"] == -100
    with pytest.raises(PermissionDenied):
        credit(back, cast)


def test_the_day_of_the_credit_lies_between_the_goods_and_today(sale, cast):
    back = accepted(sale, cast, 1)
    for day, words in ((TODAY + timedelta(days=1), "ещё не наступил"), (SOLD, "Не раньше")):
        with pytest.raises(RuleViolation, match=words):
            credit(back, cast, on=day)


@pytest.mark.parametrize("state", ReturnState.values)
def test_moves_that_the_map_does_not_know_are_refused(sale, cast, state):
    document = deals.returned(sale.client, "-10.00", original=sale)
    more = {"received_on": TODAY, "document": document, "created_by": cast.manager}
    back = claims.returned(sale, quantities(sale, 1), on=TODAY, state=state, **more)
    moves = {
        "withdrawn": lambda: actions.withdraw_return(
            back.pk, by=cast.manager, version=1, today=TODAY
        ),
        "goods_received": lambda: receive_return(
            back.pk, by=cast.logistics, version=1, on=TODAY, today=TODAY
        ),
        "accepted": lambda: accept_return(
            back.pk, by=cast.logistics, version=1, quantities={}, note="Нет", today=TODAY
        ),
        "credited": lambda: credit(back, cast),
        "closed": lambda: actions.close_return(back.pk, by=cast.manager, version=1),
    }
    for target, act in moves.items():
        if target not in RETURN_MOVES[state]:
            with pytest.raises((PermissionDenied, Return.DoesNotExist)), transaction.atomic():
                act()
            back.refresh_from_db()
            assert back.state == state


def test_the_database_refuses_what_is_not_whole(sale, cast):
    back = claims.returned(sale, quantities(sale, 1))
    rows = Return.objects.filter(pk=back.pk)
    for values, name in (
        ({"state": "credited", "received_on": TODAY}, "credited_has_document"),
        ({"state": "accepted"}, "received_has_its_day"),
        ({"reason": None}, "asked_for_has_reason"),
        ({"shipment": None}, "of_a_sale_or_from_the_books"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**values)
