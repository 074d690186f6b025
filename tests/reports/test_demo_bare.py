"""Large demos are written without indexes and by two processes: what comes is the same."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from clients.models import Client, ClientSearch, ContactPerson, ContactTopic, Counterparty
from crm.history import verb
from reports.demo.apart import apart
from reports.demo.bare import as_owner, bare, parts_of
from reports.demo.copying import Bulk
from reports.demo.fill import FIND
from tests.cast import assemble
from tests.factories import clients

TABLES = ["clients_client", "clients_clientevent", "clients_contactperson"]


@contextmanager
def taken_back():
    with as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def say(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def enabled(table, words):
    sql = "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ %s"
    return [letter for (letter,) in say(sql, table, words)]


def test_the_owner_takes_indexes_and_keys_away_and_they_come_back(committed_db):
    with taken_back():
        before = parts_of(TABLES)
        assert {part.kind for part in before} >= {"index", "key"}
        with bare(Client, ContactPerson, idle=("search_insert",)) as is_bare:
            assert is_bare
            left = parts_of(TABLES)
            assert all("::text[]" in part.definition for part in left), "few rows are in these"
            assert enabled("clients_client", "search_insert") == ["D"]
            assert enabled("clients_client", "insert_insert") == ["O"]
        assert parts_of(TABLES) == before
        assert enabled("clients_client", "search_insert") == ["O"]


def test_tables_without_rows_get_files_of_the_transaction_and_full_ones_keep_theirs(committed_db):
    def file(table):
        return say("SELECT pg_relation_filenode(%s::regclass)", table)

    with taken_back():
        clients.client(assemble().manager)
        say("SET CONSTRAINTS ALL IMMEDIATE")
        before = {table: file(table) for table in TABLES}
        with bare(Client, ContactPerson):
            kept = [table for table in TABLES if file(table) == before[table]]
        assert kept == ["clients_client", "clients_clientevent"]
        assert say("SELECT FROM pg_index WHERE indisclustered") == []


def test_who_is_not_the_owner_writes_with_everything_in_place(db):
    before = parts_of(TABLES)
    with bare(Client, ContactPerson, idle=("search_insert",)) as is_bare:
        assert not is_bare
        assert parts_of(TABLES) == before
        assert enabled("clients_client", "search_insert") == ["O"]


def test_a_row_without_its_record_is_refused_when_the_keys_come_back(committed_db):
    with as_owner():
        before = parts_of(TABLES)
        with pytest.raises(IntegrityError, match="clients_contactperson"), transaction.atomic():
            with verb("demo.filled", by=None), bare(ContactPerson):
                ContactPerson.objects.create(client_id=404, full_name="Никто")
        assert parts_of(TABLES) == before
        assert not ContactPerson.objects.exists()


def test_a_table_that_has_not_become_what_it_was_takes_everything_back(committed_db):
    with as_owner():
        before = parts_of(TABLES)
        with pytest.raises(RuntimeError, match="has not become"), transaction.atomic():
            with bare(ContactPerson):
                say("CREATE INDEX one_more ON clients_contactperson (full_name)")
        assert parts_of(TABLES) == before


def test_what_is_unique_may_stay(committed_db):
    with taken_back(), bare(Counterparty, ContactPerson, unique=False):
        kept = parts_of(["clients_counterparty", "clients_contactperson"])
        assert kept
        assert all("UNIQUE" in part.definition or "::text[]" in part.definition for part in kept)


def test_clients_are_found_by_what_the_triggers_would_have_written(committed_db):
    cast = assemble()
    one, other = clients.client(cast.manager), clients.client(cast.manager)
    for client in (one, other):
        clients.person(client)
        clients.counterparty(client)
    written = set(ClientSearch.objects.values_list("client", "names", "text"))
    assert len(written) == 2
    with taken_back():
        say("DELETE FROM clients_clientsearch")
        say(FIND)
        assert set(ClientSearch.objects.values_list("client", "names", "text")) == written


class Topics:
    """Makes a topic of each code."""

    def __init__(self, bulk):
        self.bulk, self.made = bulk, 0

    def use(self, bulk):
        self.bulk = bulk

    def write(self, codes):
        ids = self.bulk.ids(ContactTopic, len(codes))
        if "bad" in codes:
            raise ValueError("no such topic")
        rows = [(pk, code, code, "") for pk, code in zip(ids, codes, strict=True)]
        self.made += self.bulk.copy(
            ContactTopic, ("id", "code", "name_ru", "name_en"), rows, order=77
        )

    def result(self):
        return self.made

    def take(self, result):
        self.made = result


def test_another_process_makes_rows_of_the_same_transaction(committed_db):
    bulk = Bulk(block=2)
    maker, here = Topics(bulk), Topics(bulk)
    with taken_back(), verb("demo.filled", by=None):
        with apart(maker, bulk) as hand_over:
            here.write(["h1", "h2"])
            hand_over(["x1", "x2", "x3"])
            hand_over(["x4"])
        rows = ContactTopic.objects.filter(order=77)
        assert sorted(rows.values_list("code", flat=True)) == ["h1", "h2", "x1", "x2", "x3", "x4"]
        assert (maker.made, here.made) == (4, 2)
    assert not ContactTopic.objects.filter(order=77).exists()


def test_a_failure_of_the_other_process_ends_the_filling(committed_db):
    bulk = Bulk(block=2)
    with (
        taken_back(),
        verb("demo.filled", by=None),
        pytest.raises(RuntimeError, match="no such topic"),
        apart(Topics(bulk), bulk) as hand_over,
    ):
        hand_over(["bad"])
