"""An import on its way: columns, check, queue, result, undo; every forbidden move; who may what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import Client, Counterparty
from crm.accounts.models import AccessEvent
from crm.errors import RuleViolation, StaleVersion
from crm.imports import actions, registry
from crm.imports.models import IMPORT_MOVES, ImportJob, ImportRow, ImportState
from crm.imports.reading import Unreadable
from tests.cast import fresh

CLIENTS = (
    "Наименование;ИНН;КПП;Телефон\n"
    "ООО «Ромашка»;7707083893;775001001;+7 (495) 123-45-67\n"
    "ПАО «Сбер»;7707083893;770801001;\n"
    "Сломанный;123;;\n"
).encode()
ACTIONS = ("apply_import", "ask_undo", "cancel_import", "check_columns")
TARGETS = {
    "check_columns": ImportState.CHECKING,
    "apply_import": ImportState.QUEUED,
    "cancel_import": ImportState.CANCELLED,
    "ask_undo": ImportState.UNDOING,
}


def uploaded(by, content=CLIENTS, kind="clients", name="clients.csv"):
    return actions.upload_import(by=by, kind=kind, file_name=name, content=content)


def checked(by, content=CLIENTS, kind="clients", /, **options):
    job = uploaded(by, content, kind)
    job = actions.check_columns(
        job.pk, by=by, version=job.version, columns=job.mapping, options=options
    )
    assert actions.perform(job.pk)
    return read(job)


def applied(by, content=CLIENTS, kind="clients", /, **options):
    job = checked(by, content, kind, **options)
    actions.apply_import(job.pk, by=by, version=job.version)
    assert actions.run_waiting_imports() == 1
    return read(job)


def undone(by, job):
    actions.ask_undo(job.pk, by=by, version=job.version)
    actions.run_waiting_imports()
    return read(job)


def read(job):
    return ImportJob.objects.get(pk=job.pk)


def counts(job):
    return {name: job.stats[name] for name in ("created", "updated", "unchanged", "refused")}


def test_an_upload_keeps_the_file_with_guessed_columns_and_imports_nothing(department_head):
    job = uploaded(department_head)
    assert job.state == ImportState.UPLOADED
    assert job.mapping == {"name": 0, "inn": 1, "kpp": 2, "phone": 3}
    assert job.layout["samples"][0] == ["ООО «Ромашка»", "ПАО «Сбер»", "Сломанный"]
    assert job.total == 3
    assert not Client.objects.exists()


def test_a_check_writes_nothing_and_says_what_will_happen(department_head):
    job = checked(department_head)
    assert job.state == ImportState.PREVIEWED
    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert not Client.objects.exists()
    assert [row.number for row in ImportRow.objects.refused()] == [4]
    assert job.preview[0]["title"] == "ООО «Ромашка»"
    assert {"label": "ИНН", "before": "", "after": "7707083893"} in job.preview[0]["changes"]


def test_applying_adds_all_good_rows_and_names_the_others(department_head):
    job = applied(department_head)
    assert job.state == ImportState.APPLIED
    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert Client.objects.count() == 2
    assert Counterparty.objects.filter(inn="7707083893").count() == 2
    event = AccessEvent.objects.get(kind="import")
    assert (event.user, event.rows) == (department_head, 3)


def test_the_same_file_again_changes_nothing(department_head):
    applied(department_head)
    before = list(Client.objects.order_by("pk").values())
    again = applied(fresh(department_head))
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 2, "refused": 1}
    assert list(Client.objects.order_by("pk").values()) == before
    assert ImportJob.objects.applied_before(again.sha256, "clients").count() == 2


def test_a_changed_cell_is_the_only_change(department_head):
    applied(department_head)
    content = CLIENTS.replace(b"123-45-67", b"765-43-21")
    job = applied(fresh(department_head), content)
    assert counts(job) == {"created": 0, "updated": 1, "unchanged": 1, "refused": 1}
    assert Client.objects.get(name="ООО «Ромашка»").phone == "+74957654321"


def test_undo_takes_everything_back(department_head):
    job = undone(department_head, applied(department_head))
    assert job.state == ImportState.ROLLED_BACK
    assert job.undone_by == department_head
    assert not Client.objects.exists()
    assert not Counterparty.objects.exists()


def test_undo_gives_changed_rows_their_former_values(department_head):
    applied(department_head)
    first = Client.objects.get(name="ООО «Ромашка»")
    content = CLIENTS.replace(b"123-45-67", b"765-43-21").replace(
        "Сломанный;123".encode(), "Новый;7728168971".encode()
    )
    job = undone(department_head, applied(fresh(department_head), content))
    assert job.state == ImportState.ROLLED_BACK
    restored = Client.objects.get(pk=first.pk)
    assert restored.phone == first.phone
    assert restored.version == first.version + 2
    assert Client.objects.count() == 2


def test_undo_is_refused_when_somebody_edited_a_client(department_head):
    job = applied(department_head)
    Client.objects.filter(name="ПАО «Сбер»").update(version=2)
    job = undone(department_head, job)
    assert job.state == ImportState.APPLIED
    assert "ПАО «Сбер»" in job.error
    assert Client.objects.count() == 2


def test_undo_is_refused_when_something_depends_on_it(department_head, manager):
    from clients.models import ClientNeed

    job = applied(department_head)
    client = Client.objects.first()
    ClientNeed.objects.create(
        client=client, subject="Мука", noted_on=timezone.localdate(), author=manager
    )
    job = undone(department_head, job)
    assert job.state == ImportState.APPLIED
    assert "потребности" in job.error.casefold() or "needs" in job.error.casefold()
    assert Client.objects.count() == 2


def test_undo_ends_after_its_hours(department_head):
    job = applied(department_head)
    ImportJob.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(RuleViolation):
        actions.ask_undo(job.pk, by=department_head, version=job.version)


@pytest.mark.parametrize("state", ImportState.values)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_forbidden_move_is_refused(department_head, state, action):
    job = uploaded(department_head)
    ImportJob.objects.filter(pk=job.pk).update(
        state=state,
        finished_at=timezone.now(),
        error="x",
        stats={"created": 1},
    )
    more = {"columns": job.mapping, "options": {}} if action == "check_columns" else {}

    def act():
        return getattr(actions, action)(job.pk, by=department_head, version=job.version, **more)

    if TARGETS[action] in IMPORT_MOVES[state]:
        act()
        return
    with pytest.raises(RuleViolation):
        act()
    assert read(job).state == state


@pytest.mark.parametrize("action", ["apply_import", "cancel_import", "ask_undo"])
def test_a_stale_page_is_refused(department_head, action):
    job = checked(department_head)
    with pytest.raises(StaleVersion):
        getattr(actions, action)(job.pk, by=department_head, version=job.version - 1)


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("people", {"admin"}),
        ("clients", {"admin", "department_head", "stranger_head"}),
        ("contacts", {"admin", "department_head", "stranger_head"}),
    ],
)
def test_who_may_import_what(cast, kind, allowed):
    from tests.cast import everybody

    content = "ФИО;Дата;Наименование\nПётр;01.11.2026;Ромашка\n".encode()
    may = set()
    for name, person in everybody(cast).items():
        try:
            uploaded(person, content, kind)
        except PermissionDenied:
            continue
        may.add(name)
    assert may == allowed


def test_only_the_author_and_the_administrator_see_an_import(cast):
    from tests.cast import everybody

    job = checked(cast.department_head)
    for rows in (ImportJob.objects.filter(pk=job.pk), ImportRow.objects.filter(job=job)):
        people = everybody(cast).items()
        see = {name for name, person in people if rows.visible_to(person).exists()}
        assert see == {"department_head", "admin"}, rows.model


def test_a_lost_right_stops_the_import_that_waits(department_head):
    job = checked(department_head)
    actions.apply_import(job.pk, by=department_head, version=job.version)
    department_head.is_active = False
    department_head.save(update_fields=["is_active"])
    actions.run_waiting_imports()
    assert read(job).state == ImportState.FAILED
    assert "больше не может" in read(job).error
    assert not Client.objects.exists()


def test_the_database_keeps_a_check_from_writing(department_head, monkeypatch):
    """Whatever a kind does while it only looks at the rows."""
    kind = registry.get("clients")

    def start(run, lines):
        Client.objects.update(name="Другое")
        return kind.start(run, lines)

    monkeypatch.setitem(registry._kinds, "clients", replace(kind, start=start))
    job = checked(department_head)
    assert (job.state, job.preview) == (ImportState.FAILED, [])


def test_cancelling_before_the_turn_writes_nothing(department_head):
    job = checked(department_head)
    job = actions.apply_import(job.pk, by=department_head, version=job.version)
    actions.cancel_import(job.pk, by=department_head, version=job.version)
    assert actions.run_waiting_imports() == 0
    assert read(job).state == ImportState.CANCELLED
    assert not Client.objects.exists()


def test_a_refused_file_changes_nothing(department_head):
    with pytest.raises(Unreadable):
        uploaded(department_head, b"%PDF-1.4")
    assert not ImportJob.objects.exists()


def test_a_mapping_without_what_is_required_is_refused(department_head):
    job = uploaded(department_head)
    with pytest.raises(RuleViolation):
        actions.check_columns(
            job.pk, by=department_head, version=job.version, columns={"inn": 1}, options={}
        )
    assert read(job).state == ImportState.UPLOADED


def test_columns_can_be_changed_after_the_check(department_head):
    job = checked(department_head)
    columns = {"name": 0}
    job = actions.check_columns(
        job.pk, by=department_head, version=job.version, columns=columns, options={}
    )
    actions.perform(job.pk)
    assert counts(read(job)) == {"created": 3, "updated": 0, "unchanged": 0, "refused": 0}


def test_old_files_are_forgotten_and_results_stay(department_head):
    job = applied(department_head)
    ImportJob.objects.update(created_at=timezone.now() - timedelta(days=31))
    waiting = uploaded(department_head)
    assert actions.forget_old_files(today=timezone.localdate()) == 1
    job = read(job)
    assert bytes(job.content) == b""
    assert job.stats["created"] == 2
    assert bytes(read(waiting).content) == CLIENTS


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "applied", "finished_at": None}, "import_applied_has_moment"),
        ({"state": "failed", "error": ""}, "import_failed_has_reason"),
        ({"state": "lost"}, "import_state_known"),
    ],
)
def test_the_database_refuses_nonsense(department_head, values, constraint):
    job = uploaded(department_head)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(**values)


def test_the_history_of_a_client_names_who_imported_it(department_head):
    applied(department_head)
    event = Client.objects.first().events.get()
    assert event.pgh_context["verb"] == "import.applied"
    assert event.pgh_context["user"] == department_head.pk
