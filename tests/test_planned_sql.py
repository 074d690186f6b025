"""SQL that the database plans once: the same answers, one plan for all values, few of them kept."""

import pytest
from django.db import connection, transaction
from django.db.models.functions import Upper

from clients.models import Client
from crm import sql
from crm.sql import Blank, ByIds, Planned, Statement
from tests.factories import clients

ONE = Blank()


def of_client():
    rows = Client.objects.filter(pk=ONE.expression).exclude(name__contains="100%")
    return Planned(Statement.of(rows.order_by().values_list("pk", "name")), ONE)


def kept():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, generic_plans, custom_plans FROM pg_prepared_statements "
            "WHERE name LIKE 'planned_%' ORDER BY prepare_time"
        )
        return cursor.fetchall()


def test_one_plan_answers_for_every_value(cast):
    first, second = clients.client(cast.manager, name="Первый"), clients.client(cast.manager)
    left_out = clients.client(cast.manager, name="Скидка 100% «сейчас»")
    planned, before = of_client(), len(kept())
    assert planned.rows(first.pk) == [(first.pk, "Первый")]
    assert planned.rows(second.pk) == [(second.pk, second.name)]
    assert planned.rows(left_out.pk) == []
    *_older, (_name, generic, custom) = kept()
    assert (len(kept()), generic, custom) == (before + 1, 3, 0)


def test_a_statement_that_failed_is_planned_again(cast):
    divided = Planned(Statement("SELECT 1 / %s::int", (ONE,)), ONE)
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        divided.rows(0)
    assert divided.rows(1) == [(1,)]


def test_no_more_than_so_many_are_kept(cast, monkeypatch):
    monkeypatch.setattr(sql, "MOST_PLANNED", 2)
    several = [Planned(Statement(f"SELECT {n}, %s::int", (ONE,)), ONE) for n in range(4)]
    for _round in range(2):
        assert [planned.rows(7) for planned in several] == [[(n, 7)] for n in range(4)]
    assert len(kept()) <= 2


def test_records_come_by_ids_in_their_order_with_links_and_annotations(
    cast, django_assert_num_queries
):
    own, lost = clients.client(cast.manager, name="Первый"), clients.client(None, name="Ничей")
    gone = clients.client(cast.manager, name="Скидка 100%")
    shown = Client.objects.select_related("manager").exclude(name__contains="100%")
    records = ByIds(shown.annotate(loud=Upper("name")).only("name", "manager__last_name"))
    for _time in range(2):  # planned, and as planned before
        with django_assert_num_queries(1):
            found = records.read([lost.pk, gone.pk, own.pk])
            told = [(row, row.loud, row.manager and row.manager.last_name) for row in found]
        assert told == [(lost, "НИЧЕЙ", None), (own, "ПЕРВЫЙ", cast.manager.last_name)]
    with django_assert_num_queries(1):
        assert own.phone == found[1].phone  # left out, and read when it is asked for
    with django_assert_num_queries(0):
        assert records.read([]) == []
