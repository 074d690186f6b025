"""The current view as a file, and who may not take it or see all of it (G-IO3, G-AZ4, G-AZ5)."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from clients.models import Client
from crm.accounts.models import AccessEvent
from tests.cast import signed_in
from tests.lists.test_tabular import DANGEROUS

URL = "/declared/clients/"
EVERYTHING = "name,code,category,manager,potential_monthly,specifics"


@pytest.fixture(autouse=True)
def declared(settings):
    settings.ROOT_URLCONF = "tests.lists.declared"


def make(number, **more):
    more.setdefault("name", f"Client {number}")
    return Client.objects.create(code=f"K{number}", sort_key=f"client {number:04}", **more)


def as_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def as_xlsx(answer):
    file = io.BytesIO(b"".join(answer.streaming_content))
    return file, CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def test_a_file_holds_every_row_of_the_view_in_its_order_and_columns(cast):
    for number in range(60):
        make(number, potential_monthly=number % 2)
    query = f"{URL}?sort=-potential_monthly,name&columns=code,potential_monthly&more_than=0&size=25"
    browser = signed_in(cast.director)
    table = as_csv(browser.get(f"{query}&export=csv"))
    assert len(table) == 31
    assert table[0][1:] == ["Code", "Potential,\u00a0₽"]
    assert table[1] == ["Client 1", "K1", "1,00"]
    _file, sheet = as_xlsx(browser.get(f"{query}&export=xlsx"))
    assert len(sheet) == 32
    assert sheet[1] == ["Client 1", "K1", 1.0]
    assert sheet[-1] == ["Итого", "", 30.0]


def test_formula_like_text_of_any_field_stays_text_in_both_files(cast):
    for number, text in enumerate(DANGEROUS):
        make(number, name=text, specifics=text)
    browser = signed_in(cast.director)
    table = as_csv(browser.get(f"{URL}?columns=specifics&export=csv"))
    assert [row[1] for row in table[1:]] == ["'" + text for text in DANGEROUS]
    file, sheet = as_xlsx(browser.get(f"{URL}?columns=specifics&export=xlsx"))
    assert [row[:2] for row in sheet[1:]] == [[text, text] for text in DANGEROUS]
    with zipfile.ZipFile(file) as archive:
        assert not re.search(rb"<f[ >/]", archive.read("xl/worksheets/sheet1.xml"))


def test_every_export_is_written_down_with_its_size(cast):
    for number in range(3):
        make(number)
    signed_in(cast.director).get(f"{URL}?sort=-code&export=csv")
    event = AccessEvent.objects.get(kind="export")
    assert (event.user, event.rows) == (cast.director, 3)
    assert event.target.startswith("clients?sort=-code")


def test_a_role_without_the_right_gets_no_file_and_no_button(cast):
    make(1)
    browser = signed_in(cast.logistics)
    assert browser.get(f"{URL}?export=csv").status_code == 403
    assert "export=" not in browser.get(URL).content.decode()
    assert not AccessEvent.objects.filter(kind="export").exists()


def test_nothing_is_exported_by_an_address_that_is_not_understood(cast):
    make(1)
    answer = signed_in(cast.director).get(f"{URL}?category=Z&export=csv")
    assert answer.status_code == 400
    assert not answer.streaming


def test_labels_stand_in_files_instead_of_codes_in_the_language_of_the_person(cast):
    cast.director.language = "en"
    cast.director.save(update_fields=["language"])
    make(1, manager=cast.manager, status="prospect", tags=["a", "=b"])
    browser = signed_in(cast.director)
    table = as_csv(browser.get(f"{URL}?columns=manager,status,weekday,tags&export=csv"))
    assert table[1] == ["Client 1", "Иванова А. П.", "Prospect", "Monday", "a, =b"]


def test_a_day_in_a_file_is_the_local_one(cast):
    client = make(1)
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # already the second of March in Moscow
    Client.objects.filter(pk=client.pk).update(created_at=late)
    browser = signed_in(cast.director)
    assert as_csv(browser.get(f"{URL}?columns=created_at&export=csv"))[1][1] == "02.03.2026"
    _file, sheet = as_xlsx(browser.get(f"{URL}?columns=created_at&export=xlsx"))
    assert sheet[1][1] == date(2026, 3, 2)
    assert "02.03.2026" in browser.get(f"{URL}?columns=created_at").content.decode()


CANARY = 987_654_321
CANARIES = (b"987654321", "987\u00a0654\u00a0321".encode(), b"987654321.0")


@pytest.mark.parametrize("fmt", ["", "csv", "xlsx"])
def test_a_restricted_column_is_nowhere(cast, fmt):
    make(1, potential_monthly=CANARY)
    for person, seen in ((cast.director, True), (cast.marketer, False)):
        answer = signed_in(person).get(f"{URL}?export={fmt}")
        data = b"".join(answer.streaming_content) if fmt else answer.content
        if fmt == "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b"".join(archive.read(name) for name in archive.namelist())
        assert any(canary in data for canary in CANARIES) is seen
        assert (b"Potential" in data) is seen


@pytest.mark.parametrize(
    "query",
    [
        "sort=potential_monthly", "sort=-potential_monthly", "sort=name,potential_monthly",
        "columns=potential_monthly", "potential_min=1", "potential_max=1", "more_than=1",
    ],
)  # fmt: skip
def test_a_restricted_column_sorts_and_filters_nothing(cast, query):
    make(1, potential_monthly=CANARY)
    make(2)
    assert signed_in(cast.director).get(f"{URL}?{query}").status_code == 200
    answer = signed_in(cast.marketer).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert [row.code for row in answer.context["list"].rows] == ["K1", "K2"]
    panel = signed_in(cast.marketer).get(f"{URL}?part=filters").content.decode()
    assert "potential" not in panel
    assert "more_than" not in panel


def test_a_restricted_sum_is_not_counted(cast):
    make(1, potential_monthly=CANARY)
    page = signed_in(cast.marketer).get(f"{URL}?totals=1").context["list"]
    assert page.summary.sums is None
