"""Every step is refused to who may not, and on a stale page; the row is locked before."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from claims.actions import claim_decisions as decisions
from claims.actions import claims as claim_actions
from claims.actions import crediting, escalations, lawsuits, measures, outgoing, outgoing_moves
from claims.actions import returns as return_actions
from claims.actions.book_returns import follow_books
from claims.actions.claim_decisions import Decision, Findings
from claims.actions.claims import ClaimFacts
from claims.actions.escalations import Matter
from claims.actions.key_rates import remove_key_rate
from claims.actions.lawsuits import Stage
from claims.actions.limitation_alerts import watch_limitation
from claims.actions.measures import Plan
from claims.actions.outgoing import Sending
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.outgoing_moves import Answer
from claims.actions.return_goods import accept_return, receive_return
from claims.models import KeyRate, Return
from crm.errors import StaleVersion
from tests.factories import claims, clients, deals
from tests.factories import outgoing as factory
from tests.guarding import locks, refused

pytestmark = pytest.mark.django_db
D, DAY, TODAY = Decimal, deals.DAY, deals.DAY + timedelta(days=3)
ON = {"on": TODAY, "today": TODAY}
NOW = timezone.now()
WHY = {"reason": "Разобрались", "today": TODAY}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def guarded(cast, row, act, may, others, *tables, same=False):
    """The step is not for the others, and for who may only on the page as it is now.

    Pages that were shown before are old then, unless it is the `same`.
    """
    row.refresh_from_db()
    for name in others:
        by = {"by": getattr(cast, name), "version": row.version}
        refused(PermissionDenied, lambda by=by: act(row.pk, **by), *tables)
    stale = {"by": getattr(cast, may), "version": row.version + 1}
    refused(StaleVersion, lambda: act(row.pk, **stale), *tables)
    before, done = row.version, act(row.pk, by=getattr(cast, may), version=row.version)
    row.refresh_from_db()
    assert (row.version == before) is same
    return done


def test_steps_of_a_claim(cast, client):
    open_one, table = claims.claim(client), "claims_claim"

    def step(act, may, *others, of=open_one, **more):
        return guarded(cast, of, lambda pk, **by: act(pk, **by, **more), may, others, table)

    facts = ClaimFacts("goods", claims.reason(), claimed_amount=D(100))
    step(claim_actions.edit_claim, "manager", "lawyer", facts=facts, goods=(), today=TODAY)
    to = {"person_id": cast.manager.pk}
    assigned = step(decisions.assign_claim, "sector_head", "manager", "accountant", **to)
    assert (assigned.state, assigned.assigned_to) == ("in_review", cast.manager)
    to = {"person_id": cast.sector_head.pk}
    assigned = step(decisions.assign_claim, "department_head", "manager", **to)
    assert (assigned.state, assigned.assigned_to) == ("in_review", cast.sector_head)
    found = step(
        decisions.examine_claim, "manager", "accountant", "lawyer",
        findings=Findings(" Недовоз ", "warehouse", cast.manager2),
    )  # fmt: skip
    found.refresh_from_db()
    assert (found.findings, found.guilty_party) == ("Недовоз", "warehouse")
    assert found.guilty_person == cast.manager2
    word = Decision("satisfied", "carrier", compensation="credit")
    for by, version, error in ((cast.lawyer, 5, PermissionDenied), (cast.manager, 9, StaleVersion)):
        decide = {"by": by, "version": version, "today": TODAY}
        refused(error, lambda d=decide: decisions.decide_claim(open_one.pk, word, **d), table)
    given = claims.decided(client, compensation="credit")
    step(decisions.compensate_claim, "accountant", "lawyer", of=given, **ON)
    step(decisions.answer_claim, "manager", "accountant", of=given, **ON)
    step(decisions.close_claim, "manager", "accountant", "lawyer", of=given)
    again = {"objection": "Не хватает", "today": TODAY}
    step(decisions.reopen_claim, "manager", "accountant", "lawyer", of=given, **again)
    step(claim_actions.withdraw_claim, "manager", "accountant", "lawyer", **WHY)


def test_steps_of_an_escalation(cast, client):
    table = "claims_escalation"

    def handed(**more):
        matter = Matter("conflict", "Спор", "Звонки")
        return escalations.escalate(
            client.pk, matter, by=cast.manager, today=TODAY, key=uuid4(), **more
        )

    refused(
        PermissionDenied,
        lambda: escalations.escalate(
            client.pk, Matter("other", "Спор", "Звонки"), by=cast.lawyer, today=TODAY, key=uuid4()
        ),
        "clients_client",
    )
    row = handed()

    def step(act, *others, may="sector_head", **more):
        return guarded(cast, row, lambda pk, **by: act(pk, **by, **more), may, others, table)

    step(escalations.take_up, "manager", "department_head")
    row = step(escalations.hand_higher, "manager", "department_head", tried="Встреча", today=TODAY)
    done = step(
        escalations.settle, "manager", "sector_head", may="department_head", outcome="Да",
        today=TODAY,
    )  # fmt: skip
    assert (done.state, done.outcome, done.ended_on) == ("resolved", "Да", TODAY)


def test_steps_of_a_return(cast, client):
    line = {"name": "Книги", "quantity": 10, "price": 10, "amount": D("100.00")}
    sale = deals.sale(client, "100.00", on=DAY, lines=[line])
    sold, table = sale.lines.get(), "claims_return"

    def step(act, row, may, *others, tables=(), **more):
        bound = lambda pk, **by: act(pk, **by, **more)  # noqa: E731
        return guarded(cast, row, bound, may, others, *tables)

    asked = claims.asked(sale, {sold: 2}, by=cast.manager, today=TODAY)
    step(return_actions.withdraw_return, asked, "manager", "lawyer", "sector_head", today=TODAY)
    back = claims.decide(
        claims.asked(sale, {sold: 2}, by=cast.manager, today=TODAY), by=cast.department_head
    )
    both = (table, "deals_shipment")
    back = step(receive_return, back, "logistics", tables=both, **ON)
    more = {"quantities": {back.lines.get().pk: D(2)}, "note": "", "today": TODAY}
    back = step(accept_return, back, "logistics", tables=both, **more)
    refused(
        PermissionDenied,
        lambda: return_actions.close_return(back.pk, by=cast.manager, version=back.version),
        table,
    )
    credit = {"number": "", **ON}
    back = step(crediting.credit_return, back, "accountant", "manager", tables=both, **credit)
    step(return_actions.close_return, back, "manager", "lawyer", tables=(table,))
    deals.returned(client, "-10.00", on=DAY)
    books = Return.objects.create(
        number="К-1", client=client, asked_on=DAY, amount=10, state="closed",
        document=client.shipments.get(amount=-10),
    )  # fmt: skip
    reason = {"reason": claims.reason()}
    step(return_actions.name_reason, books, "manager", "lawyer", tables=(table,), **reason)
    again = {"by": cast.manager, "version": books.version, **reason}
    refused(PermissionDenied, lambda: return_actions.name_reason(books.pk, **again))


def test_steps_of_a_claim_against_a_client(cast, client):
    table = "claims_outgoingclaim"

    def step(act, row, may, *others, **more):
        bound = lambda pk, **by: act(pk, **by, **more)  # noqa: E731
        return guarded(cast, row, bound, may, others, table)

    on = factory.TODAY
    draft = factory.drafted(client, by=cast.manager)
    count = {"to": on, "with_accrual": True, "today": on}
    step(outgoing.recount_outgoing, draft, "manager", "lawyer", "accountant", **count)
    step(outgoing.request_outgoing, draft, "manager", "lawyer", "department_head", today=on)
    second = factory.drafted(client, by=cast.manager)
    why = {"reason": "Договорились", "today": on}
    step(outgoing.cancel_outgoing, second, "manager", "lawyer", "accountant", **why)
    third = factory.drafted(client, by=cast.manager)
    step(outgoing.initiate_outgoing, third, "department_head", "sector_head", "lawyer")
    step(outgoing.return_outgoing, third, "lawyer", "manager", "director", reason="Нет УПД")
    third.refresh_from_db()
    head = {"by": cast.department_head, "version": third.version}
    third = outgoing.initiate_outgoing(third.pk, **head)
    sending = {"sending": Sending(on, "post", "1"), "today": on}
    step(outgoing.send_outgoing, third, "lawyer", "manager", "director", **sending)
    answer = {"answer": Answer(on, "refuses", "Нет"), "today": on}
    step(outgoing_moves.answer_outgoing, third, "manager", "accountant", **answer)
    step(outgoing_moves.note_accrual_paid, third, "accountant", "manager", amount=D(1))
    step(outgoing_moves.stop_for_claim, third, "director", "manager", "lawyer", now=NOW)
    step(outgoing_moves.close_outgoing, third, "lawyer", "manager", "accountant", **why)


def test_steps_of_a_lawsuit(cast, client):
    claim = factory.sent(client, cast=cast)
    day = claim.lawsuit_from

    def step(act, row, *others, table="claims_lawsuit", same=False, **more):
        bound = lambda pk, **by: act(pk, **by, **more)  # noqa: E731
        return guarded(cast, row, bound, "lawyer", others, table, same=same)

    count = {"to": day, "today": day}
    prepare = {"court": "АС", "table": "claims_outgoingclaim", **count}
    suit = step(lawsuits.prepare_lawsuit, claim, "manager", "director", **prepare)
    facts = {"court": "АС", "case_number": "", "state_duty": None}
    step(lawsuits.edit_lawsuit, suit, "manager", "director", **facts)
    step(lawsuits.recount_lawsuit, suit, "manager", "accountant", **count)
    step(lawsuits.ask_for_package, suit, "manager", "director", same=True)
    step(lawsuits.move_lawsuit, suit, "manager", "director", stage=Stage("filed", day), today=day)


def test_steps_of_a_measure(cast):
    plan = Plan("Упаковка", "", claims.reason(), "", None, cast.manager, TODAY)
    by = {"by": cast.department_head, "today": DAY}
    row = measures.plan_measure(cast.department.pk, plan, **by)
    other = measures.plan_measure(cast.department.pk, plan, **by)
    deals.sale(clients.client(cast.manager), "100.00", on=TODAY)

    def step(act, may, *others, of=row, **more):
        bound = lambda pk, **by: act(pk, **by, **more)  # noqa: E731
        return guarded(cast, of, bound, may, others, "claims_correctivemeasure")

    step(measures.begin_measure, "manager")
    step(measures.finish_measure, "manager", **ON)
    after = TODAY + timedelta(days=30)
    done = step(measures.check_measure, "department_head", "manager", conclusion="Да", today=after)
    assert (done.state, done.conclusion) == ("checked", "Да")
    refused(PermissionDenied, lambda: measures.begin_measure(row.pk, by=cast.manager, version=4))
    refused(
        PermissionDenied, lambda: measures.finish_measure(row.pk, by=cast.manager, version=4, **ON)
    )
    step(measures.give_up_measure, "department_head", "manager", of=other, reason="Дорого")


def test_what_is_written_together_is_locked_in_one_order(cast, client):
    claim, day = claims.claim(client), {"today": TODAY}
    matter = Matter("claim", "Бой", "Звонки", claim_id=claim.pk)

    def hand_up(by=cast.manager):
        escalations.escalate(client.pk, matter, by=by, key=uuid4(), **day)

    assert locks(hand_up)[:2] == ["clients_client", "claims_claim"]
    row = claim.escalations.get()
    settle = {"by": cast.sector_head, "version": 1, "outcome": "Да", **day}
    found = locks(lambda: escalations.settle(row.pk, **settle))
    assert found == ["claims_claim", "claims_escalation", "claims_claim"]
    hand_up()
    late = {"today": TODAY + timedelta(days=30)}
    row = claim.escalations.open().get()
    assert locks(lambda: escalations.pass_over(row.pk, **late)) == ["claims_escalation"]
    claim.refresh_from_db()
    withdraw = {"by": cast.manager, "version": claim.version, **WHY}
    found = locks(lambda: claim_actions.withdraw_claim(claim.pk, **withdraw))
    assert found == ["claims_claim", "claims_escalation"]

    suit = factory.lawsuit(client, cast=cast)
    day = {"today": suit.prepared_on}
    stages = [Stage(state, suit.prepared_on) for state in ("filed", "won", "closed")]
    for version, stage in enumerate(stages, start=1):
        move = {"stage": stage, "by": cast.lawyer, "version": version, **day}
        found = locks(lambda move=move: lawsuits.move_lawsuit(suit.pk, **move))
    assert found == ["claims_lawsuit", "claims_outgoingclaim"]
    found = locks(lambda: factory.drafted(client, factory.debt(client), by=cast.manager))
    assert found[0] == "clients_client"
    factory.sent(client, cast=cast)
    assert locks(lambda: turn_terms(today=DAY)) == ["claims_outgoingclaim"]
    assert locks(lambda: watch_limitation(today=DAY))[0] == "claims_limitationwatch"
    rate = KeyRate.objects.open().first()
    remove = {"by": cast.admin, "version": rate.version + 1}
    refused(StaleVersion, lambda: remove_key_rate(rate.pk, **remove), "claims_keyrate")
    remove = {"by": cast.manager, "version": rate.version}
    refused(PermissionDenied, lambda: remove_key_rate(rate.pk, **remove))
    gone = remove_key_rate(rate.pk, by=cast.admin, version=rate.version)
    assert gone.version == rate.version + 1


def test_a_document_of_the_books_is_locked_by_who_takes_it(cast, client):
    line = {"name": "Книги", "quantity": 10, "price": 10, "amount": D("100.00")}
    sale = deals.sale(client, "100.00", on=DAY, lines=[line])
    sold = sale.lines.get()
    found = locks(lambda: claims.asked(sale, {sold: 2}, by=cast.manager, today=TODAY))
    assert found[0] == "deals_shipment"
    back = claims.decide(Return.objects.get(), by=cast.department_head)
    back = claims.taken(back, by=cast.logistics)
    document = deals.returned(
        client, "-20.00", on=TODAY, original=sale,
        lines=[line | {"quantity": -2, "amount": D(-20)}],
    )  # fmt: skip
    bind = {"by": cast.accountant, "version": back.version}
    found = locks(lambda: crediting.bind_return(back.pk, document.pk, **bind))
    assert found == ["deals_shipment", "claims_return", "deals_shipment"]
    deals.returned(client, "-10.00", on=DAY)
    assert locks(lambda: follow_books(today=TODAY)) == [
        "deals_shipment", "deals_shipment", "claims_return",
    ]  # fmt: skip
