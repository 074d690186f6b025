"""Paging by the last row seen against the plain order of the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from crm.lists import cursor_at
from crm.lists.keyset import BadCursor, Keyset
from tests.lists.declared import CLIENTS, rows

PATHS = {
    "name": "sort_key",
    "category": "category",
    "manager": "manager__sort_key",
    "potential_monthly": "potential_monthly",
    "last_contact_at": "last_contact_at",
}
DETAILED = replace(CLIENTS, details=lambda found: found.select_related("manager"))
MOST = 14
MOMENTS = [None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 10, 30, 1, 5, tzinfo=UTC)]

row_values = st.tuples(
    st.sampled_from(["ё", "а", "я"]),
    st.sampled_from([None, "A", "B"]),
    st.sampled_from([None, "manager", "manager2"]),
    st.sampled_from([Decimal(0), Decimal("0.10"), Decimal("999999999.99")]),
    st.sampled_from(MOMENTS),
)
sorts = st.lists(st.sampled_from(sorted(PATHS)), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.sampled_from([name, f"-{name}"]) for name in names))
)


def make_clients(values, cast):
    Client.objects.bulk_create(
        Client(
            code=f"K{number}",
            name=name,
            sort_key=name,
            category=category,
            category_since=date(2026, 1, 1) if category else None,
            manager=getattr(cast, manager) if manager else None,
            potential_monthly=potential,
            last_contact_at=moment,
        )
        for number, (name, category, manager, potential, moment) in enumerate(values)
    )


def plain_order(sort):
    """The order as PostgreSQL gives it to one statement, unknown values last."""
    terms = []
    for key in sort:
        path = F(PATHS[key.lstrip("-")])
        terms.append(
            path.desc(nulls_last=True) if key.startswith("-") else path.asc(nulls_last=True)
        )
    terms.append("-pk" if sort[-1].startswith("-") else "pk")
    return list(Client.objects.order_by(*terms).values_list("pk", flat=True))


def walk_forwards(spec, sort, size):
    keyset = Keyset(spec, ",".join(sort), Client.objects.all() if spec.details else rows())
    found = page = keyset.rows(size)
    while len(page) == size and len(found) <= MOST:
        values, _position = keyset.unsign(keyset.sign(page[-1], 0))
        page = keyset.rows(size, values)
        found = found + page
    return [row.pk for row in found]


def walk_backwards(spec, sort, size):
    keyset = Keyset(spec, ",".join(sort), Client.objects.all() if spec.details else rows())
    found = page = keyset.rows_backwards(size)
    while len(page) == size and len(found) <= MOST:
        values, _position = keyset.unsign(keyset.sign(page[0], 0))
        page = keyset.rows_backwards(size, values)
        found = page + found
    return [row.pk for row in found]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(row_values, max_size=MOST), sort=sorts, size=st.integers(1, 5))
def test_pages_both_ways_are_the_plain_order_with_ties_and_unknown_values(cast, values, sort, size):
    with transaction.atomic():
        make_clients(values, cast)
        expected = plain_order(sort)
        for spec in (CLIENTS, DETAILED):
            assert walk_forwards(spec, sort, size) == expected
            assert walk_backwards(spec, sort, size) == expected
        transaction.set_rollback(True)


def test_an_expression_is_sorted_by_and_not_asked_for_whether_it_is_known(cast):
    make_clients([("а", None, None, Decimal(1), moment) for moment in MOMENTS * 2], cast)
    later = ExpressionWrapper(F("last_contact_at") + timedelta(1), output_field=DateTimeField())
    columns = [
        replace(column, sort="later") if column.name == "last_contact_at" else column
        for column in CLIENTS.columns
    ]
    spec = replace(CLIENTS, columns=columns)
    for sort in (["last_contact_at"], ["-last_contact_at"]):
        keyset = Keyset(spec, sort[0], Client.objects.annotate(later=later))
        with CaptureQueriesContext(connection) as asked:
            found = page = keyset.rows(4)
        assert len(asked) == 1
        assert "IS NULL" not in asked[0]["sql"]
        while len(page) == 4:
            page = keyset.rows(4, keyset.unsign(keyset.sign(page[-1], 0))[0])
            found = found + page
        assert [row.pk for row in found] == plain_order(sort)


def test_no_page_of_a_list_is_found_by_counting_rows_off(
    cast, client, django_assert_max_num_queries, settings
):
    settings.ROOT_URLCONF = "tests.lists.declared"
    make_clients([("а", "A", None, Decimal(1), None)] * 60, cast)
    client.force_login(cast.director)
    last = Client.objects.count() - 25
    cursor = cursor_at(CLIENTS, rows(), last)
    with django_assert_max_num_queries(12) as queries:
        answer = client.get("/declared/clients/", {"after": cursor, "size": 25})
    assert answer.status_code == 200
    assert answer.context["list"].window.start == last
    assert not [q["sql"] for q in queries.captured_queries if "OFFSET" in q["sql"]]


@pytest.mark.parametrize("sort", ["name", "-name", "-last_contact_at", "last_contact_at"])
def test_a_deep_page_is_a_range_of_an_index_without_sorting(cast, sort):
    make_clients([("а", None, None, Decimal(n), MOMENTS[n % 3]) for n in range(90)], cast)
    keyset = Keyset(CLIENTS, sort, Client.objects.all())
    values, _position = keyset.unsign(cursor_at(CLIENTS, Client.objects.all(), 30, sort=sort))
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
    with CaptureQueriesContext(connection) as queries:
        assert len(keyset.rows(10, values)) == 10
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (ROW(" in plan
    assert "Sort" not in plan


def test_a_cursor_of_another_order_or_another_list_is_refused(cast):
    make_clients([("а", None, None, Decimal(n), None) for n in range(5)], cast)
    keyset = Keyset(CLIENTS, "name", rows())
    foreign = Keyset(CLIENTS, "-name", rows()).sign(keyset.rows(1)[0], 1)
    for cursor in (foreign, foreign[:-1], "", "e30", "x:y", "\x00:\x00", "é" * 50, "[1]:2"):
        with pytest.raises(BadCursor):
            keyset.unsign(cursor)


def test_sort_values_of_linked_records_come_with_the_rows(cast, django_assert_num_queries):
    make_clients([("а", None, "manager", Decimal(n), None) for n in range(5)], cast)
    keyset = Keyset(CLIENTS, "manager", Client.objects.all())
    with django_assert_num_queries(1):
        keyset.sign(keyset.rows(3)[-1], 3)


def test_details_come_by_the_ids_of_the_page_in_one_query_more(cast, django_assert_num_queries):
    make_clients([("а", None, "manager", Decimal(n), None) for n in range(5)], cast)
    keyset = Keyset(DETAILED, "manager", Client.objects.filter(potential_monthly__gte=1))
    with django_assert_num_queries(2):
        found = keyset.rows(3)
        assert {row.manager.short_name for row in found} == {cast.manager.short_name}
        keyset.sign(found[-1], 3)
    assert [row.potential_monthly for row in found] == [1, 2, 3]


def test_deferred_columns_are_not_read_one_by_one(cast, django_assert_num_queries):
    make_clients([("а", None, None, Decimal(n), None) for n in range(5)], cast)
    keyset = Keyset(CLIENTS, "name", Client.objects.only("code"))
    with django_assert_num_queries(1):
        keyset.sign(keyset.rows(3)[-1], 3)
