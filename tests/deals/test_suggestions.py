"""Suggestions for money of an unknown payer: each client with the reasons in words."""

import pytest
from django.utils.translation import override

from deals.actions.payments import match_by_hand
from deals.receipts.purposes import payer_name
from deals.receipts.suggestions import is_misprint, suggest_clients
from tests.factories import clients, deals


@pytest.fixture
def acme(cast):
    client = clients.client(cast.manager, name="ООО «Ромашковый рай»")
    client.legal = clients.counterparty(client)
    return client


def suggested(payment, user):
    with override("en"):
        return [(s.client, s.reasons, s.score) for s in suggest_clients(payment, user)]


def one_digit_off(inn):
    return inn[:-1] + str((int(inn[-1]) + 1) % 10)


def test_each_reason_leads_to_the_client_in_words(cast, acme):
    bill = deals.invoice(acme, "777.10", number="РТ-9")
    stranger = {"party_inn": clients.inn()}
    cases = [
        ({"party_inn": one_digit_off(acme.legal.inn)}, "differs by a misprint"),
        ({"purpose": "сч. РТ-9", **stranger}, "names invoice РТ-9"),
        ({"amount": "777.10", **stranger}, f"Invoice {bill.number} is open for exactly"),
        ({"party_name": "ИНН 7712345678 ООО РОМАШКОВЫЙ РАЙ р/с 407028"}, "The same name"),
        ({"party_name": "Ромашковй рай"}, "name: Ромашковй рай"),
    ]
    for facts, words in cases:
        ((client, reasons, _score),) = suggested(deals.payment(None, **facts), cast.accountant)
        assert client == acme
        assert words in reasons[0]


def test_the_payer_of_yesterday_comes_first_and_reasons_add_up(cast, acme):
    other = clients.client(cast.manager2)
    deals.invoice(other, "50.00")
    deals.invoice(acme, "50.00")
    facts = {"party_account": "40702810000000054321", "party_inn": clients.inn()}
    before = deals.payment(None, **facts)
    match_by_hand(before.pk, acme.pk, by=cast.accountant, version=1)
    found = suggested(deals.payment(None, "50.00", **facts), cast.accountant)
    assert found[0][0] == acme
    assert found[0][1][0].startswith("Money of this payer was this client's on")
    scores = [score for _client, _reasons, score in found]
    assert scores == sorted(scores, reverse=True)


def test_clients_that_share_an_inn_are_all_offered(cast, acme):
    other = clients.client(cast.manager2)
    clients.counterparty(other, inn=acme.legal.inn, kpp="780101001")
    found = suggested(deals.payment(None, party_inn=acme.legal.inn), cast.accountant)
    assert {client for client, _reasons, _score in found} == {acme, other}


def test_only_visible_clients_are_offered(cast, acme):
    payment = deals.payment(None, party_name="Ромашковый рай", party_inn=acme.legal.inn)
    assert suggested(payment, cast.stranger) == []


def test_nothing_known_means_nothing_suggested(cast, acme):
    deals.payment(None)
    assert suggested(deals.payment(None, "13.00"), cast.accountant) == []


@pytest.mark.parametrize("typed", ["7701234568", "7701243567", "770123457", "77012345667"])
def test_one_error_is_a_misprint(typed):
    assert is_misprint(typed, "7701234567")


@pytest.mark.parametrize("typed", ["7701234567", "7701234598", "7711234598", "77"])
def test_two_errors_are_another_number(typed):
    assert not is_misprint(typed, "7701234567")


def test_what_banks_put_around_a_name_is_left_out():
    assert payer_name("ИНН 7712345678 КПП 770101001 ООО «Мир» р/с 4070 в банке") == "ООО «Мир»"
    assert payer_name("ИП Иванов // Москва, ул. Мира //") == "ИП Иванов"
