"""Workers that die, meet or are asked to stop: all of a file or nothing, once (G-IO1, G-RL2)."""

import signal
import threading

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection, transaction

from clients.models import ContactLog
from crm.accounts.models import Role
from crm.imports import actions, lifeline
from crm.imports.models import ImportJob, ImportState
from tests.factories import accounts
from tests.imports.processes import DEADLINE, open_copies, start_worker, wait_until

ROWS = 20_000


def contacts_csv(rows=ROWS):
    lines = ["ID;Дата;Время;Менеджер;Результат;Комментарий"]
    lines += [
        f"C{n};{1 + n % 28:02d}.10.2025;9:00;boss;Информирование;Заметка {n}" for n in range(rows)
    ]
    return "\n".join(lines).encode()


@pytest.fixture
def boss(committed_db):
    company = accounts.unit("Ромашка", kind="company")
    person = accounts.user(role=Role.DEPARTMENT_HEAD, org_unit=company, username="boss")
    department = accounts.unit("Отдел", kind="department", parent=company)
    accounts.head(department, person)
    person.org_unit = department
    person.save(update_fields=["org_unit"])
    return person


@pytest.fixture
def queued(boss):
    """A file that takes long enough to be killed in the middle."""
    return queue(boss, ROWS)


@pytest.fixture
def small(boss):
    return queue(boss, 20)


def queue(boss, rows):
    content = contacts_csv(rows)
    job = actions.upload_import(by=boss, kind="contacts", file_name="c.csv", content=content)
    job = actions.check_columns(
        job.pk, by=boss, version=job.version, columns=job.mapping, options={}
    )
    assert actions.perform(job.pk)
    job = ImportJob.objects.get(pk=job.pk)
    return actions.apply_import(job.pk, by=boss, version=job.version)


def is_under_way(job):
    job.refresh_from_db(fields=["state", "progress", "attempts", "heartbeat_at"])
    return job.progress > 0


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_takes_over(queued):
    worker = start_worker()
    wait_until(lambda: is_under_way(queued))
    assert 0 < queued.progress < ROWS  # seen from outside while nothing is committed
    assert queued.heartbeat_at is not None
    assert not ContactLog.objects.exists()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert not ContactLog.objects.exists()
    assert ImportJob.objects.get(pk=queued.pk).state == ImportState.RUNNING
    wait_until(lambda: actions.run_waiting_imports() == 1)  # as soon as the server lets go
    job = ImportJob.objects.get(pk=queued.pk)
    assert (job.state, job.attempts, job.stats["created"]) == (ImportState.APPLIED, 2, ROWS)
    assert ContactLog.objects.count() == ROWS


def test_cancelling_a_running_import_takes_everything_back(queued, boss):
    worker = start_worker()
    wait_until(lambda: is_under_way(queued))
    actions.cancel_import(queued.pk, by=boss, version=queued.version)
    assert worker.wait(timeout=DEADLINE) == 0
    assert ImportJob.objects.get(pk=queued.pk).state == ImportState.CANCELLED
    assert not ContactLog.objects.exists()


def test_the_same_message_delivered_to_many_workers_imports_once(small):
    answers = []

    def deliver():
        try:
            answers.append(actions.perform(small.pk))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]
    assert ContactLog.objects.count() == 20
    assert actions.perform(small.pk) is False
    assert small.events.filter(state="applied").count() == 1


def test_a_job_in_work_is_left_to_its_worker(small):
    with transaction.atomic():
        assert lifeline.take(small.pk)
        answers = []
        thread = threading.Thread(
            target=lambda: (answers.append(actions.perform(small.pk)), connection.close())
        )
        thread.start()
        thread.join()
        assert answers == [False]
    assert not ContactLog.objects.exists()


def test_one_background_import_at_a_time(small):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lifeline.LOCKS, lifeline.EVERY_JOB])
        answers = []
        thread = threading.Thread(
            target=lambda: (answers.append(actions.run_waiting_imports()), connection.close())
        )
        thread.start()
        thread.join()
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lifeline.LOCKS, lifeline.EVERY_JOB])
    assert answers == [0]
    assert ImportJob.objects.get(pk=small.pk).state == ImportState.QUEUED


def test_a_file_that_kills_its_workers_is_given_up(small):
    ImportJob.objects.filter(pk=small.pk).update(attempts=3)
    actions.run_waiting_imports()
    job = ImportJob.objects.get(pk=small.pk)
    assert job.state == ImportState.FAILED
    assert "3" in job.error
    assert not ContactLog.objects.exists()


def test_the_history_names_who_started_the_work(small, boss):
    actions.run_waiting_imports()
    started = small.events.filter(state="running").first()
    assert started.pgh_context == {"verb": "import.started", "user": boss.pk}
    assert {event.pgh_context["user"] for event in small.events.all()} == {boss.pk}


def test_a_command_killed_in_the_middle_leaves_nothing(boss, tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes(contacts_csv())
    worker = start_worker(lambda: call_command("import_contacts", str(path)))
    wait_until(lambda: open_copies() > 0)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert not ContactLog.objects.exists()
    assert not ImportJob.objects.exists()
