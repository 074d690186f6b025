"""Who sees which clients and what belongs to them (C.9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.models import (
    BankAccount,
    Client,
    ClientNeed,
    ClientTransfer,
    ContactPerson,
    Counterparty,
    Outlet,
)
from crm.accounts.models import Role
from tests.cast import everybody, fresh
from tests.factories import accounts, clients

OWN, SECOND, FOREIGN, NOBODYS = "own", "second", "foreign", "nobodys"
EVERYTHING = {OWN, SECOND, FOREIGN, NOBODYS}
SEES = {
    "manager": {OWN},
    "manager2": {SECOND},
    "sector_head": {OWN, SECOND},
    "department_head": {OWN, SECOND},
    "director": EVERYTHING,
    "general_director": EVERYTHING,
    "accountant": EVERYTHING,
    "lawyer": EVERYTHING,
    "marketer": EVERYTHING,
    "logistics": EVERYTHING,
    "purchasing": set(),
    "merchandiser": set(),
    "admin": set(),
    "stranger": {FOREIGN},
    "stranger_head": {FOREIGN},
}
LIMITED = {"marketer", "logistics"}


@pytest.fixture
def base(cast):
    """A client of each owner, with everything that belongs to a client."""
    owners = {OWN: cast.manager, SECOND: cast.manager2, FOREIGN: cast.stranger, NOBODYS: None}
    for name, owner in owners.items():
        made = clients.client(owner, name=name)
        clients.person(made, full_name=name)
        clients.outlet(made, name=name)
        clients.need(made, author=cast.manager, subject=name)
        clients.account(clients.counterparty(made, full_name=name))
    return cast


def test_everybody_of_the_cast_has_a_line(cast):
    assert set(SEES) == set(everybody(cast))


@pytest.mark.parametrize("who", sorted(SEES))
def test_clients_and_outlets_are_seen_by_scope(base, who):
    user = getattr(base, who)
    assert set(Client.objects.visible_to(user).values_list("name", flat=True)) == SEES[who]
    assert set(Outlet.objects.visible_to(user).values_list("name", flat=True)) == SEES[who]


@pytest.mark.parametrize("who", sorted(SEES))
def test_people_needs_and_requisites_are_closed_to_the_limited_roles(base, who):
    user = getattr(base, who)
    expected = set() if who in LIMITED else SEES[who]
    seen = {
        "people": ContactPerson.objects.visible_to(user).values_list("full_name", flat=True),
        "needs": ClientNeed.objects.visible_to(user).values_list("subject", flat=True),
        "requisites": Counterparty.objects.visible_to(user).values_list("full_name", flat=True),
        "accounts": BankAccount.objects.visible_to(user).values_list(
            "counterparty__full_name", flat=True
        ),
    }
    for name, values in seen.items():
        assert set(values) == expected, name


def test_a_switched_off_person_sees_nothing(base):
    base.director.is_active = False
    base.director.save(update_fields=["is_active"])
    assert not Client.objects.visible_to(fresh(base.director)).exists()


def test_an_unknown_role_sees_nothing(base):
    base.manager.role = "owner_of_everything"
    base.manager.save(update_fields=["role"])
    assert not Client.objects.visible_to(fresh(base.manager)).exists()


def test_a_head_without_a_unit_sees_the_own_clients_only(base):
    lonely = accounts.user(role=Role.DEPARTMENT_HEAD)
    clients.client(lonely, name="lonely", org_unit=None)
    assert [c.name for c in Client.objects.visible_to(lonely)] == ["lonely"]


def test_a_substitute_sees_the_clients_of_the_absent_person_on_those_days_only(base):
    today = timezone.localdate()
    accounts.delegation(
        base.stranger, base.manager, first=today, last=today + timedelta(days=1), by=base.director
    )
    names = Client.objects.visible_to(fresh(base.manager)).values_list("name", flat=True)
    assert set(names) == {OWN, FOREIGN}


def test_hand_overs_are_seen_by_those_whose_people_they_touch(base):
    ClientTransfer.objects.create(
        kind="other",
        from_manager=base.manager,
        to_manager=base.manager2,
        takes_effect_on=timezone.localdate(),
        created_by=base.sector_head,
    )
    seen = {
        name
        for name, user in everybody(base).items()
        if ClientTransfer.objects.visible_to(user).exists()
    }
    assert seen == {
        *("manager", "manager2", "sector_head", "department_head"),
        *("director", "general_director", "accountant", "lawyer"),
    }
