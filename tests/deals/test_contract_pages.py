"""Pages of contracts: what is offered to whom, what My day and the reports tell of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from deals.models import Contract
from reports.queries.my_day import my_day
from reports.registry import get as report_named
from tests.cast import signed_in
from tests.factories import clients, contracts

FORM = {
    "kind": "supply",
    "is_standard": "on",
    "amount": "300 000,50",
    "starts_on": "2026-12-01",
    "deferral_day_type": "calendar",
    "claim_response_days": "30",
    "claim_day_type": "calendar",
    "key": "0b0f7c1e-7a3c-4b7e-9b57-6f2b3c9f3a11",
}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


def create_url(client):
    return reverse("deals:contract_create", args=[client.pk])


def page(person, contract):
    return signed_in(person).get(contract.get_absolute_url()).content.decode()


def test_a_contract_is_written_and_its_page_opens(cast, client):
    answer = signed_in(cast.manager).post(create_url(client), FORM)
    contract = Contract.objects.get(client=client)
    assert answer.headers["Location"] == contract.get_absolute_url()
    assert (f"{contract.amount}", contract.author) == ("300000.50", cast.manager)
    assert "300 000,50" in page(cast.manager, contract).replace("\xa0", " ")


def test_what_was_typed_stays_when_something_is_wrong(cast, client):
    wrong = FORM | {"ends_on": "2026-01-01", "subject": "Поставка посуды"}
    answer = signed_in(cast.manager).post(create_url(client), wrong)
    assert answer.status_code == 422
    assert "Поставка посуды" in answer.content.decode()
    assert "ends_on" in answer.context["form"].errors
    assert not Contract.objects.filter(client=client).exists()


def test_the_form_of_another_person_is_not_saved_again(cast, client):
    signed_in(cast.manager).post(create_url(client), FORM)
    answer = signed_in(cast.sector_head).post(create_url(client), FORM)
    assert answer.status_code == 409
    assert Contract.objects.get(client=client).author == cast.manager


def test_the_second_of_two_editors_sees_what_the_first_has_saved(cast, client):
    contract = contracts.draft(client, cast.manager, subject="Первый")
    Contract.objects.filter(pk=contract.pk).update(subject="Другой", version=2)
    url = reverse("deals:contract_edit", args=[contract.pk])
    answer = signed_in(cast.manager).post(url, FORM | {"subject": "Мой", "version": "1"})
    assert answer.status_code == 409
    assert {"Другой", "Мой"} <= {
        word for d in answer.context["form"].differences for word in (d.saved, d.typed)
    }
    contract.refresh_from_db()
    assert contract.subject == "Другой"


@pytest.mark.parametrize("to", ["", "abc", "99999999999999999999999", "-1"])
def test_a_strange_parent_is_no_failure(cast, client, to):
    answer = signed_in(cast.manager).get(create_url(client), {"to": to})
    assert answer.status_code == (200 if not to else 404)


def test_the_button_to_sign_stands_for_those_who_may(cast, client):
    contract = contracts.draft(client, cast.manager, state="approved")
    sign = reverse("deals:contract_sign", args=[contract.pk])
    assert sign not in page(cast.manager, contract)
    contracts.power(cast.manager)
    assert sign in page(cast.manager, contract)
    assert sign not in page(cast.lawyer, contract)
    assert sign in page(cast.director, contract)


def test_the_page_of_a_contract_costs_the_same_with_many_parts(cast, client):
    contract = contracts.active(client, cast.manager)
    browser = signed_in(cast.manager)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(contract.get_absolute_url()).status_code == 200
        return len(caught)

    def more(count):
        for _ in range(count):
            contracts.obligation(contract, cast.manager, cast.sector)
            contracts.disagreement(contract, cast.manager)
            contracts.active(client, cast.manager, parent=contract)

    more(1)
    queries()
    few = queries()
    more(9)
    assert queries() == few <= 12


def test_the_registers_cost_the_same_with_many_rows(cast, client):
    browser = signed_in(cast.department_head)
    names = ("deals:contract_list", "deals:obligation_list")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            for name in names:
                assert browser.get(reverse(name)).status_code == 200
        return len(caught)

    def more(count):
        for _ in range(count):
            contract = contracts.active(clients.client(cast.manager), cast.manager)
            contracts.obligation(contract, cast.manager, cast.sector)

    more(1)
    queries()
    few = queries()
    more(9)
    assert queries() == few <= 20
    contract = Contract.objects.latest("pk")
    for address in (reverse(names[1]), contract.get_absolute_url()):
        assert 'data-label="Срок"' in browser.get(address).content.decode(), address


def reasons_of(cast):
    day = my_day(cast.manager, cast.manager, timezone.now(), show=20)
    return {reason.rule.code for row in day.queue.rows for reason in row.reasons}


def test_my_day_tells_what_a_contract_asks_for(cast, client):
    Client.objects.filter(pk=client.pk).update(
        last_contact_at=timezone.now() - timedelta(days=1),
        next_contact_at=timezone.now() + timedelta(days=3),
    )
    today = timezone.localdate()
    wanted = {"contract", "contract_turn", "obligation"}
    assert not wanted & reasons_of(cast)
    contract = contracts.active(client, cast.manager, ends_on=today + timedelta(days=20))
    contracts.draft(client, cast.manager, state="returned", starts_on=today)
    contracts.obligation(contract, cast.manager, cast.sector, due=today - timedelta(days=1))
    assert wanted <= reasons_of(cast)
    contracts.active(client, cast.manager, ends_on=today + timedelta(days=300))
    assert "contract" not in reasons_of(cast)  # a later one follows


def test_the_report_of_ends_shows_what_ends_and_to_whom(cast, client):
    today = timezone.localdate()
    near = contracts.active(client, cast.manager, ends_on=today + timedelta(days=20))
    contracts.active(client, cast.manager, ends_on=today + timedelta(days=200))
    contracts.active(
        clients.client(cast.stranger), cast.stranger, ends_on=today + timedelta(days=2)
    )
    params = {"as_of": today, "days": 60}
    (row,) = report_named("contracts_expiring").rows(cast.department_head, params)
    assert (row["number"], row["days_left"]) == (near.number, 20)
    assert len(list(report_named("contracts_expiring").rows(cast.director, params))) == 2


def test_the_report_of_contracts_being_signed_shows_each_until_its_second_signature(cast, client):
    draft = contracts.draft(client, cast.manager)
    signing = contracts.draft(client, cast.manager, kind="marketing", state="approved")
    contracts.active(client, cast.manager)
    contracts.draft(client, cast.manager, state="cancelled", end_reason="Передумали")
    contracts.draft(clients.client(cast.stranger), cast.stranger)
    Contract.objects.filter(pk=signing.pk).update(created_at=timezone.now() - timedelta(days=9))
    report = report_named("contracts_unsigned")
    rows = [(row["number"], row["days"]) for row in report.rows(cast.department_head, {})]
    assert rows == [(signing.number, 9), (draft.number, 0)]
    assert len(list(report.rows(cast.director, {}))) == 3
    params = {"manager": cast.manager, "unit": cast.other_department}
    assert list(report.rows(cast.director, params)) == []
