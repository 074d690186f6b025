"""Whose money it is and what it pays: in bulk, by requisites and numbers, never by a name."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from crm.work import invariants
from deals.actions import payments as actions
from deals.actions.matching import spread_all_advances
from deals.models import Allocation, Invoice, PayerAccount, Payment
from deals.ordering.order_check import advance_of
from deals.receipts.matching import match_payments, spread_advances
from tests.factories import clients, deals
from tests.kernel.shared_files import shared_example

D = Decimal
DAY = date(2026, 10, 5)
AFTER = date(2026, 10, 6)


@pytest.fixture
def acme(cast):
    client = clients.client(cast.manager, name="ООО «Ромашка»")
    client.legal = clients.counterparty(client, kpp="770101001")
    return client


def match(payment):
    result = match_payments([payment.pk], by=None)
    payment.refresh_from_db()
    return result


def paid(amount="100.00", **more):
    return deals.payment(None, amount, **more)


def test_inn_and_kpp_tell_the_client(acme):
    money = paid(party_inn=acme.legal.inn, party_kpp="770101001")
    result = match(money)
    assert (money.client, money.matched_by, money.state) == (acme, "inn_kpp", "matched")
    assert (result.matched, result.unmatched, result.advance) == (1, 0, D(100))


def test_the_inn_alone_tells_it_where_it_leads_to_one_client(acme):
    money = paid(party_inn=acme.legal.inn, party_kpp="999999999")
    match(money)
    assert (money.client, money.matched_by) == (acme, "inn")


def test_the_inn_of_two_clients_leaves_it_to_kpp_account_or_number(cast, acme):
    other = clients.client(cast.manager2)
    branch = clients.counterparty(other, inn=acme.legal.inn, kpp="780101001")
    account = clients.account(branch)
    deals.invoice(acme, number="А-1")
    facts = {"party_inn": acme.legal.inn}
    open_question, by_kpp = paid(**facts), paid(party_kpp="780101001", **facts)
    by_account = paid(party_account=account.account, party_bic=account.bic, **facts)
    by_number = paid(purpose="Оплата счета А-1", **facts)
    for money in (open_question, by_kpp, by_account, by_number):
        match(money)
    assert (open_question.client, open_question.state) == (None, "unmatched")
    assert (by_kpp.client, by_kpp.matched_by) == (other, "inn_kpp")
    assert (by_account.client, by_account.matched_by) == (other, "account")
    assert (by_number.client, by_number.matched_by) == (acme, "invoice")


def test_the_account_of_a_counterparty_tells_the_client_unless_the_inn_contradicts(acme):
    account = clients.account(acme.legal)
    right, wrong = (
        paid(party_account=account.account),
        paid(party_account=account.account, party_inn=clients.inn()),
    )
    another_bank = paid(party_account=account.account, party_bic="044525974")
    for money in (right, wrong, another_bank):
        match(money)
    assert (right.client, right.matched_by) == (acme, "account")
    assert wrong.client is another_bank.client is None


def test_a_remembered_account_tells_the_client_whatever_the_inn(cast, acme):
    account = "40702810000000012345"
    PayerAccount.objects.create(account=account, client=acme, created_by=cast.accountant)
    money = paid(party_account=account, party_inn=clients.inn())
    match(money)
    assert (money.client, money.matched_by) == (acme, "remembered")


def test_a_number_tells_the_client_and_a_stranger_has_to_name_the_date_too(acme):
    bill = deals.invoice(acme, "500.00", number="РТ-000123", on=DAY)
    nobody = paid(purpose="по счету PT-000123")
    stranger = paid(purpose="по счету РТ-000123", party_inn=clients.inn())
    dated = paid(purpose=f"по счету РТ-000123 от {DAY:%d.%m.%Y}", party_inn=clients.inn())
    another_year = paid(purpose="по счету РТ-000123 от 05.10.2025")
    for money in (nobody, stranger, dated, another_year):
        match(money)
    assert (nobody.client, nobody.matched_by) == (acme, "invoice")
    assert (dated.client, stranger.client, another_year.client) == (acme, None, None)
    bill.refresh_from_db()
    assert bill.paid_amount == D(200)


def test_a_part_of_a_number_is_no_number(acme):
    deals.invoice(acme, number="12")
    for purpose in ("счет 112", "счет 12/3", "счет 123", "р/сч 12"):
        money = paid(purpose=purpose)
        match(money)
        assert money.client is None


def test_two_clients_with_one_number_are_told_apart_by_the_other_number(cast, acme):
    other = clients.client(cast.manager2)
    for client in (acme, other):
        deals.invoice(client, number="77")
    deals.invoice(acme, number="78")
    doubtful, sure = paid(purpose="сч. 77"), paid(purpose="сч. 77, 78")
    match(doubtful)
    match(sure)
    assert (doubtful.client, sure.client) == (None, acme)


def test_the_number_of_a_contract_tells_client_and_contract(acme):
    contract = deals.contract(acme, number="12/П-2026")
    under = deals.invoice(acme, "100.00", contract=contract, due=date(2026, 12, 30))
    deals.invoice(acme, "100.00", due=date(2026, 11, 30))
    money = paid(purpose="по договору поставки № 12/П-2026")
    match(money)
    assert (money.client, money.matched_by, money.contract) == (acme, "contract", contract)
    assert Allocation.objects.get().invoice == under


def test_a_name_is_never_a_match(acme):
    money = paid(party_name="ООО «Ромашка»", purpose="Оплата от ООО «Ромашка»")
    assert match(money).unmatched == 1
    assert money.client is None


def test_money_to_a_known_client_is_a_refund_and_other_spending_is_put_aside(acme):
    deals.invoice(acme, number="5")
    refund = paid(direction="out", party_inn=acme.legal.inn)
    supplier = paid(direction="out", party_inn=clients.inn(), purpose="Оплата по счету 5")
    transfer = paid(kind="own_transfer", party_inn=acme.legal.inn)
    result = match_payments([refund.pk, supplier.pk, transfer.pk], by=None)
    assert (result.refunds, result.others, result.matched) == (1, 1, 0)
    for money in (refund, supplier, transfer):
        money.refresh_from_db()
    assert (refund.kind, refund.state, refund.client) == ("refund", "matched", acme)
    assert (supplier.kind, supplier.state, supplier.client) == ("other", "ignored", None)
    assert (transfer.kind, transfer.client, transfer.version) == ("own_transfer", None, 1)
    assert not Allocation.objects.exists()


def test_a_prepayment_invoice_is_paid_only_where_the_payer_names_it(acme):
    wanted = deals.invoice(acme, "100.00", kind="prepay", number="ПР-1")
    inn = {"party_inn": acme.legal.inn}
    assert match(paid(**inn)).advance == D(100)
    assert match(paid(purpose="Предоплата по счету ПР-1", **inn)).advance == 0
    wanted.refresh_from_db()
    assert wanted.state == "paid"


def test_twice_is_once_and_what_was_decided_is_not_touched(cast, acme):
    deals.invoice(acme, "60.00")
    money = paid(party_inn=acme.legal.inn)
    match(money)
    before = Payment.objects.values().get()
    assert match(money).matched == 0
    assert Payment.objects.values().get() == before
    assert Allocation.objects.count() == 1


def test_only_those_who_import_or_keep_the_books_match(cast, acme):
    money = paid(party_inn=acme.legal.inn)
    for person in (cast.manager, cast.director, cast.lawyer):
        with pytest.raises(PermissionDenied):
            match_payments([money.pk], by=person)
    match_payments([money.pk], by=cast.admin)
    assert Payment.objects.get().events.order_by("-pgh_id")[0].pgh_context["user"] == cast.admin.pk


def test_what_was_given_back_is_not_spread_again(cast, acme):
    """Of the earliest money first; money back for returned goods takes none of the payments."""
    late, early = (deals.payment(acme, "100.00", on=on) for on in (AFTER, DAY))
    deals.returned(acme, "-40.00")
    back = {"direction": "out", "kind": "refund", "on": DAY}
    deals.payment(acme, "170.00", **back)
    deals.payment(clients.client(cast.manager), "999.00", **back)
    deals.payment(acme, "999.00", state="reversed", **back)
    bill = deals.invoice(acme, "500.00", on=AFTER)
    assert list(Payment.objects.advances().values_list("pk", "left")) == [(late.pk, D(70))]
    assert advance_of(acme.pk) == D(70)
    assert spread_all_advances() == 1
    assert spread_all_advances() == 0
    assert list(Allocation.objects.values_list("payment", "amount")) == [(late.pk, D(70))]
    bill.refresh_from_db()
    assert (bill.open_amount, advance_of(acme.pk)) == (D(430), 0)
    states = Payment.objects.filter(pk__in=[early.pk, late.pk]).values_list("state", "version")
    assert set(states) == {("matched", 1)}


def test_new_money_that_was_given_back_pays_no_invoice(cast, acme):
    """In one statement, by hand, or after a refund of money that had paid for goods."""
    facts = {"party_inn": acme.legal.inn, "on": DAY}
    bill = deals.invoice(acme, "500.00", on=DAY)
    money, kept = paid("100.00", **facts), paid("50.00", **facts)
    back = paid("100.00", direction="out", **facts)
    result = match_payments([money.pk, kept.pk, back.pk], by=None)
    assert (result.matched, result.refunds, result.spread, result.advance) == (2, 1, D(50), 0)
    assert list(Allocation.objects.values_list("payment", "amount")) == [(kept.pk, D(50))]
    rows = Payment.objects.filter(direction="in").order_by("pk").values_list("state", "version")
    assert list(rows) == [("matched", 2), ("allocated", 2)]
    assert (advance_of(acme.pk), spread_all_advances()) == (0, 0)
    deals.payment(acme, "20.00", direction="out", kind="refund", on=AFTER)
    unknown = paid("30.00", on=AFTER)
    actions.match_by_hand(unknown.pk, acme.pk, by=cast.accountant, version=1)
    bill.refresh_from_db()
    assert bill.open_amount == D(440)  # ten of the thirty: the rest covers what was given back


def test_a_later_debt_takes_the_advance(acme):
    money = paid("100.00", party_inn=acme.legal.inn)
    deals.invoice(acme, "30.00")
    match(money)
    later = deals.invoice(acme, "50.00")
    more = deals.invoice(acme, "500.00", due=DAY + timedelta(days=90))
    assert spread_advances([acme.pk], by=None) == D(70)
    money.refresh_from_db()
    assert (money.state, money.free_amount) == ("allocated", 0)
    assert [Invoice.objects.get(pk=i.pk).open_amount for i in (later, more)] == [0, D(480)]
    assert spread_advances([acme.pk], by=None) == 0


def test_an_advance_returns_to_an_invoice_that_it_pays_in_part(acme):
    bill = deals.invoice(acme, "100.00")
    money = deals.payment(acme, "100.00")
    Allocation.objects.create(
        payment=money, invoice=bill, amount=D(40), kind="manual", on_day=money.paid_on
    )
    assert spread_advances([acme.pk], by=None) == D(60)
    assert Allocation.objects.get().amount == D(100)


@pytest.mark.parametrize("code", ["FIFO-1", "FIFO-2"])
def test_the_worked_examples_of_allocation(acme, code):
    example = shared_example(code)
    for number, facts in enumerate(example["input"]["invoices"], start=1):
        due = date.fromisoformat(facts["due"])
        on = date(2026, 9, number)
        deals.invoice(acme, facts["amount"], number=facts["no"], on=on, due=due)
    ids = {}
    for facts in example["input"]["payments"]:
        purpose = "Оплата по счету " + ", ".join(facts.get("designated", ["б/н"]))
        on = date.fromisoformat(facts["date"])
        money = paid(
            facts["amount"], on=on, number=facts["no"], purpose=purpose, party_inn=acme.legal.inn
        )
        ids[facts["no"]] = money.pk
    match_payments(list(ids.values()), by=None)
    rows = Allocation.objects.order_by("payment_id", "pk")
    expected = example["expected"]
    assert [
        {"payment": row.payment.number, "invoice": row.invoice.number, "amount": str(row.amount)}
        for row in rows
    ] == expected["allocations"]
    left = Invoice.objects.values_list("number", "open_amount")
    assert {number: str(amount) for number, amount in left} == expected["open"]
    assert Payment.objects.advances().count() == len(expected["advances"])


def test_a_statement_is_matched_by_the_same_number_of_queries(acme, django_assert_max_num_queries):
    for number in range(40):
        deals.invoice(acme, "10.00", number=f"N-{number}")
    few = [paid("10.00", party_inn=acme.legal.inn).pk for _ in range(2)]
    many = [paid("10.00", purpose=f"счет N-{number}").pk for number in range(35)]
    for ids in (few, many):
        with django_assert_max_num_queries(24):
            match_payments(ids, by=None)
    assert Payment.objects.filter(state="allocated").count() == 37
    assert not any(invariants.violations(Payment.objects.get(pk=few[0]).created_at).values())
