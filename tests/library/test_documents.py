"""Documents with versions, what is published does not change, acknowledged once (CR-08)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.library import actions, permissions, sheet, telling
from crm.library.actions import NewText
from crm.library.models import Acknowledgement, AudienceUnit, DocumentVersion, PolicyDocument
from crm.library.pages import OwnPanel, count_waiting
from crm.library.rendering import render_text
from crm.notices.models import Notice
from tests.cast import everybody, fresh, signed_in
from tests.factories import library

NOW, TODAY = library.NOW, library.TODAY


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def waiting(cast):
    return {name for name, one in everybody(cast).items() if count_waiting(one)}


def test_a_published_version_changes_neither_by_an_action_nor_past_it(cast):
    version = library.published(cast, roles=["manager"], units=[cast.sector])
    document = version.document
    for step in (
        lambda: actions.change_draft(
            version.pk, by=cast.admin, version=version.version, new=NewText("x", TODAY)
        ),
        lambda: actions.publish_version(
            version.pk, by=cast.admin, version=version.version, now=NOW
        ),
        lambda: actions.discard_draft(version.pk, by=cast.admin, version=version.version),
    ):
        with pytest.raises(RuleViolation):
            step()
    with pytest.raises(PermissionDenied):
        add_file("policy_version", version.pk, by=cast.admin, name="x.txt", content=b"text")
    rows = DocumentVersion.objects.filter(pk=version.pk)
    for write in (
        lambda: rows.update(text="Другое"),
        lambda: rows.update(state="draft"),
        rows.delete,
        lambda: AudienceUnit.objects.create(version=version, unit=cast.department),
        lambda: version.audience_units.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            write()
    second = library.corrected(version, cast.admin, "Исправлено")
    assert [(one.number, one.text) for one in document.versions.published()] == [
        (2, "Исправлено"),
        (1, version.text),
    ]
    assert set(second.document.versions.in_force(TODAY)) == {second}


def test_only_the_latest_version_in_force_is_acknowledged_once_and_as_it_was_shown(cast):
    version = library.published(cast, roles=["manager"])
    for digest in ("", "0" * 64):
        with pytest.raises(RuleViolation, match="отличается"):
            library.read(version, cast.manager, digest=digest)
    done = library.read(version, cast.manager)
    assert (done.person, done.digest, done.at) == (cast.manager, version.digest, NOW)
    with pytest.raises(RuleViolation, match="уже ознакомились"):
        library.read(version, cast.manager)
    with pytest.raises(RuleViolation, match="не адресован"):
        library.read(version, cast.accountant)
    for write in (
        lambda: Acknowledgement.objects.update(at=NOW - timedelta(days=1)),
        lambda: Acknowledgement.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="is_kept"), transaction.atomic():
            write()
    later = library.corrected(
        version, cast.admin, "С завтра", effective_from=library.tomorrow(), roles=["manager"]
    )
    with pytest.raises(RuleViolation, match="не действующая"):
        library.read(later, cast.manager2)
    library.read(version, cast.manager2)
    newest = library.corrected(
        version, cast.admin, "Снова", effective_from=library.tomorrow(), roles=["manager"]
    )
    day_after = NOW + timedelta(days=1)
    for former in (version, later):
        with pytest.raises(RuleViolation, match="не действующая"):
            library.read(former, cast.stranger, now=day_after)
    assert library.read(newest, cast.manager, now=day_after).version == newest
    draft = actions.start_version(version.document_id, by=cast.admin, today=TODAY)
    with pytest.raises(DatabaseError, match="only what is published"), transaction.atomic():
        Acknowledgement.objects.create(version=draft, person=cast.manager, at=NOW, digest="")


def test_what_waits_follows_role_and_unit_and_a_newcomer_gets_what_the_role_demands(cast):
    library.published(cast, roles=["manager", "sector_head"], units=[cast.department])
    assert waiting(cast) == {"manager", "manager2", "sector_head"}
    assert told("library.waiting") == {"manager", "manager2", "sector_head"}
    cast.stranger.org_unit = cast.sector
    cast.stranger.hired_on = TODAY
    cast.stranger.save(update_fields=["org_unit", "hired_on"])
    assert count_waiting(fresh(cast.stranger)) == 1
    assert telling.remind_of_waiting(today=TODAY) == 1
    assert telling.remind_of_waiting(today=TODAY) == 0
    assert "stranger" in told("library.waiting")
    (row,) = OwnPanel(fresh(cast.stranger), TODAY).rows
    assert row.due == telling.due_on(row.version, cast.stranger)
    assert not row.is_late


def test_people_are_reminded_every_so_many_days_until_they_have_acknowledged(cast):
    version = library.published(cast, roles=["manager"], units=[cast.sector])
    due = telling.due_on(version, cast.manager)
    telling.remind_of_waiting(today=due - timedelta(days=1))
    assert told("library.reminder") == set()
    library.read(version, cast.manager2)
    assert telling.remind_of_waiting(today=due) == 1
    assert telling.remind_of_waiting(today=due + timedelta(days=2)) == 0
    assert telling.remind_of_waiting(today=due + timedelta(days=3)) == 1
    assert told("library.reminder") == {"manager"}
    assert telling.remind_of_waiting(today=TODAY - timedelta(days=1)) == 0
    actions.withdraw_document(
        version.document_id, by=cast.admin, version=1, reason="Устарело", today=TODAY
    )
    assert telling.remind_of_waiting(today=due + timedelta(days=9)) == 0
    assert waiting(cast) == set()


def test_heads_of_departments_keep_documents_of_their_units_and_nobody_else_writes(cast):
    keepers = {name for name, one in everybody(cast).items() if permissions.can_write(one)}
    chiefs = {"department_head", "stranger_head", "director", "general_director", "admin"}
    assert keepers == chiefs
    with pytest.raises(RuleViolation):
        library.draft(cast, cast.department_head)
    with pytest.raises(PermissionDenied):
        library.draft(cast, cast.manager)
    version = library.draft(cast, cast.department_head, unit=cast.sector)
    seen = {
        name
        for name, one in everybody(cast).items()
        if PolicyDocument.objects.visible_to(one).exists()
    }
    assert seen == chiefs - {"stranger_head"}
    with pytest.raises(PolicyDocument.DoesNotExist):
        actions.start_version(version.document_id, by=cast.stranger_head, today=TODAY)
    library.publish(version, cast.department_head)
    with pytest.raises(PermissionDenied):
        actions.start_version(version.document_id, by=cast.stranger_head, today=TODAY)
    with pytest.raises(StaleVersion):
        actions.withdraw_document(
            version.document_id, by=cast.director, version=9, reason="x", today=TODAY
        )


def test_nothing_is_published_empty_without_an_order_or_before_the_version_it_follows(cast):
    empty = library.draft(cast, text="")
    with pytest.raises(RuleViolation, match="ни текста"):
        library.publish(empty, cast.admin)
    order = library.draft(cast, kind="order", title="О скидках")
    with pytest.raises(RuleViolation, match="номер"):
        library.publish(order, cast.admin)
    with pytest.raises(RuleViolation, match="номер"):
        library.draft(cast, kind="order", order_no="5")
    first = library.published(cast, title="Регламент")
    with pytest.raises(RuleViolation, match="раньше"):
        library.corrected(first, cast.admin, "x", effective_from=TODAY - timedelta(days=1))


def test_the_sheet_shows_keepers_everybody_and_heads_their_own(cast):
    version = library.published(cast, roles=["manager"])
    library.read(version, cast.manager)
    whole = sheet.sheet_of(version, cast.admin, TODAY)
    people = [(line.person.username, line.at is not None) for line in whole.lines]
    assert people == [("manager2", False), ("manager", True), ("stranger", False)]
    assert (whole.done, whole.missing, whole.late) == (1, 2, 0)
    late = sheet.sheet_of(version, cast.admin, TODAY + timedelta(days=30))
    assert late.late == 2
    own = sheet.sheet_of(version, cast.stranger_head, TODAY)
    assert [line.person.username for line in own.lines] == ["stranger"]
    assert sheet.pdf_of(whole)[:5] == b"%PDF-"
    book = sheet.xlsx_of(whole)
    assert b"".join(book.streaming_content)[:2] == b"PK"
    book.close()


def test_the_library_finds_words_in_their_forms_and_shows_text_without_markup(cast):
    found = library.published(cast, title="Политика", text="Скидки согласует руководитель")
    library.published(cast, title="Другое", text="Без слова")
    for words in ("скидка", "Скидки", "политика"):
        rows = PolicyDocument.objects.visible_to(cast.manager).saying(words, TODAY)
        assert list(rows) == [found.document], words
    shown = render_text("# Заголовок\n- **раз**\n- два\n\n<script>alert(1)</script>\n3. три")
    assert shown == (
        "<h3>Заголовок</h3><ul><li><strong>раз</strong></li><li>два</li></ul>"
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><ol><li value=\"3\">три</li></ol>"
    )  # fmt: skip


def test_a_person_reads_and_acknowledges_on_the_page(cast):
    version = library.published(cast, roles=["manager"])
    page = signed_in(cast.manager).get(version.document.get_absolute_url())
    assert version.digest in page.content.decode()
    data = {"digest": version.digest}
    answer = signed_in(cast.manager).post(f"/library/versions/{version.pk}/acknowledge/", data)
    assert answer.status_code == 302
    assert Acknowledgement.objects.get().person == cast.manager
    listed = signed_in(cast.manager).get("/library/?step=waiting").content.decode()
    assert "Положение об отделе" not in listed
