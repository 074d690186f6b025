"""A process killed in the middle of an upload leaves no row without its file (G-RL1)."""

import os
import signal

import pytest
from django.utils import timezone

from crm.accounts.models import User
from crm.files import actions, storage
from crm.files.models import Attachment
from crm.work import invariants
from tests.cast import assemble
from tests.factories import clients
from tests.files import samples
from tests.imports.processes import start_worker

# Where the process dies: before the row is committed, or before the file is moved after it.
DIES = {"before the commit": (actions, "verb"), "after the commit": (storage, "settle")}


@pytest.mark.parametrize("moment", DIES)
def test_a_killed_upload_is_there_wholly_or_not_at_all(moment, committed_db, media):
    client = clients.client(assemble().manager)

    def upload():
        setattr(*DIES[moment], lambda *args, **more: os.kill(os.getpid(), signal.SIGKILL))
        person = User.objects.get(username="manager")
        actions.add_file("client", client.pk, by=person, name="x.pdf", content=samples.pdf())

    assert start_worker(upload).wait() == -signal.SIGKILL
    assert len(list(storage.waiting_keys())) == 1
    rows = list(Attachment.objects.all())
    assert len(rows) == (moment == "after the commit")
    for file in rows:
        with storage.open_file(file.key) as content:
            assert content.read() == samples.pdf()
    actions.sweep_files(today=timezone.localdate())
    found = invariants.violations(timezone.now())
    assert not any(lines for name, lines in found.items() if "attachment" in name)
    assert len(list(storage.settled_keys())) == len(rows)
