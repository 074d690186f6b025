"""CSV and XLSX: text stays text, numbers stay numbers (G-IO3)."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from crm.tabular import (
    BOM,
    About,
    Kind,
    clean_text,
    csv_cell,
    csv_lines,
    is_formula_like,
    write_xlsx,
)

DANGEROUS = [
    "=40+2", "+40+2", "-40-2", "@SUM(1;2)", "\t=40+2", "\r=40+2", "\n=40+2", "＝40+2", "＋40+2",
    "－40-2", "＠SUM", "  =40+2", "\u00a0=40+2", "\ufeff=40+2", "|calc", "%0A=1", "\u200b=40+2",
    "\u3000＝40+2", "\t", "=cmd|' /C calc'!A0", "=WEBSERVICE(\"http://x\")", "-",
    "+7 (912) 345-67-89",
]  # fmt: skip
HARMLESS = ["", " ", "ООО «Ромашка»", "a=b", "7707083893", "'=1", "1-2", "№ 5", "a@b.ru", "—"]
TRIGGERS = "=+-@|%\t\r\n＝＋－＠｜％"


def read_csv(header, rows):
    text = b"".join(csv_lines(header, rows)).decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read_xlsx(header, kinds, rows):
    file = io.BytesIO()
    write_xlsx(file, header, kinds, rows)
    file.seek(0)
    return file, CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_like_text_is_recognised_and_disarmed_in_csv(text):
    assert is_formula_like(text)
    assert csv_cell(text) == "'" + text
    header, row = read_csv([text], [[text]])
    assert header == ["'" + text]
    assert row == ["'" + text]


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_left_alone(text):
    assert not is_formula_like(text)
    assert csv_cell(text) == text


@given(st.text())
def test_no_text_makes_a_csv_cell_that_starts_with_a_trigger(text):
    cell = csv_cell(text)
    visible = cell.lstrip()
    assert not cell.startswith(tuple(TRIGGERS))
    assert not visible.startswith(tuple(TRIGGERS))


def test_workbooks_hold_typed_strings_and_no_formula():
    rows = [[text] for text in DANGEROUS]
    file, back = read_xlsx(["=1+1"], [Kind.TEXT], rows)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert not re.search(r"<f[ >/]", sheet)
    assert not [name for name in names if "externalLink" in name or "connections" in name]
    assert 'quotePrefix="1"' in styles
    assert all('t="inlineStr"' in cell for cell in re.findall(r"<c [^>]*>", sheet))
    assert [row[0] for row in back] == ["=1+1", *DANGEROUS]


def test_text_that_xml_cannot_hold_does_not_spoil_the_file():
    bad = "a\x00b\x0bc\x1fd\ufffee\ud800f"
    _file, back = read_xlsx(["x"], [Kind.TEXT], [[bad], ["=\x0b1"], ["_x000D_"], ["я" * 40_000]])
    assert clean_text(bad) == "abcdef"
    assert [row[0] for row in back[1:4]] == ["abcdef", "=1", "_x000D_"]
    assert len(back[4][0]) <= 32_767
    assert read_csv(["x"], [[bad]])[1] == ["abcdef"]


def test_numbers_and_days_keep_their_type_in_workbooks():
    moment = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
    values = [Decimal("-12.50"), 7, date(2026, 11, 23), moment, True, None, "-12.50", 10**17]
    kinds = [Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.YESNO, *[Kind.TEXT] * 3]
    _file, back = read_xlsx(list("abcdefgh"), kinds, [values, [date(1812, 9, 7), *[None] * 7]])
    assert back[1][:3] == [-12.5, 7, date(2026, 11, 23)]
    assert back[1][3].isoformat() == "2026-11-23T14:05:00"
    assert back[1][5:] == ["", "-12.50", str(10**17)]
    assert back[2][0] == "07.09.1812"


def test_csv_speaks_russian_numbers_and_days():
    moment = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
    values = [Decimal("-1234.50"), -7, 1.5, date(2026, 11, 3), moment, None, Decimal("1E+3")]
    assert read_csv(list("abcdefg"), [values])[1] == [
        "-1234,50", "-7", "1,5", "03.11.2026", "23.11.2026 14:05", "", "1000",
    ]  # fmt: skip


def test_a_long_csv_comes_in_pieces():
    pieces = list(csv_lines(["a"], ([f"row {n}"] for n in range(20_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 20_001


def test_a_workbook_names_its_sheet_adds_up_and_tells_its_parameters():
    file = io.BytesIO()
    sums = []
    about = About("Debts: as of [today]", [("As of", "=28.11.2026")], lambda: ["Total", sum(sums)])
    rows = (sums.append(amount) or [str(amount), amount] for amount in (1, 2))
    assert write_xlsx(file, ["What", "Amount"], [Kind.TEXT, Kind.MONEY], rows, about) == 2
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names[0] == "Debts  as of  today"
    assert book.get_sheet_by_index(0).to_python()[1:] == [["1", 1.0], ["2", 2.0], ["Total", 3.0]]
    assert book.get_sheet_by_index(1).to_python() == [["As of", "=28.11.2026"]]
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:B3"/>' in sheet, "without the foot"
