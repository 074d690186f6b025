"""COPY stores what save would store, with the history and its author."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, ContactLog, ContactTopic
from crm.copying import copy_records, copy_values, take_ids
from crm.history import verb

TRICKY = ["\\", "\\N", "\t", "a\nb", "\r", '"', "{}", "'", "NULL", "ё «», 🙂", ""]


@pytest.mark.parametrize("text", TRICKY)
def test_text_arrives_as_it_is(db, text):
    copy_records([Client(code="X", name=text or "x", specifics=text, tags=[text, "b"])])
    client = Client.objects.get()
    assert (client.name, client.specifics, client.tags) == (text or "x", text, [text, "b"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50))
def test_any_text_arrives_as_it_is(db, text):
    pk = copy_records(
        [ContactTopic(code=f"c{take_ids(ContactTopic, 1)[0]}", name_ru=text, name_en="")]
    )[0]
    assert ContactTopic.objects.get(pk=pk).name_ru == text


def test_nulls_numbers_days_and_moments(db, manager):
    now = timezone.now()
    client = Client(
        code="X", name="x", category="A", category_since=date(2026, 11, 23), manager=manager
    )
    copy_records([client])
    stored = Client.objects.get()
    assert (stored.category_since, stored.manager, stored.parent) == (
        date(2026, 11, 23),
        manager,
        None,
    )
    assert stored.potential_monthly == 0
    assert stored.created_at >= now
    assert client.pk == stored.pk


def test_values_without_records(db, manager):
    now = timezone.now()
    names = ("manager_id", "done_at", "external_id", "summary", "resolved", "duration_seconds")
    from clients.models import ContactResult

    result = ContactResult.objects.get(code="order")
    rows = [(manager.pk, now, f"X{n}", "a\tb", n == 1, None) for n in range(3)]
    ids = copy_values(ContactLog, names, rows, kind="call", state="done", result_id=result.pk)
    assert ids == sorted(ids)
    stored = list(ContactLog.objects.order_by("external_id"))
    assert [row.resolved for row in stored] == [False, True, False]
    assert {row.summary for row in stored} == {"a\tb"}
    assert {row.done_at for row in stored} == {now}
    assert {row.version for row in stored} == {1}


def test_the_history_has_the_rows_and_their_author(db, manager):
    with verb("import.applied", by=manager):
        copy_records([Client(code=f"X{n}", name="x") for n in range(3)])
    events = [client.events.get() for client in Client.objects.all()]
    assert {event.pgh_context["user"] for event in events} == {manager.pk}
    assert {event.pgh_label for event in events} == {"insert"}


def test_nothing_is_copied_from_nothing(db):
    assert copy_records([]) == []
    assert copy_values(ContactLog, ("kind",), []) == []
