"""Who logs, sees and attaches contacts, also as a substitute (C.9, DELEG-1)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions import contact_changes as change
from clients.models import Client, ContactLog
from crm.errors import RuleViolation
from tests.cast import everybody, fresh
from tests.clients.test_contacts import NEXT, log
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories import contacts as have


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


LOGGERS = {"manager", "sector_head", "department_head", "director"}
BLIND = {
    "manager2", "stranger", "stranger_head", "purchasing", "merchandiser", "admin",
}  # fmt: skip


def test_who_logs_contacts(cast, client):
    allowed, not_found, refused = set(), set(), set()
    for name, person in everybody(cast).items():
        try:
            log(client, person)
            allowed.add(name)
        except Client.DoesNotExist:
            not_found.add(name)
        except PermissionDenied:
            refused.add(name)
    assert allowed == LOGGERS
    assert not_found == BLIND
    assert refused == {"general_director", "accountant", "lawyer", "marketer", "logistics"}


def test_a_substitute_logs_on_behalf_of_the_absent_manager(cast, client):
    accounts.delegation(cast.manager, cast.manager2, first="2020-01-01", last="2099-01-01")
    contact = log(client, fresh(cast.manager2), next_contact=NEXT)
    assert (contact.manager, contact.on_behalf_of) == (cast.manager2, cast.manager)
    assert contact.successor.manager == cast.manager, "the plan belongs to the client's manager"
    event = contact.events.latest("pgh_id")
    facts = event.pgh_context
    assert (facts["verb"], facts["user"], facts["on_behalf_of"]) == (
        "contact.logged", cast.manager2.pk, cast.manager.pk,
    )  # fmt: skip


def test_an_accountant_who_substitutes_a_manager_logs_for_that_manager_only(cast, client):
    accounts.delegation(cast.manager, cast.accountant, first="2020-01-01", last="2099-01-01")
    accountant = fresh(cast.accountant)
    assert log(client, accountant).on_behalf_of == cast.manager
    with pytest.raises(PermissionDenied):
        log(make.client(cast.manager2), accountant)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("manager", True), ("manager2", False), ("sector_head", True), ("department_head", True),
        ("director", True), ("accountant", True), ("lawyer", True), ("marketer", False),
        ("logistics", False), ("admin", False), ("stranger", False), ("stranger_head", False),
    ],
)  # fmt: skip
def test_who_sees_contacts(cast, client, name, sees):
    contact = have.done(client, cast.manager)
    assert ContactLog.objects.visible_to(getattr(cast, name)).filter(pk=contact.pk).exists() == sees


def test_a_contact_without_a_client_is_seen_by_who_made_it_and_the_heads(cast):
    have.done(None, cast.manager, external_id="call-1")
    seen = {
        name
        for name, person in everybody(cast).items()
        if ContactLog.objects.visible_to(person).exists()
    }
    assert seen == {
        "manager", "sector_head", "department_head", "director", "general_director",
        "accountant", "lawyer",
    }  # fmt: skip


def test_an_imported_contact_is_attached_to_a_client(cast, client):
    contact = have.done(None, cast.manager, external_id="call-1")
    change.attach_contact(contact.pk, client_id=client.pk, by=cast.manager, version=1)
    client.refresh_from_db()
    assert client.last_contact_at == contact.done_at
    other = have.done(None, cast.manager, external_id="call-2")
    alien = make.client(cast.stranger)
    with pytest.raises(Client.DoesNotExist):
        change.attach_contact(other.pk, client_id=alien.pk, by=cast.manager, version=1)


def test_a_promise_is_settled_and_opened_again(cast, client):
    contact = have.done(
        client, cast.manager, promise_amount=Decimal("10"), promise_on=date(2026, 11, 20)
    )
    change.settle_promise(contact.pk, by=cast.manager, version=1, kept=True)
    change.settle_promise(contact.pk, by=cast.manager, version=2, kept=None)
    contact.refresh_from_db()
    assert contact.promise_kept is None
    with pytest.raises(RuleViolation):
        change.settle_promise(have.done(client, cast.manager).pk, by=cast.manager, version=1,
                              kept=True)  # fmt: skip
