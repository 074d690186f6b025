"""Two at once: one form clicked twenty times, one INN + KPP, one card, one hand-over."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from clients.actions import assignments, clients, requisites
from clients.models import Client, ClientAssignment, ClientTransfer, Counterparty
from crm.errors import RuleViolation, StaleVersion
from tests.cast import assemble, fresh
from tests.factories import clients as factory

TODAY = factory.TODAY


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


def at_once(attempts):
    """Run all attempts together; returns results and errors in the order of the attempts."""
    barrier, found = threading.Barrier(len(attempts)), [None] * len(attempts)

    def run(place, attempt):
        try:
            barrier.wait(timeout=30)
            found[place] = attempt()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, attempt))
        for place, attempt in enumerate(attempts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def test_twenty_clicks_make_one_client_and_all_lead_to_it(cast):
    key, inn = uuid4(), factory.inn()

    def click():
        new = clients.NewClient(
            counterparty={"full_name": "ООО «Один»", "inn": inn, "kpp": "770101001"}
        )
        return clients.create_client(
            by=fresh(cast.manager), today=TODAY, key=key, new=new, name="Один", kind="legal"
        )

    found = at_once([click] * 20)
    assert {client.pk for client in found} == {Client.objects.get().pk}
    assert Counterparty.objects.count() == 1
    assert ClientAssignment.objects.count() == 1


def test_twenty_different_forms_with_one_inn_make_one_client(cast):
    inn = factory.inn()

    def add():
        new = clients.NewClient(
            counterparty={"full_name": "ООО «Один»", "inn": inn, "kpp": "770101001"}
        )
        return clients.create_client(
            by=fresh(cast.manager), today=TODAY, key=uuid4(), new=new, name="Один", kind="legal"
        )

    found = at_once([add] * 20)
    assert sum(isinstance(one, Client) for one in found) == 1
    assert all(isinstance(one, Client | RuleViolation) for one in found)
    assert Client.objects.count() == Counterparty.objects.count() == 1


def test_many_editors_lose_no_update(cast):
    client = factory.client(cast.manager)
    editors = [cast.manager, cast.sector_head, cast.department_head] * 4

    def edit(user, number):
        def attempt():
            seen = Client.objects.get(pk=client.pk)
            return clients.edit_client(
                client.pk, by=fresh(user), version=seen.version, today=TODAY, territory=str(number)
            )

        return attempt

    found = at_once([edit(user, number) for number, user in enumerate(editors)])
    done = [one for one in found if isinstance(one, Client)]
    assert all(isinstance(one, Client | StaleVersion) for one in found)
    client.refresh_from_db()
    assert client.version == 1 + len(done)


def test_two_hand_overs_at_once_leave_one_owner(cast):
    client = factory.client(cast.manager)

    def give(by, to):
        handover = assignments.Handover(to_manager_id=to.pk, on=TODAY, kind="other")
        return lambda: assignments.transfer_clients(
            by=fresh(by), handover=handover, today=TODAY, client_ids=[client.pk]
        )

    targets = [cast.manager2, cast.sector_head] * 3
    found = at_once([give(cast.department_head, to) for to in targets])
    assert all(isinstance(one, ClientTransfer | RuleViolation) for one in found), found
    client.refresh_from_db()
    (owner,) = ClientAssignment.objects.primary().on(TODAY).filter(client=client)
    assert owner.manager_id == client.manager_id


def test_an_edit_waits_for_the_lock_of_another(cast):
    """Watched in pg_locks: the second edit stands in the queue until the first one ends."""
    client = factory.client(cast.manager)
    waiting, result = threading.Event(), []

    def edit():
        try:
            waiting.set()
            clients.edit_client(
                client.pk, by=fresh(cast.sector_head), version=1, today=TODAY, territory="Второй"
            )
        except Exception as error:
            result.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        clients.edit_client(
            client.pk, by=fresh(cast.manager), version=1, today=TODAY, territory="Первый"
        )
        thread = threading.Thread(target=edit)
        thread.start()
        waiting.wait(timeout=30)
        assert somebody_waits(), "nobody waits for the row"
    thread.join(timeout=30)
    assert isinstance(result[0], StaleVersion)


def somebody_waits():
    """Whether another session waits for a lock that this one holds, within ten seconds."""
    with connection.cursor() as cursor:
        for _attempt in range(1000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return True
            cursor.execute("SELECT pg_sleep(0.01)")
    return False


def test_two_accounts_of_one_counterparty_leave_one_main(cast):
    counterparty = factory.counterparty(factory.client(cast.manager))
    other = factory.counterparty(counterparty.client)

    def main(row):
        return lambda: requisites.edit_counterparty(
            row.pk, by=fresh(cast.manager), version=row.version, is_main=True
        )

    at_once([main(counterparty), main(other)] * 3)
    assert Counterparty.objects.filter(is_main=True).count() == 1
