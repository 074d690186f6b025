"""scripts/backup.py: what was saved comes back, into the database that has moved on since."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import ProgrammingError, connection, connections

from clients.models import Client
from crm.accounts.models import User
from tests.cast import assemble
from tests.factories import clients

ROOT = Path(__file__).resolve().parent.parent


def address(variable):
    """The test's own database in place of the one that the address names."""
    name = connections["owner"].settings_dict["NAME"]
    return urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()


def backup(tmp_path, *arguments):
    environment = {
        **os.environ,
        **{name: address(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")},
        "MEDIA_ROOT": str(tmp_path / "media"),
    }
    environment.pop("DEBUG", None)
    command = [sys.executable, "scripts/backup.py", *arguments, str(tmp_path / "saved.tar")]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    for alias in ("default", "owner"):
        connections[alias].close()
    return done


def test_what_was_saved_comes_back_with_its_files_and_its_rights(committed_db, tmp_path):
    saved = clients.client(assemble().manager, name="Сохранённый")
    User.objects.update(is_demo=True)  # as in the data of `make run`
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "act.pdf").write_bytes(b"as it was")
    done = backup(tmp_path, "save")
    assert done.returncode == 0, done.stderr
    Client.objects.filter(pk=saved.pk).update(name="Изменённый")
    clients.client(saved.manager, name="Лишний")
    (tmp_path / "media" / "act.pdf").write_bytes(b"changed")
    done = backup(tmp_path, "restore")
    assert done.returncode == 0, done.stderr
    assert list(Client.objects.values_list("name", flat=True)) == ["Сохранённый"]
    assert (tmp_path / "media" / "act.pdf").read_bytes() == b"as it was"
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clients_clientevent")


def test_a_damaged_file_changes_nothing(committed_db, tmp_path):
    saved = clients.client(assemble().manager, name="Сохранённый")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "act.pdf").write_bytes(b"as it was")
    assert backup(tmp_path, "save").returncode == 0
    tar = tmp_path / "saved.tar"
    tar.write_bytes(tar.read_bytes().replace(b"as it was", b"as it wax"))
    Client.objects.filter(pk=saved.pk).update(name="Изменённый")
    done = backup(tmp_path, "restore")
    assert (done.returncode, "is damaged" in done.stdout) == (1, True)
    assert Client.objects.get().name == "Изменённый"
