"""Files that other programs lay into a folder are imported once, as a person (C.6)."""

import os
import time

import pytest

from crm.errors import RuleViolation
from crm.imports import actions
from crm.imports.models import DroppedFile, ImportJob
from crm.notices.models import Notice
from deals.models import Shipment
from tests.factories import clients

SALES = "Номер;Дата;Контрагент;Сумма\n1;12.01.2026;ООО «Ромашка»;100\n"


@pytest.fixture
def lay(cast, settings, tmp_path):
    """Lay a file into the folder of its kind, as it stood some minutes ago."""
    settings.IMPORT_DROPFOLDER = str(tmp_path)
    settings.IMPORT_DROPFOLDER_AS = cast.accountant.username

    def put(text, name="s.csv", kind="sales", age=300):
        path = tmp_path / kind / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (time.time() - age,) * 2)
        return path

    return put


def pick_up():
    return actions.pick_up_files(today=None)


def test_a_file_is_imported_as_the_person_and_left_alone(cast, lay):
    clients.client(cast.manager, name="ООО «Ромашка»")
    path = lay(SALES)
    assert pick_up() == 1
    job = ImportJob.objects.get()
    assert (job.state, job.author, job.kind) == ("queued", cast.accountant, "sales")
    assert actions.run_waiting_imports() == 1
    assert Shipment.objects.count() == 1
    assert path.exists()


def test_the_same_content_is_never_picked_up_twice(lay):
    lay(SALES)
    assert [pick_up(), pick_up()] == [1, 0]
    lay(SALES, "renamed.csv")
    assert pick_up() == 0
    lay(SALES.replace("100", "200"))
    assert pick_up() == 1
    assert ImportJob.objects.count() == 2


def test_what_is_no_whole_file_of_a_known_kind_waits(lay, settings):
    lay(SALES, age=5)
    lay(SALES, ".hidden.csv")
    lay("", "empty.csv")
    lay(SALES, kind="unknown")
    settings.IMPORT_MAX_BYTES = 200
    lay("x" * 201, "large.csv")
    assert pick_up() == 0
    assert not DroppedFile.objects.exists()


def test_an_unreadable_file_is_told_of_once(cast, lay):
    lay("не выписка", "kl.txt", kind="bank")
    lay(SALES)
    assert pick_up() == 1, "the others are imported all the same"
    refused = DroppedFile.objects.get(kind="bank")
    assert refused.refusal
    assert pick_up() == 0
    told = Notice.objects.get(kind="import.dropped_refused", channel="ui")
    assert (told.user, told.params["file"]) == (cast.accountant, "kl.txt")


def test_one_who_may_not_import_the_kind_imports_nothing(cast, lay, settings):
    settings.IMPORT_DROPFOLDER_AS = cast.manager.username
    lay(SALES)
    assert pick_up() == 0
    assert not ImportJob.objects.exists()
    assert DroppedFile.objects.get().refusal


def test_nobody_to_import_as_stops_the_work_and_no_folder_is_none(cast, lay, settings):
    settings.IMPORT_DROPFOLDER_AS = "nobody"
    lay(SALES)
    with pytest.raises(RuleViolation):
        pick_up()
    settings.IMPORT_DROPFOLDER = ""
    assert pick_up() == 0
