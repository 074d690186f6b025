"""A doubled click keeps one file, two new versions at once make one (G-RL7, G-RL9)."""

import threading

import pytest
from django.db import connections

from crm.errors import StaleVersion
from crm.files import actions, storage
from crm.files.actions import add_file, replace_file
from crm.files.models import Attachment
from tests.approvals.racing import race
from tests.cast import assemble, fresh
from tests.factories import clients
from tests.files import samples

TIMES = 6


@pytest.fixture
def owner(committed_db):
    cast = assemble()
    return cast, clients.client(cast.manager)


def uploads(owner, times=TIMES):
    cast, client = owner
    people = [fresh(cast.manager) for _ in range(times)]
    return [
        lambda by=by: add_file("client", client.pk, by=by, name="x.pdf", content=samples.pdf())
        for by in people
    ]


def test_one_file_sent_many_times_at_once_is_kept_once(owner, media):
    kept = race(*uploads(owner))
    assert {file.pk for file in kept} == {Attachment.objects.get().pk}
    assert [path.name for path in media.rglob("*") if path.is_file()] == [str(kept[0].key)]


def test_control_without_the_lock_a_doubled_click_keeps_two(owner, monkeypatch):
    """Both have looked for the same file before either writes its row."""
    both = threading.Barrier(2)
    monkeypatch.setattr(actions, "_lock_author", lambda by: None)
    monkeypatch.setattr(actions, "_check_quotas", lambda *facts: both.wait(timeout=20))
    race(*uploads(owner, times=2))
    assert Attachment.objects.count() == 2


def test_of_two_new_versions_at_once_one_is_told_that_it_is_late(owner):
    cast, client = owner
    how = {"by": cast.manager, "name": "x.pdf"}
    file = add_file("client", client.pk, content=samples.pdf(), **how)
    pictures = [samples.picture(size=(8, side)) for side in (5, 6)]
    people = [fresh(cast.manager), fresh(cast.sector_head)]
    results = race(
        *(
            lambda by=by, content=content: replace_file(
                file.pk, by=by, name="x.png", content=content
            )
            for by, content in zip(people, pictures, strict=True)
        )
    )
    assert sum(isinstance(result, StaleVersion) for result in results) == 1
    assert list(Attachment.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert len(list(storage.settled_keys())) == 2
    connections.close_all()
