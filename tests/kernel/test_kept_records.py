"""Records made of rows of kept SQL are those that the ORM would give."""

from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from crm.accounts.querysets import names_of
from crm.sql import Statement, maker
from deals.models import Contract
from tests.factories import clients, contracts


def test_a_record_has_what_was_asked_for_and_reads_the_rest_when_wanted(cast):
    contract = contracts.active(clients.client(cast.manager), cast.manager)
    paths = ("id", "number", "client__id", "client__name", *names_of("client__manager"))
    rows = Contract.objects.filter(pk=contract.pk).annotate(total_rows=Value(7))
    paths += ("parent__id", "parent__number", "total_rows")
    (made,) = map(maker(Contract, paths), Statement.of(rows.values_list(*paths)).rows())
    with CaptureQueriesContext(connection) as caught:
        assert (made.pk, made.number, made.total_rows) == (contract.pk, contract.number, 7)
        assert (made.parent, made.parent_id) == (None, None)
        assert isinstance(made.client, Client)
        assert (made.client, made.client_id) == (contract.client, contract.client_id)
        assert made.client.name == contract.client.name
        assert str(made.client.manager) == str(cast.manager)
    assert not caught
    assert made.ends_on == contract.ends_on  # asked for by itself
