"""What the database refuses by itself, past the actions, by the name of the constraint."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import (
    BankAccount,
    CategoryAssignment,
    Client,
    ClientAssignment,
    ClientNeed,
    ClientSearch,
    ClientTransfer,
    ContactPerson,
    Counterparty,
)
from tests.factories import clients

DAY = clients.TODAY


def refused(write):
    """The name of the constraint that refuses the write."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return refusal.value.__cause__.diag.constraint_name


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def change(row, **values):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("client_potential_not_negative", {"potential_monthly": -1}),
        ("client_category_has_date", {"category": "A", "category_since": None}),
        ("client_category_has_date", {"category": None}),
        ("client_archived_has_moment", {"status": "archived"}),
        ("client_archived_has_moment", {"archived_at": timezone.now()}),
    ],
)
def test_clients(client, name, values):
    assert refused(change(client, **values)) == name


def test_a_chain_has_no_parent_and_nobody_is_the_own_parent(client, cast):
    other = clients.client(cast.manager)
    assert refused(change(client, parent=client)) == "client_not_own_parent"
    assert refused(change(client, parent=other, kind="chain")) == "client_chain_has_no_parent"


def test_codes_and_external_ids_exist_once(client, cast):
    other = clients.client(cast.manager, external_id="1C-1")
    assert refused(change(client, code=other.code)) == "clients_client_code_key"
    assert refused(change(client, external_id="1C-1")) == "client_external_id_once"
    change(client, external_id="")()


def test_two_owners_on_one_day_cannot_exist(client, cast):
    def second(**dates):
        return lambda: ClientAssignment.objects.create(
            client=client, manager=cast.manager2, **dates
        )

    name = "assignment_one_owner_per_day"
    assert refused(second(valid_from=DAY)) == name
    assert refused(second(valid_from=clients.SINCE, valid_to=DAY)) == name
    ClientAssignment.objects.filter(client=client).update(valid_to=DAY)
    assert refused(second(valid_from=DAY - timedelta(days=1))) == name
    second(valid_from=DAY)()  # the last day of a range is outside of it
    owners = ClientAssignment.objects.primary().on(DAY).filter(client=client)
    assert [row.manager for row in owners] == [cast.manager2]


def test_a_backup_stands_beside_the_owner(client, cast):
    ClientAssignment.objects.create(
        client=client, manager=cast.manager2, role="backup", valid_from=DAY
    )


def test_an_assignment_ends_after_its_start(client):
    row = ClientAssignment.objects.get(client=client)
    day = row.valid_from - timedelta(days=1)
    # An empty range is a decision replaced on the same day; a reversed one is no range at all.
    with pytest.raises(Exception, match=r"range lower bound|assignment_ends_after_start"):
        with transaction.atomic():
            change(row, valid_to=day)()


def test_inn_and_kpp_exist_once_archived_or_not(client):
    known = clients.counterparty(client, archived_at=timezone.now())
    other = clients.counterparty(client, kpp="770143001")
    assert refused(change(other, inn=known.inn, kpp=known.kpp)) == "counterparty_inn_kpp_once"


def test_two_counterparties_without_inn_may_exist(client):
    for _each in range(2):
        Counterparty.objects.create(client=client, full_name="Без ИНН", is_main=False)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("counterparty_inn_digits", {"inn": "123"}),
        ("counterparty_inn_digits", {"inn": "770708389a"}),
        ("counterparty_kpp_of_legal_entity", {"inn": "500100732259"}),
        ("counterparty_kpp_of_legal_entity", {"inn": ""}),
    ],
)
def test_counterparties(client, name, values):
    counterparty = clients.counterparty(client)
    assert refused(change(counterparty, **values)) == name


def test_one_main_counterparty_and_one_main_account(client):
    first, second = clients.counterparty(client), clients.counterparty(client)
    assert refused(change(second, is_main=True)) == "counterparty_one_main_per_client"
    _main, other = clients.account(first), clients.account(first)
    assert refused(change(other, is_main=True)) == "bank_account_one_main"


def test_accounts_are_digits_and_exist_once(client):
    counterparty = clients.counterparty(client)
    first, second = clients.account(counterparty), clients.account(counterparty)
    assert refused(change(first, account="4070281000000000000x")) == "bank_account_digits"
    assert refused(change(first, bic="12")) == "bank_account_digits"
    assert refused(change(second, account=first.account)) == "bank_account_once"


def test_influence_and_level_are_one_to_five(client, cast):
    person, need = clients.person(client), clients.need(client)
    for value in (0, 6):
        assert refused(change(person, influence=value)) == "person_influence_1_to_5"
        assert refused(change(need, level=value)) == "need_level_1_to_5"


def test_a_hand_over_goes_to_another_person_and_is_undone_by_somebody(cast):
    values = {"kind": "other", "takes_effect_on": DAY, "created_by": cast.director}

    def make(**more):
        return lambda: ClientTransfer.objects.create(to_manager=cast.manager, **values, **more)

    assert refused(make(from_manager=cast.manager)) == "transfer_to_another_person"
    assert refused(make(undone_at=timezone.now())) == "transfer_undone_by_somebody"


@pytest.mark.parametrize("model", [Client, ContactPerson, Counterparty, ClientNeed, BankAccount])
def test_every_write_leaves_a_history_row(client, cast, model):
    clients.account(clients.counterparty(client))
    clients.person(client)
    clients.need(client)
    row = model.objects.first()
    before = row.events.count()
    change(row, version=99)()
    assert row.events.count() == before + 1


def test_the_search_follows_people_and_requisites_however_they_are_written(client):
    def text():
        return ClientSearch.objects.get(client=client).text

    ContactPerson.objects.bulk_create(
        ContactPerson(client=client, full_name=f"П{n}", search_key=f"ключ{n}", phone="+79991112233")
        for n in range(2)
    )
    clients.counterparty(client, inn="7707083893")
    assert " ключ1 79991112233 " in text()
    assert "7707083893" in text()
    ContactPerson.objects.filter(client=client).update(archived_at=timezone.now())
    assert "ключ1" not in text()
    Counterparty.objects.filter(client=client).delete()
    assert "7707083893" not in text()
    change(client, search_key="новое имя", phone="+74950000000")()
    assert text().startswith(" новое имя ")
    assert " 74950000000 " in text()
    assert ClientSearch.objects.get(client=client).names == "новое имя"


def test_the_search_of_a_client_goes_with_it(client):
    ClientAssignment.objects.all().delete()
    CategoryAssignment.objects.all().delete()
    Client.objects.filter(pk=client.pk)._raw_delete("default")
    assert not ClientSearch.objects.exists()
