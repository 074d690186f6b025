"""A process killed in the middle of an upload leaves no row without its file (G-RL1)."""

import signal

import pytest
from django.utils import timezone

from crm.files import actions, storage
from crm.files.models import Attachment
from crm.work import invariants
from tests.cast import assemble
from tests.factories import clients
from tests.files import samples
from tests.imports.processes import start_worker

# Where the process dies: before the row is committed, or before the file is moved after it.
DIES = {"before the commit": "actions.verb", "after the commit": "storage.settle"}
CALL = """
import os, signal
from crm.accounts.models import User
from crm.files import actions, storage
{place} = lambda *args, **more: os.kill(os.getpid(), signal.SIGKILL)
actions.add_file("client", {client}, by=User.objects.get(username="manager"), name="x.pdf",
                 content=open({path!r}, "rb").read())
"""


@pytest.mark.parametrize("moment", DIES)
def test_a_killed_upload_is_there_wholly_or_not_at_all(moment, committed_db, media, monkeypatch):
    client = clients.client(assemble().manager)
    sent = media.parent / f"{media.name}.pdf"
    sent.write_bytes(samples.pdf())
    monkeypatch.setenv("MEDIA_ROOT", str(media))
    call = CALL.format(place=DIES[moment], client=client.pk, path=str(sent))
    process = start_worker(f"exec({call!r})")
    assert process.wait(timeout=60) == -signal.SIGKILL
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
