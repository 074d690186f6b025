"""The pages of imports: who opens them, what they answer, what they hand out."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook

from clients.models import Client
from crm.accounts.models import AccessEvent, User
from crm.imports import actions
from crm.imports.models import ImportJob, ImportState
from tests.cast import everybody, fresh, signed_in
from tests.imports.test_lifecycle import CLIENTS, applied, checked, read, uploaded

HTMX = {"HX-Request": "true"}
BOOSTED_PROGRESS = {"HX-Request": "true", "HX-Target": "_import_progress"}
SAME = "Этот же файл уже импортировали"
ALLOWED = {"accountant", "admin", "department_head", "stranger_head"}


def post(person, job, action, data=None, **headers):
    data = {"version": job.version, **(data or {})}
    return signed_in(person).post(f"/imports/{job.pk}/{action}/", data, headers={**HTMX, **headers})


def columns(job):
    chosen = {at: name for name, at in job.mapping.items()}
    return {f"column_{at}": chosen.get(at, "") for at in range(len(job.layout["header"]))}


def options(person, kind="clients"):
    from crm.imports import registry
    from crm.imports.options import default_options

    return default_options(registry.get(kind), person)


@pytest.mark.parametrize("path", ["/imports/", "/imports/new/"])
def test_who_opens_the_pages(cast, path):
    opened = {
        name
        for name, person in everybody(cast).items()
        if signed_in(person).get(path).status_code == 200
    }
    # the accounting brings in money, those who sell the figures of a plan
    assert opened == ALLOWED | {"manager", "manager2", "stranger", "sector_head"}


def test_a_foreign_import_does_not_exist(cast):
    job = uploaded(cast.department_head)
    for name, person in everybody(cast).items():
        expected = 200 if name in {"department_head", "admin"} else 404
        client = signed_in(person)
        assert client.get(f"/imports/{job.pk}/").status_code == expected, name
        if expected == 404:
            for action in ("check", "apply", "cancel", "undo"):
                answer = client.post(f"/imports/{job.pk}/{action}/", {"version": 1})
                assert answer.status_code == 404
            assert client.get(f"/imports/{job.pk}/remarks/").status_code == 404


def test_the_whole_way_through_the_pages(department_head):
    client = signed_in(department_head)
    file = SimpleUploadedFile("clients.csv", CLIENTS)
    answer = client.post("/imports/new/", {"kind": "clients", "file": file}, follow=True)
    job = ImportJob.objects.get()
    assert "Ромашка" in answer.content.decode()
    answer = post(department_head, job, "check", {**columns(job), **options(department_head)})
    assert answer.status_code == 200
    job = read(job)
    assert job.state == ImportState.PREVIEWED
    assert "_import_state" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    answer = post(department_head, job, "apply")
    assert "_import_progress" in answer.content.decode()
    assert read(job).state == ImportState.QUEUED
    actions.run_waiting_imports()
    answer = client.get(f"/imports/{job.pk}/", headers=BOOSTED_PROGRESS)
    assert answer.headers["HX-Retarget"] == "#_import_state"
    assert "every 1s" not in answer.content.decode()
    assert Client.objects.count() == 2
    answer = post(department_head, read(job), "undo")
    actions.run_waiting_imports()
    assert not Client.objects.exists()


def test_progress_is_a_fragment_that_asks_again(department_head):
    job = checked(department_head)
    job = actions.apply_import(job.pk, by=department_head, version=job.version)
    answer = signed_in(department_head).get(f"/imports/{job.pk}/", headers=BOOSTED_PROGRESS)
    assert "every 1s" in answer.content.decode()
    assert "HX-Retarget" not in answer.headers
    assert "_import_state" not in answer.content.decode().replace("#_import_state", "")


@pytest.mark.parametrize("state", ImportState.values)
def test_every_state_has_its_page(department_head, state):
    job = checked(department_head)
    ImportJob.objects.filter(pk=job.pk).update(
        state=state, finished_at=timezone.now(), started_at=timezone.now(), error="x"
    )
    for headers in ({}, HTMX):
        answer = signed_in(department_head).get(f"/imports/{job.pk}/", headers=headers)
        assert answer.status_code == 200
    assert signed_in(department_head).get(f"/imports/{job.pk}/?columns=1").status_code == 200


def test_a_stale_button_answers_409(department_head):
    job = checked(department_head)
    job.version -= 1
    answer = post(department_head, job, "apply")
    assert answer.status_code == 409
    assert "здесь его нынешнее состояние" in answer.content.decode()  # there is nothing to compare
    assert read(job).state == ImportState.PREVIEWED


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
def test_a_nonsensical_version_answers_422(department_head, version):
    job = checked(department_head)
    answer = post(department_head, job, "apply", {"version": version})
    assert answer.status_code == 422


def test_wrong_columns_stay_as_they_were_chosen(department_head):
    job = uploaded(department_head)
    twice = {**columns(job), "column_1": "name"}
    answer = post(department_head, job, "check", {**twice, **options(department_head)})
    assert answer.status_code == 422
    assert 'id="id_column_1_error"' in answer.content.decode()
    assert read(job).state == ImportState.UPLOADED
    unknown = {**columns(job), "column_1": "salary", **options(department_head)}
    assert post(department_head, job, "check", unknown).status_code == 422
    nameless = {**columns(job), "column_0": "", **options(department_head)}
    assert post(department_head, job, "check", nameless).status_code == 422


def test_a_unit_of_another_department_cannot_be_chosen(department_head, other_sector):
    job = uploaded(department_head)
    data = {**columns(job), **options(department_head), "unit": str(other_sector.pk)}
    assert post(department_head, job, "check", data).status_code == 422


def test_a_manager_of_another_department_cannot_be_chosen(department_head, stranger):
    job = uploaded(department_head)
    data = {**columns(job), **options(department_head), "manager": str(stranger.pk)}
    assert post(department_head, job, "check", data).status_code == 422


def test_a_kind_that_is_not_open_is_refused(department_head):
    file = SimpleUploadedFile("x.csv", CLIENTS)
    answer = signed_in(department_head).post("/imports/new/", {"kind": "people", "file": file})
    assert answer.status_code == 422
    assert signed_in(department_head).get("/imports/template/people/").status_code == 403
    assert signed_in(department_head).get("/imports/template/nothing/").status_code == 404


def test_the_same_file_is_announced(department_head):
    applied(department_head)
    job = uploaded(fresh(department_head))
    answer = signed_in(department_head).get(f"/imports/{job.pk}/")
    assert answer.context["page"].same_file is not None
    assert SAME in answer.content.decode()
    ImportJob.objects.filter(pk=job.pk).update(state=ImportState.PREVIEWED)  # checked by itself
    assert SAME in signed_in(department_head).get(f"/imports/{job.pk}/").content.decode()


def test_an_import_taken_back_promises_nothing(department_head):
    job = checked(department_head)
    for state, words in (
        (ImportState.PREVIEWED, "будет добавлено"),
        (ImportState.ROLLED_BACK, "снова убрано"),
    ):
        ImportJob.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now())
        page = signed_in(department_head).get(f"/imports/{job.pk}/").content.decode()
        assert words in page
        assert ("будет добавлено" in page) == (state == ImportState.PREVIEWED)


def test_refused_rows_are_handed_out_without_formulas(department_head):
    tricks = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "|x", "%x"]
    rows = "".join(f'"{trick}";1\n' for trick in tricks)
    job = checked(department_head, f"Наименование;ИНН\n{rows}".encode())
    client = signed_in(department_head)
    book = client.get(f"/imports/{job.pk}/remarks/?as=xlsx")
    content = b"".join(book.streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    values = [row[0] for row in sheet.to_python()[1:]]
    assert values == [trick.strip() for trick in tricks]
    text = b"".join(client.get(f"/imports/{job.pk}/remarks/?as=csv").streaming_content).decode(
        "utf-8-sig"
    )
    cells = [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]
    assert all(cell.startswith("'") for cell in cells if cell != "x")
    assert client.get(f"/imports/{job.pk}/remarks/?as=exe").status_code == 404
    assert AccessEvent.objects.filter(kind="export").count() == 2


def test_corrected_refusals_can_be_imported_again(department_head):
    job = checked(department_head, "Наименование;ИНН\nРомашка;1\n".encode())
    book = signed_in(department_head).get(f"/imports/{job.pk}/remarks/")
    again = uploaded(fresh(department_head), b"".join(book.streaming_content))
    assert again.mapping == {"name": 0, "inn": 1}


def test_an_empty_table_is_understood_when_it_comes_back_filled_in(department_head):
    for kind in ("clients", "contacts"):
        book = signed_in(department_head).get(f"/imports/template/{kind}/")
        content = b"".join(book.streaming_content)
        header = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        from crm.imports import mapping, registry

        declared = registry.get(kind)
        found = mapping.guess(declared, header.to_python()[0])
        assert set(found) == {field.name for field in declared.fields}


def test_text_of_a_file_is_shown_as_text(department_head):
    content = '<script>alert(1)</script>;x\n"<img src=x onerror=alert(1)>";1\n'
    job = uploaded(department_head, f"Наименование;{content}".encode(), name="<b>.csv")
    page = signed_in(department_head).get(f"/imports/{job.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>.csv" not in page


def test_the_list_asks_as_many_queries_for_many(department_head, django_assert_max_num_queries):
    for number in range(12):
        uploaded(department_head, name=f"{number}.csv")
    client = signed_in(department_head)
    client.get("/imports/")
    with django_assert_max_num_queries(12):
        page = client.get("/imports/")
    assert "11.csv" in page.content.decode()
    assert client.get("/imports/?kind=clients&state=uploaded&q=11").status_code == 200


@pytest.mark.parametrize("action", ["check", "apply", "cancel", "undo"])
def test_buttons_are_not_links(department_head, action):
    job = checked(department_head)
    assert signed_in(department_head).get(f"/imports/{job.pk}/{action}/").status_code == 405


def test_a_large_check_is_left_to_the_worker(department_head):
    rows = "".join(f"Клиент {n}\n" for n in range(2_001))
    job = uploaded(department_head, f"Наименование\n{rows}".encode())
    answer = post(department_head, job, "check", {**columns(job), **options(department_head)})
    assert "_import_progress" in answer.content.decode()
    assert read(job).state == ImportState.CHECKING
    assert actions.run_waiting_imports() == 1
    assert read(job).state == ImportState.PREVIEWED


@pytest.mark.parametrize(("language", "word"), [("ru", "Название"), ("en", "Name")])
def test_an_empty_table_is_in_the_reader_s_language_and_named_so(department_head, language, word):
    User.objects.filter(pk=department_head.pk).update(language=language)
    book = signed_in(department_head).get("/imports/template/clients/")
    assert f'filename="clients-{language}.xlsx"' in book.headers["Content-Disposition"]
    content = io.BytesIO(b"".join(book.streaming_content))
    assert word in CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()[0]
