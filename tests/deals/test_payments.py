"""One payment in the hands of the accounting: every move of C.5 no. 15 and no other."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from crm.errors import RuleViolation, StaleVersion
from deals.actions import payments as actions
from deals.actions.allocations import allocate_by_hand
from deals.actions.payment_entry import enter_payment
from deals.models import PAYMENT_MOVES, Allocation, Invoice, PayerAccount, Payment, PaymentState
from deals.permissions import payment_actions
from deals.receipts.matching import match_payments
from deals.tasks.money import advances_check
from tests.cast import everybody
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment
from tests.standing import standing

D = Decimal


@standing
def acme(cast):
    return clients.client(cast.manager)


def in_state(state, client):
    """An incoming payment in the state, by the product's own ways."""
    if state in {"unmatched", "ignored"}:
        return deals.payment(None, "100.00", state=state, reason="Заём")
    money = deals.payment(client, "100.00", state="reversed" if state == "reversed" else "matched")
    if state == "allocated":
        deals.invoice(client, "100.00")
        allocate_payment(money.pk, by=None)
        money.refresh_from_db()
    return money


def doing(name, money, client, by):
    """The action on the payment as its page shows it."""
    facts = {"by": by, "version": money.version}
    return {
        "match": lambda: actions.match_by_hand(money.pk, client.pk, **facts),
        "spread": lambda: actions.spread_payment(money.pk, **facts),
        "free": lambda: actions.take_off(money.pk, **facts),
        "unmatch": lambda: actions.unmatch_payment(money.pk, **facts),
        "ignore": lambda: actions.ignore_payment(money.pk, reason="Заём", **facts),
        "own_transfer": lambda: actions.mark_own_transfer(money.pk, **facts),
        "restore": lambda: actions.restore_payment(money.pk, **facts),
        "reverse": lambda: actions.reverse_payment(money.pk, reason="Ошибка", **facts),
        "refund": lambda: actions.mark_refund(money.pk, client.pk, **facts),
    }[name]


# What each action leads to from each state of an incoming payment; the rest is refused.
LEADS_TO = {
    "match": {"unmatched": "matched"},
    "spread": {"matched": "matched", "allocated": "allocated"},
    "free": {"matched": "matched", "allocated": "matched"},
    "unmatch": {"matched": "unmatched", "allocated": "unmatched"},
    "ignore": {"unmatched": "ignored", "matched": "ignored", "allocated": "ignored"},
    "own_transfer": {"unmatched": "ignored", "matched": "ignored", "allocated": "ignored"},
    "restore": {"ignored": "unmatched"},
    "reverse": dict.fromkeys(("unmatched", "matched", "allocated", "ignored"), "reversed"),
    "refund": {},
}


@pytest.mark.parametrize("name", LEADS_TO)
@pytest.mark.parametrize("state", PaymentState.values)
def test_an_action_leads_where_the_map_says_and_is_refused_elsewhere(cast, acme, name, state):
    money = in_state(state, acme)
    before = Payment.objects.values().get(pk=money.pk)
    run = doing(name, money, acme, cast.accountant)
    if state in LEADS_TO[name]:
        run()
        money.refresh_from_db()
        assert money.state == LEADS_TO[name][state]
        assert _is_a_way(state, money.state)
    else:
        with pytest.raises(RuleViolation):
            run()
        assert Payment.objects.values().get(pk=money.pk) == before


def _is_a_way(first, last):
    """Allowed directly, by way of "matched", or no move at all."""
    moves = PAYMENT_MOVES[first]
    return (
        first == last
        or last in moves
        or last
        in PAYMENT_MOVES["matched"] & moves
        | (PAYMENT_MOVES["matched"] if "matched" in moves else set())
    )


def test_buttons_are_offered_exactly_where_the_action_is_allowed(cast, acme):
    for state in PaymentState.values:
        money = in_state(state, acme)
        offered = payment_actions(cast.accountant, money)
        sensible = {name for name, ways in LEADS_TO.items() if state in ways}
        assert offered <= sensible
        assert sensible - offered <= {"spread", "free", "own_transfer", "ignore"}
        for person in (cast.manager, cast.director, cast.admin):
            assert not payment_actions(person, money)


@pytest.mark.parametrize("name", LEADS_TO)
def test_only_the_accounting_handles_payments_and_only_as_the_page_showed_them(cast, acme, name):
    money = in_state("matched", acme)
    for role, person in everybody(cast).items():
        if role == "accountant":
            continue
        with pytest.raises((PermissionDenied, Payment.DoesNotExist)):
            doing(name, money, acme, person)()
    money.version += 1
    with pytest.raises(StaleVersion):
        doing(name, money, acme, cast.accountant)()


def test_matched_by_hand_it_pays_at_once_what_the_purpose_names(cast, acme):
    deals.invoice(acme, "100.00", number="1", due=date(2026, 11, 10))
    named = deals.invoice(acme, "60.00", number="2", due=date(2026, 12, 10))
    money = deals.payment(None, "100.00", purpose="Оплата сч. 2")
    done = actions.match_by_hand(money.pk, acme.pk, by=cast.accountant, version=1)
    assert (done.state, done.matched_by, done.free_amount) == ("allocated", "hand", 0)
    assert Allocation.objects.get(invoice=named).amount == D(60)
    verbs = [e.pgh_context["verb"] for e in money.events.order_by("pgh_id")[1:]]
    assert verbs[0] == "payment.matched"


def test_a_remembered_account_finds_the_client_next_time_until_it_is_forgotten(cast, acme):
    facts = {"party_account": "40702810000000012345", "party_name": "ИП Иванов"}
    first = deals.payment(None, **facts)
    actions.match_by_hand(first.pk, acme.pk, by=cast.accountant, version=1, remember=True)
    second = deals.payment(None, **facts)
    match_payments([second.pk], by=None)
    second.refresh_from_db()
    assert (second.client, second.matched_by) == (acme, "remembered")
    actions.forget_payer(PayerAccount.objects.get().pk, by=cast.accountant)
    third = deals.payment(None, **facts)
    assert match_payments([third.pk], by=None).unmatched == 1


def test_what_cannot_be_remembered_is_not_matched_either(cast, acme):
    ours = deals.own_account()
    for facts in ({}, {"party_account": ours.account}):
        money = deals.payment(None, **facts)
        with pytest.raises(RuleViolation) as refusal:
            actions.match_by_hand(money.pk, acme.pk, by=cast.accountant, version=1, remember=True)
        assert refusal.value.field == "remember"
        money.refresh_from_db()
        assert money.state == "unmatched"


def test_a_client_that_does_not_exist_is_a_sentence(cast):
    money = deals.payment(None)
    with pytest.raises(RuleViolation):
        actions.match_by_hand(money.pk, 999_999, by=cast.accountant, version=1)


def test_a_reversed_payment_leaves_its_invoices_and_the_books(cast, acme):
    money = in_state("allocated", acme)
    with pytest.raises(RuleViolation):
        actions.reverse_payment(money.pk, by=cast.accountant, version=money.version, reason=" ")
    actions.reverse_payment(money.pk, by=cast.accountant, version=money.version, reason="Дубль")
    assert not Allocation.objects.exists()
    assert acme.invoices.get().open_amount == D(100)
    assert not Payment.objects.incoming().exists()
    with pytest.raises(RuleViolation):
        allocate_by_hand(money.pk, [(acme.invoices.get().pk, D(1))], by=cast.accountant)


def test_one_invoice_may_be_left_and_the_other_stays_paid(cast, acme):
    first, second = deals.invoice(acme, "30.00"), deals.invoice(acme, "70.00")
    money = deals.payment(acme, "100.00")
    allocate_payment(money.pk, by=None)
    money.refresh_from_db()
    actions.take_off(money.pk, by=cast.accountant, version=money.version, invoice_id=second.pk)
    money.refresh_from_db()
    assert (money.state, money.free_amount) == ("matched", D(70))
    assert Allocation.objects.get().invoice == first


def test_spending_put_aside_becomes_a_refund_and_incoming_money_never_does(cast, acme):
    money = deals.payment(None, direction="out", kind="other", state="ignored", reason="…")
    actions.mark_refund(money.pk, acme.pk, by=cast.accountant, version=1)
    money.refresh_from_db()
    assert (money.kind, money.state, money.client) == ("refund", "matched", acme)
    assert not payment_actions(cast.accountant, money) & {"spread", "free", "refund"}
    actions.unmatch_payment(money.pk, by=cast.accountant, version=money.version)
    money.refresh_from_db()
    assert (money.kind, money.state) == ("other", "unmatched")
    assert not Payment.objects.unmatched().exists()


def test_a_transfer_between_own_accounts_comes_back_as_money_of_a_client(cast):
    money = deals.payment(None)
    actions.mark_own_transfer(money.pk, by=cast.accountant, version=1)
    assert not Payment.objects.unmatched().exists()
    actions.restore_payment(money.pk, by=cast.accountant, version=2)
    assert Payment.objects.unmatched().get().kind == "customer"


def entered(by, key=None, **values):
    values = {"direction": "in", "paid_on": date(2026, 11, 2), "amount": D(100)} | values
    return enter_payment(by=by, key=key, **values)


def test_a_payment_by_hand_is_spread_or_matched_at_once_and_once_per_form(cast, acme):
    deals.invoice(acme, "40.00")
    legal, key = clients.counterparty(acme), uuid4()
    made = entered(cast.accountant, key, client=acme)
    assert (made.state, made.free_amount, made.matched_by) == ("matched", D(60), "hand")
    assert entered(cast.accountant, key, client=acme) == made
    assert entered(cast.accountant, party_inn=legal.inn).client == acme
    assert entered(cast.accountant).state == "unmatched"
    assert entered(cast.accountant, client=acme, direction="out").kind == "refund"
    with pytest.raises(PermissionDenied):
        entered(cast.manager, client=acme)


def test_who_sees_payments(cast, acme):
    """C.9: own clients, the subtree, everything; unknown payers only where all is seen."""
    deals.payment(acme), deals.payment(None)
    seen = {
        name: Payment.objects.visible_to(person).count() for name, person in everybody(cast).items()
    }
    everything = {"director", "general_director", "accountant", "lawyer"}
    owners = {"manager", "sector_head", "department_head"}
    assert {n for n, count in seen.items() if count == 2} == everything
    assert {n for n, count in seen.items() if count == 1} == owners


def test_an_advance_pays_the_next_shipment_at_once_and_an_imported_debt_by_the_clock(cast):
    client = clients.client(cast.manager)
    money = deals.payment(client, "1000.00", on=date(2026, 10, 1))
    sale = deals.sale(client, "400.00", on=date(2026, 10, 5))
    assert Invoice.objects.get(shipment=sale).state == "paid"
    bill = deals.invoice(client, "500.00", on=date(2026, 10, 6))
    assert advances_check(today=date(2026, 10, 7)) == 1
    bill.refresh_from_db()
    money.refresh_from_db()
    assert (bill.state, money.free_amount) == ("paid", Decimal(100))
    assert advances_check(today=date(2026, 10, 7)) == 0
