"""The commands: one JSON object, the status, nothing written by a dry run."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from clients.models import Client
from crm.accounts.models import User
from crm.imports import registry
from crm.imports.command import ImportCommand
from crm.imports.models import ImportJob
from tests.imports.test_lifecycle import CLIENTS

KEYS = {"rows", "created", "updated", "unchanged", "refused", "seconds"}


@pytest.fixture
def clients_csv(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_bytes(CLIENTS)
    return str(path)


def run(capsys, command, *arguments):
    """Status, the JSON object and what stands on stderr."""
    status = 0
    try:
        call_command(command, *arguments)
    except SystemExit as stop:
        status = stop.code
    written = capsys.readouterr()
    return status, json.loads(written.out), written.err


def test_one_json_object_with_the_counts(cast, clients_csv, capsys):
    status, facts, errors = run(capsys, "import_clients", clients_csv, "--json")
    assert status == 0
    assert facts.keys() >= KEYS
    assert (facts["rows"], facts["created"], facts["refused"]) == (3, 2, 1)
    assert "4:" in errors
    assert Client.objects.count() == 2
    assert ImportJob.objects.get().author is None


def test_a_second_run_adds_nothing(cast, clients_csv, capsys):
    run(capsys, "import_clients", clients_csv, "--json")
    facts = run(capsys, "import_clients", clients_csv, "--json")[1]
    assert (facts["created"], facts["updated"], facts["unchanged"]) == (0, 0, 2)


def test_a_dry_run_writes_nothing(cast, clients_csv, capsys):
    _status, facts, _errors = run(capsys, "import_clients", clients_csv, "--json", "--dry-run")
    assert (facts["created"], facts["refused"], facts["dry_run"]) == (2, 1, True)
    assert not Client.objects.exists()
    assert not ImportJob.objects.exists()


def test_the_database_itself_forbids_a_dry_run_to_write(cast, clients_csv, monkeypatch):
    """Control: a dry run that would write is stopped by PostgreSQL."""
    from django.db import InternalError

    from crm.imports import engine

    def write_anyway(kind, table, run, progress):
        User.objects.filter(pk=cast.manager.pk).update(position="x")

    monkeypatch.setattr(engine, "run_table", write_anyway)
    with pytest.raises(InternalError, match="read-only"):
        call_command("import_clients", clients_csv, "--dry-run")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 100])
def test_a_file_refused_as_a_whole_gives_a_status(cast, tmp_path, capsys, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    status, facts, errors = run(capsys, "import_clients", str(path), "--json")
    assert status == 1
    assert (facts["rows"], facts["created"]) == (0, 0)
    assert facts["error"] in errors
    assert not ImportJob.objects.exists()


def test_a_missing_file_gives_a_status(cast, capsys):
    assert run(capsys, "import_clients", "/nowhere.csv", "--json")[0] == 1


def test_a_person_may_import_what_the_person_may_import_on_the_page(cast, clients_csv, capsys):
    status = run(capsys, "import_clients", clients_csv, "--json", "--by", "manager")[0]
    assert status == 1
    assert not Client.objects.exists()
    status = run(capsys, "import_clients", clients_csv, "--json", "--by", "department_head")[0]
    assert status == 0
    assert ImportJob.objects.get().author == cast.department_head
    assert set(Client.objects.values_list("org_unit", flat=True)) == {cast.department.pk}


def test_an_unknown_login_is_refused(cast, clients_csv):
    with pytest.raises(CommandError):
        call_command("import_clients", clients_csv, "--by", "nobody")


def test_columns_can_be_named(cast, tmp_path, capsys):
    path = tmp_path / "odd.csv"
    path.write_text("Фирма;Номер\nРомашка;7707083893\nЛютик;\n", encoding="utf-8")
    pairs = ("--mapping", "name=Фирма", "inn=Номер")
    facts = run(capsys, "import_clients", str(path), "--json", *pairs)[1]
    assert facts["created"] == 2
    with pytest.raises(CommandError):
        call_command("import_clients", str(path), "--mapping", "name")


def test_options_of_the_page_are_options_of_the_command(cast, clients_csv, capsys):
    arguments = ("--json", "--manager", "manager2", "--status", "prospect")
    run(capsys, "import_clients", clients_csv, *arguments)
    assert set(Client.objects.values_list("manager", "status")) == {(cast.manager2.pk, "prospect")}


def test_a_wrong_option_refuses_the_file(cast, clients_csv, capsys):
    status, facts, _errors = run(capsys, "import_clients", clients_csv, "--json", "--manager", "x")
    assert status == 1
    assert "x" in facts["error"]


def test_without_json_the_counts_are_words(cast, clients_csv, capsys):
    call_command("import_clients", clients_csv)
    assert "created 2" in capsys.readouterr().out


def test_help_needs_no_database(monkeypatch):
    def away(_connection):
        raise OperationalError("no server")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", away)
    for kind in registry.kinds():
        command = ImportCommand()
        command.kind = kind.kind
        told = command.create_parser("manage.py", f"import_{kind.kind}").format_help()
        assert "--dry-run" in told, kind.kind
