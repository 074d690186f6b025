"""Adding, versions, putting aside: what is kept, who may, and what a broken upload leaves."""

import hashlib
import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.files import actions, storage
from crm.files.actions import QuotaExceeded, add_file, bring_back, put_aside, replace_file
from crm.files.models import Attachment
from crm.imports.reading import Unreadable
from crm.work import invariants, registry
from crm.work.models import Setting
from tests.cast import fresh
from tests.factories import clients
from tests.files import samples

NOW = timezone.now()
TEXT = samples.docx()  # half the price of a PDF, which others keep


@pytest.fixture
def file(client_of_manager, manager):
    """A text of the manager's client."""
    return add_file(
        "client", client_of_manager.pk, by=manager, name="Договор № 5.docx", content=TEXT
    )


def on_disk(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def kept(file):
    with storage.open_file(file.key) as content:
        return content.read()


def violations():
    found = invariants.violations(NOW)
    return {name: rows for name, rows in found.items() if rows and "attachment" in name}


def test_a_file_is_kept_under_a_made_up_name_with_its_checksum(file, media, manager):
    assert file.name == "Договор № 5.docx"
    assert (file.number, file.is_latest, file.author) == (1, True, manager)
    assert on_disk(media) == [str(file.key)]
    content = kept(file)
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(content) == file.size
    assert (media / "tmp" / str(file.key)).stat().st_mode & 0o777 == 0o600


def test_the_same_bytes_again_are_the_file_that_is_there(file, media, manager):
    again = add_file("client", file.owner_id, by=manager, name="another.docx", content=TEXT)
    assert again == file
    assert on_disk(media) == [str(file.key)]


def test_a_new_version_takes_the_place_and_the_older_one_stays(file, manager):
    new = replace_file(file.pk, by=manager, name="Договор 5а.xlsx", content=samples.xlsx())
    file.refresh_from_db()
    assert (new.number, new.chain, new.is_latest) == (2, file.chain, True)
    assert not file.is_latest
    assert kept(file) == TEXT
    assert list(Attachment.objects.visible_to(manager).open()) == [new]


def test_of_two_new_versions_of_one_file_the_second_is_told(file, manager):
    replace_file(file.pk, by=manager, name="x.xlsx", content=samples.xlsx())
    with pytest.raises(StaleVersion):
        replace_file(file.pk, by=manager, name="x.png", content=samples.picture())


def test_the_same_bytes_are_no_new_version(file, media, manager):
    with pytest.raises(RuleViolation, match=r"\."):
        replace_file(file.pk, by=manager, name="x.docx", content=TEXT)
    assert on_disk(media) == [str(file.key)]


def test_putting_aside_needs_a_reason_deletes_nothing_and_can_be_taken_back(file, manager):
    with pytest.raises(RuleViolation):
        put_aside(file.pk, by=manager, reason="  ")
    put_aside(file.pk, by=manager, reason="Ошибка")
    assert not Attachment.objects.visible_to(manager).open()
    assert kept(file) == TEXT
    with pytest.raises(StaleVersion):
        replace_file(file.pk, by=manager, name="x.xlsx", content=samples.xlsx())
    bring_back(file.pk, by=manager)
    assert list(Attachment.objects.visible_to(manager).open()) == [file]


def test_every_write_is_in_the_history_with_its_verb(file, manager):
    new = replace_file(file.pk, by=manager, name="x.xlsx", content=samples.xlsx())
    put_aside(new.pk, by=manager, reason="Ошибка")
    events = Attachment.pgh_event_model.objects.order_by("pgh_id")
    verbs = [event.pgh_context["verb"] for event in events]
    assert verbs == ["file.added", "file.replaced", "file.put_aside"]
    assert {event.pgh_context["user"] for event in events} == {manager.pk}


@pytest.mark.parametrize(
    ("person", "sees", "adds"),
    [
        ("manager", True, True),
        ("manager2", False, False),
        ("sector_head", True, True),
        ("department_head", True, True),
        ("director", True, False),
        ("accountant", True, False),
        ("lawyer", True, False),
        ("marketer", False, False),  # sees the client without its papers
        ("logistics", False, False),
        ("admin", False, False),
        ("stranger", False, False),
        ("stranger_head", False, False),
    ],
)
def test_who_sees_the_client_sees_its_files_and_who_edits_it_adds(file, cast, person, sees, adds):
    person = fresh(getattr(cast, person))
    assert Attachment.objects.visible_to(person).filter(pk=file.pk).exists() is sees
    refusal = PermissionDenied if sees else Exception
    how = {"by": person, "name": "x.png", "content": samples.picture()}
    if adds:
        assert add_file("client", file.owner_id, **how).author == person
    else:
        with pytest.raises(refusal):
            add_file("client", file.owner_id, **how)
        with pytest.raises(refusal):
            put_aside(file.pk, by=person, reason="x")
        assert Attachment.objects.count() == 1


def test_the_files_of_an_archived_client_are_read_only(manager):
    client = clients.client(manager, archived=True)
    with pytest.raises(PermissionDenied):
        add_file("client", client.pk, by=manager, name="x.docx", content=TEXT)


def test_a_kind_of_record_that_nobody_declared_has_no_files(manager, file):
    with pytest.raises(Attachment.DoesNotExist):
        add_file("user", manager.pk, by=manager, name="x.docx", content=TEXT)
    Attachment.objects.filter(pk=file.pk).update(owner_kind="user", owner_id=manager.pk)
    assert not Attachment.objects.visible_to(manager)


def test_only_a_pdf_that_the_product_has_typeset_is_not_parsed(client_of_manager, manager):
    def add(name, content, **more):
        return add_file(
            "client", client_of_manager.pk, by=manager, name=name, content=content, **more
        )

    script = samples.pdf(samples.with_script)
    with pytest.raises(Unreadable):
        add("a.pdf", script)
    assert kept(add("a.pdf", script, is_typeset=True)) == script
    for name, content in (("b.docx", samples.docx()), ("b.pdf", samples.docx())):
        with pytest.raises(Unreadable):
            add(name, content, is_typeset=True)
    with pytest.raises(Unreadable):
        add("c.pdf", script + bytes(21 * samples.MB), is_typeset=True)


def limit(key, value):
    Setting.objects.create(key=key, value=value)
    registry.forget()


def test_a_person_uploads_so_much_a_day_and_no_more(client_of_manager, manager, media):
    limit("files.day_mb", 1)
    first = samples.pdf() + bytes(600_000)
    file = add_file("client", client_of_manager.pk, by=manager, name="a.pdf", content=first)
    with pytest.raises(QuotaExceeded):
        add_file("client", client_of_manager.pk, by=manager, name="b.pdf", content=first + b" ")
    assert on_disk(media) == [str(file.key)]
    yesterday = timezone.now() - timedelta(days=1)
    Attachment.objects.filter(pk=file.pk).update(created_at=yesterday)
    add_file("client", client_of_manager.pk, by=manager, name="b.pdf", content=first + b" ")


def test_a_record_has_so_much_room_whoever_fills_it(client_of_manager, manager, sector_head):
    limit("files.record_mb", 1)
    first = samples.pdf() + bytes(600_000)
    add_file("client", client_of_manager.pk, by=manager, name="a.pdf", content=first)
    with pytest.raises(QuotaExceeded):
        add_file("client", client_of_manager.pk, by=sector_head, name="b.pdf", content=first + b" ")


def test_a_full_disk_is_a_sentence_and_leaves_no_row(client_of_manager, manager, media):
    (media / "tmp").write_text("a file where the folder should be")
    with pytest.raises(RuleViolation):
        add_file("client", client_of_manager.pk, by=manager, name="x.docx", content=TEXT)
    assert not Attachment.objects.exists()


def test_the_file_moves_to_its_place_when_the_row_is_committed(
    client_of_manager, manager, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        file = add_file("client", client_of_manager.pk, by=manager, name="x.docx", content=TEXT)
    assert storage.settled_path(file.key).exists()
    assert not storage.waiting_path(file.key).exists()
    assert violations() == {}


def test_a_row_whose_file_was_not_moved_is_read_and_moved_by_the_sweeper(file):
    assert kept(file) == TEXT
    assert actions.sweep_files(today=NOW.date()) == 1
    assert storage.settled_path(file.key).exists()
    assert actions.sweep_files(today=NOW.date()) == 0


def test_a_file_without_a_row_is_swept_after_a_day_and_not_before(media, file):
    with pytest.raises(RuntimeError), transaction.atomic():
        _killed_upload(media)
    orphan = next(path for path in (media / "tmp").iterdir() if path.name != str(file.key))
    actions.sweep_files(today=NOW.date())
    assert orphan.exists()
    day_ago = time.time() - 25 * 3600
    os.utime(orphan, (day_ago, day_ago))
    assert actions.sweep_files(today=NOW.date()) == 1
    assert on_disk(media) == [str(file.key)]


def test_a_file_of_a_later_backup_is_laid_by_and_still_read(media, file):
    storage.settle(file.key)
    day_ago = time.time() - 25 * 3600
    os.utime(storage.settled_path(file.key), (day_ago, day_ago))
    Attachment.objects.filter(pk=file.pk).update(key=uuid4())
    assert actions.sweep_files(today=NOW.date()) == 1
    assert list(storage.settled_keys()) == []
    assert kept(file) == TEXT


def _killed_upload(media):
    storage.write_waiting(Attachment().key, b"x")
    raise RuntimeError


def test_the_invariants_miss_no_lost_changed_or_foreign_file(file, media):
    storage.settle(file.key)
    assert violations() == {}
    storage.settled_path(file.key).write_bytes(b"PK-changed")
    assert violations() == {"every attachment has its file": [f"file {file.pk}"]}
    storage.settled_path(file.key).unlink()
    assert violations() == {"every attachment has its file": [f"file {file.pk}"]}
    stray = Attachment().key
    storage.write_waiting(stray, b"x")
    storage.settle(stray)
    assert violations()["every file has its attachment"] == [str(stray)]
    Attachment.objects.filter(pk=file.pk).update(owner_id=999_999)
    assert violations()["every attachment has its record"] == [f"file {file.pk}"]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"put_aside_at": NOW}, "attachment_aside_has_reason"),
        ({"put_aside_reason": "x"}, "attachment_aside_has_reason"),
        ({"size": 0}, "attachment_has_size_and_number"),
        ({"format": "svg"}, "attachment_format_known"),
    ],
)
def test_the_table_refuses_nonsense(file, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(**change)


def test_a_chain_has_one_newest_version(file, manager):
    replace_file(file.pk, by=manager, name="x.xlsx", content=samples.xlsx())
    with pytest.raises(IntegrityError, match="attachment_one_latest"), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(is_latest=True)
