"""A statement whose worker dies in the middle is imported whole afterwards, or not at all."""

import signal

import pytest

from crm.accounts.models import Role
from crm.imports import actions
from crm.imports.models import ImportJob, ImportState
from deals.models import BankStatement, OwnAccount, Payment
from tests.factories import accounts, bank
from tests.imports.processes import start_worker, wait_until

DOCUMENTS = 3_000


@pytest.fixture
def queued(committed_db):
    """A statement that takes several portions."""
    company = accounts.unit("Ромашка", kind="company")
    person = accounts.user(role=Role.ACCOUNTANT, org_unit=company, username="rub")
    content = bank.statement([bank.document(str(n), "1.00") for n in range(DOCUMENTS)])
    job = actions.upload_import(by=person, kind="bank", file_name="kl.txt", content=content)
    job = actions.check_columns(
        job.pk,
        by=person,
        version=job.version,
        columns=job.mapping,
        options={"accept_accounts": "on"},
    )
    assert actions.perform(job.pk)
    job = ImportJob.objects.get(pk=job.pk)
    return actions.apply_import(job.pk, by=person, version=job.version)


def nothing_is_here():
    models = (Payment, BankStatement, OwnAccount)
    return not any(model.objects.exists() for model in models)


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_takes_over(queued):
    def is_under_way():
        queued.refresh_from_db(fields=["progress"])
        return queued.progress > 0

    worker = start_worker()
    wait_until(is_under_way)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert nothing_is_here()
    assert ImportJob.objects.get(pk=queued.pk).state == ImportState.RUNNING
    wait_until(lambda: actions.run_waiting_imports() == 1)
    job = ImportJob.objects.get(pk=queued.pk)
    assert (job.state, job.attempts, job.stats["created"]) == (ImportState.APPLIED, 2, DOCUMENTS)
    assert Payment.objects.count() == DOCUMENTS
    assert BankStatement.objects.get().import_job == job
