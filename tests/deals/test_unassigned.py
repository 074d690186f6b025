"""Documents without a client: who sees them, and what happens when a client is named."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from crm.work import invariants
from deals.actions.assigning import assign_documents
from deals.models import Allocation, Invoice, Shipment
from tests.cast import everybody, signed_in
from tests.factories import clients, deals

D = Decimal
LIST = reverse("deals:unassigned_list")


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, name="ООО «Ромашка»", category="A")


def waiting(amount="1000.00", text="Ромашка рознь", **more):
    kind = "return" if amount.startswith("-") else "sale"
    document = deals.unassigned("1", client_text=text, **more)
    Shipment.objects.filter(pk=document.pk).delete()
    document.pk, document.kind, document.amount = None, kind, D(amount)
    document.save(force_insert=True)
    return document


def test_naming_the_client_makes_the_debt_of_the_day(client, accountant):
    document = waiting(on=date(2026, 9, 16))
    made = assign_documents(document.pk, client_id=client.pk, by=accountant, version=1)
    assert made == 1
    document.refresh_from_db()
    assert (document.client, document.manager, document.org_unit) == (
        client,
        client.manager,
        client.org_unit,
    )
    assert document.invoice.due_on == date(2026, 11, 2)
    assert document.version == 2


def test_all_documents_of_one_text_go_to_the_client_together(client, accountant):
    first, credit, other = waiting("100.00"), waiting("-30.00"), waiting(text="Другой")
    made = assign_documents(first.pk, client_id=client.pk, by=accountant, version=1, same_text=True)
    assert made == 2
    assert Invoice.objects.get().open_amount == D("70.00")
    assert Allocation.objects.get().credit == credit
    other.refresh_from_db()
    assert other.client is None
    found = invariants.violations(timezone.now())
    assert found["a posted sale has its invoice"] == []


def test_an_empty_text_joins_nothing(client, accountant):
    first, second = waiting(text=""), waiting(text="")
    assign_documents(first.pk, client_id=client.pk, by=accountant, version=1, same_text=True)
    second.refresh_from_db()
    assert second.client is None


def test_a_document_gets_its_client_once(client, accountant, director):
    document = waiting()
    with pytest.raises(PermissionDenied):
        assign_documents(document.pk, client_id=client.pk, by=director, version=1)
    with pytest.raises(RuleViolation):
        assign_documents(document.pk, client_id=client.pk, by=accountant, version=2)
    assign_documents(document.pk, client_id=client.pk, by=accountant, version=1)
    with pytest.raises(RuleViolation):
        assign_documents(document.pk, client_id=client.pk, by=accountant, version=2)


def test_those_who_see_all_money_see_the_list_and_the_accounting_assigns(cast):
    document = waiting()
    seen, may = set(), set()
    for name, person in everybody(cast).items():
        answer = signed_in(person).get(LIST)
        if answer.status_code == 200:
            seen.add(name)
            assert document.number in answer.content.decode()
            if reverse("deals:shipment_assign", args=[document.pk]) in answer.content.decode():
                may.add(name)
    assert seen == {"director", "general_director", "accountant", "lawyer"}
    assert may == {"accountant"}


def test_the_dialog_finds_the_client_by_name_and_offers_the_others(client, accountant):
    document, _other = waiting(), waiting("5.00")
    page = signed_in(accountant)
    address = reverse("deals:shipment_assign", args=[document.pk])
    assert "same_text" in page.get(address).content.decode()
    wrong = page.post(address, {"client": "Никто", "version": 1}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    values = {"client": "ромашка", "version": 1, "same_text": "on"}
    done = page.post(address, values, headers={"HX-Request": "true"})
    assert done.status_code == 204
    assert not Shipment.objects.unassigned().exists()
    assert page.get(address).status_code == 404
