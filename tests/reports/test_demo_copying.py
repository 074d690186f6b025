"""The rows of the demo are copied in a thread: in their order, and no failure is lost."""

import psycopg2
import pytest

from clients.models import ContactTopic
from crm.history import verb
from reports.demo.copying import Bulk

NAMES = ("id", "code", "name_ru", "name_en")


def topics(bulk, *codes):
    ids = bulk.ids(ContactTopic, len(codes))
    rows = [(pk, code, "a\tb\\", "") for pk, code in zip(ids, codes, strict=True)]
    return bulk.copy(ContactTopic, NAMES, rows, order=7)


def test_other_statements_wait_for_what_is_copied(db):
    with verb("demo.filled", by=None), Bulk(block=2) as bulk:
        assert topics(bulk, "x1", "x2", "x3") == 3
        assert ContactTopic.objects.filter(code__startswith="x").count() == 3
        topics(bulk, "x4")
        bulk.say("UPDATE clients_contacttopic SET name_en = 'said' WHERE code LIKE 'x%'")
        topics(bulk, "x5")
    made = ContactTopic.objects.filter(code__startswith="x").order_by("pk")
    assert [topic.code for topic in made] == ["x1", "x2", "x3", "x4", "x5"]
    assert [topic.name_en for topic in made] == ["said"] * 4 + [""]
    assert {(topic.name_ru, topic.order) for topic in made} == {("a\tb\\", 7)}


def test_a_row_that_the_table_refuses_ends_the_filling(db):
    with pytest.raises(psycopg2.errors.UniqueViolation), Bulk(block=2) as bulk:
        topics(bulk, "same", "same")
