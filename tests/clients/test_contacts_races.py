"""One form, one contact: doubled clicks, broken connections and several tabs (G-RL7)."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, connections

from clients.actions.contacts import NextContact, Talk, log_contact
from clients.models import Client, ContactLog, ContactState
from crm.errors import RuleViolation
from tests.cast import assemble, signed_in
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.factories.contacts import NOW

TIMES = 20
URL = "/clients/contacts/log/"


def form(client, **more):
    return {
        "key": str(uuid4()), "client_id": client.pk, "place": "dialog", "kind": "call_out",
        "result": have.result().pk, "next": "pick", "pick_on": "2099-01-01", **more,
    }  # fmt: skip


def all_at_once(work):
    """Run `work` in many threads that start together; returns what each answered."""
    answers, barrier = [], threading.Barrier(TIMES)

    def one():
        try:
            barrier.wait()
            answers.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def company(committed_db):
    return assemble()


def test_one_form_posted_twenty_times_at_once_is_one_contact(company):
    client = make.client(company.manager)
    data = form(client, next="none")
    answers = all_at_once(
        lambda: signed_in(company.manager).post(URL, data, headers={"HX-Request": "true"})
    )
    assert [answer.status_code for answer in answers] == [204] * TIMES
    assert ContactLog.objects.count() == 1


def test_a_plan_closed_twenty_times_at_once_is_done_once(company):
    client = make.client(company.manager)
    plan = have.planned(client, company.manager, "2026-01-12")
    data = form(client, next="none", closes=plan.pk)
    answers = all_at_once(
        lambda: signed_in(company.manager).post(URL, data, headers={"HX-Request": "true"})
    )
    assert [answer.status_code for answer in answers] == [204] * TIMES
    assert list(ContactLog.objects.values_list("pk", "state")) == [(plan.pk, ContactState.DONE)]


def test_two_forms_are_two_contacts(company):
    client = make.client(company.manager)
    all_at_once(lambda: signed_in(company.manager).post(URL, form(client, next="none")))
    assert ContactLog.objects.count() == TIMES


def test_a_form_used_for_one_client_does_not_store_another(cast):
    first, second, key = make.client(cast.manager), make.client(cast.manager), uuid4()
    talk = Talk(kind="call", result_id=have.result().pk)
    log_contact(first.pk, by=cast.manager, talk=talk, now=NOW, key=key)
    saved = log_contact(second.pk, by=cast.manager, talk=talk, now=NOW, key=key)
    assert saved.client == first
    assert ContactLog.objects.count() == 1


def test_the_key_of_another_person_is_refused(cast):
    client, key = make.client(cast.manager), uuid4()
    talk = Talk(kind="call", result_id=have.result().pk)
    log_contact(client.pk, by=cast.manager, talk=talk, now=NOW, key=key)
    with pytest.raises(RuleViolation):
        log_contact(client.pk, by=cast.sector_head, talk=talk, now=NOW, key=key)


def test_a_contact_waits_for_the_lock_of_its_client(company):
    client = make.client(company.manager)
    talk = Talk(kind="call", result_id=have.result().pk)
    plan = NextContact(on=date(2026, 11, 26), kind="call")
    stored = threading.Event()

    def log():
        try:
            log_contact(client.pk, by=company.manager, talk=talk, now=NOW, next_contact=plan)
            stored.set()
        finally:
            connections.close_all()

    from django.db import transaction

    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        thread = threading.Thread(target=log)
        thread.start()
        waiting = wait_for_a_waiting_query()
        assert waiting.startswith('SELECT "clients_client"'), "it locks before it writes"
        assert not stored.is_set()
    thread.join()
    assert stored.is_set()


def wait_for_a_waiting_query():
    """The statement of whoever waits for a lock: PostgreSQL says so."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the first answer is kept
            cursor.execute(
                "SELECT query FROM pg_stat_activity JOIN pg_locks USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            found = cursor.fetchone()
            if found:
                return found[0]
            cursor.execute("SELECT pg_sleep(0.01)")
    pytest.fail("nobody waits for the lock")
