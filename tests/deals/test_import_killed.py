"""A worker killed in the middle of an import of documents: all of it or nothing."""

import signal

from django.db import connection, transaction

from crm.accounts.models import Role
from crm.imports import actions
from crm.imports.models import ImportJob, ImportState
from deals.models import Invoice, Shipment
from tests.factories import accounts
from tests.imports.test_work import is_under_way, start_worker, wait_until

ROWS = 500


def test_a_killed_worker_leaves_nothing_and_the_next_one_everything(committed_db):
    company = accounts.unit("Ромашка", kind="company")
    boss = accounts.user(role=Role.ACCOUNTANT, org_unit=company, username="boss")
    lines = ["Номер;Дата;Контрагент;Сумма"]
    lines += [f"{n};12.01.2026;Клиент {n % 50};{100 if n % 9 else -5}" for n in range(ROWS)]
    job = actions.upload_import(
        by=boss, kind="sales", file_name="s.csv", content="\n".join(lines).encode()
    )
    options = {"create_clients": True}
    job = actions.check_columns(
        job.pk, by=boss, version=job.version, columns=job.mapping, options=options
    )
    assert actions.perform(job.pk)
    job.refresh_from_db()
    job = actions.apply_import(job.pk, by=boss, version=job.version)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE deals_allocation IN EXCLUSIVE MODE")  # its last step waits here
        worker = start_worker()
        wait_until(lambda: is_under_way(job))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert not Shipment.objects.exists()
    assert ImportJob.objects.get(pk=job.pk).state == ImportState.RUNNING
    wait_until(lambda: actions.run_waiting_imports() == 1)
    assert ImportJob.objects.get(pk=job.pk).state == ImportState.APPLIED
    assert Shipment.objects.count() == ROWS
    assert Invoice.objects.count() == Shipment.objects.filter(amount__gt=0).count()
