"""Tables as people send them: any separator, any encoding, any first rows."""

import functools
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports import registry
from crm.imports.reading import Limits, Unreadable, header_key, read_table
from tests.imports.workbooks import proper

HEADER = ["Наименование", "ИНН", "Телефон"]
ROW = ["ООО «Ромашка»", "7707083893", "+7 (495) 123-45-67"]


@functools.cache
def names():
    return registry.get("clients").known()


def known(column):
    return names()(column)


def read(content, **limits):
    return read_table(content, known, Limits(**limits))


def text(rows, separator=";"):
    return "\r\n".join(separator.join(row) for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found(encoding, separator):
    row = ["ООО Ромашка", *ROW[1:]] if encoding == "cp866" else ROW  # it has no such quotes
    table = read(text([HEADER, row], separator).encode(encoding))
    assert table.header == HEADER
    assert [line.cells for line in table.lines] == [row]
    assert table.separator == separator


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(encoding):
    rows = [["Name", "INN", "Phone"], ["Romashka", "7707083893", "84951234567"]] * 20
    assert read(text(rows).encode(encoding)).header == rows[0]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
def test_capital_letters_alone_tell_the_encoding(encoding):
    rows = [["НАИМЕНОВАНИЕ", "ИНН"], ["ООО РОМАШКА И ПАРТНЁРЫ", "7707083893"]]
    assert read(text(rows).encode(encoding)).lines[0].cells[0] == "ООО РОМАШКА И ПАРТНЁРЫ"


def test_the_header_is_found_below_a_title():
    rows = [["ООО «Склад»", "", ""], ["Контрагенты на 01.11.2026", "", ""], [], HEADER, ROW]
    table = read(text(rows).encode())
    assert table.header_row == 4
    assert table.recognised
    assert table.lines[0].number == 5


def test_unknown_names_leave_the_choice_to_the_person():
    table = read(text([["aaa", "bbb"], ["1", "2"]]).encode())
    assert not table.recognised
    assert table.header == ["aaa", "bbb"]


def test_one_known_column_is_a_table():
    table = read("Наименование\nРомашка\nЛютик\n".encode())
    assert [line.cells for line in table.lines] == [["Ромашка"], ["Лютик"]]


def test_quotes_hold_separators_and_line_ends():
    content = 'Наименование;ИНН\n"ООО ""Ромашка""; склад\nдва";7707083893\n'
    assert read(content.encode()).lines[0].cells[0] == 'ООО "Ромашка"; склад\nдва'


def test_unescaped_quotes_are_forgiven():
    content = 'Наименование;ИНН\n"ООО "Ромашка"";7707083893\nЛютик;2\n'
    assert [line.cells[1] for line in read(content.encode()).lines] == ["7707083893", "2"]


def test_a_quote_that_is_never_closed_is_named():
    content = "Наименование;ИНН\n" + 'A;1\n"B;2\n' + "C;3\n" * 300
    with pytest.raises(Unreadable) as refusal:
        read(content.encode())
    assert refusal.value.field == "file"


def test_empty_rows_are_left_out_and_numbers_stay_those_of_the_file():
    table = read(text([HEADER, [], ROW, ["", "", ""], ROW]).encode())
    assert [line.number for line in table.lines] == [3, 5]


def test_the_line_that_names_the_separator_is_obeyed():
    table = read("sep=,\nНаименование,ИНН\nA;B,1\n".encode())
    assert table.lines[0].cells == ["A;B", "1"]
    assert table.header_row == 2


def test_short_and_long_rows_get_the_width_of_the_header():
    table = read(text([HEADER, ["A"], ["B", "1", "2", "3", "4"]]).encode())
    assert [line.cells for line in table.lines] == [["A", "", ""], ["B", "1", "2"]]


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("'=1+1", "=1+1"),
        ("'+7 495", "+7 495"),
        ("''=1", "''=1"),
        ("'просто", "'просто"),
        ("1\u00a0234,50", "1 234,50"),
        ("\ufeff x ", "x"),
    ],
)
def test_one_apostrophe_before_a_trigger_is_taken_off(cell, clean):
    table = read(f"Наименование;ИНН\n{cell};1\n".encode())
    assert table.lines[0].cells[0] == clean


def test_a_workbook_gives_text_as_a_person_would_type_it():
    rows = [
        ["Наименование", "ИНН", "Потенциал", "Комментарий", "Сайт", "Категория"],
        ["Ромашка", 7707083893, 1234.5, date(2026, 11, 23), True, time(9, 30)],
        ["Лютик", 277070838.0, 0.1, datetime(2026, 11, 23, 9, 30), "  x  ", ""],  # noqa: DTZ001
    ]
    formats = {3: {"num_format": "dd.mm.yyyy hh:mm"}, 5: {"num_format": "hh:mm"}}
    table = read(proper(rows, formats=formats))
    assert table.sheet == "Лист1"
    assert table.lines[0].cells[:5] == ["Ромашка", "7707083893", "1234.5", "2026-11-23", "1"]
    assert table.lines[0].cells[5].startswith("09:30")
    assert table.lines[1].cells == ["Лютик", "277070838", "0.1", "2026-11-23 09:30:00", "x", ""]


def test_the_sheet_with_known_names_is_chosen():
    rows = {"Данные": [HEADER, ROW]}
    table = read(proper([["Отчёт", "за ноябрь"], ["сводка", "1"]], sheets=rows))
    assert table.sheet == "Данные"
    assert table.lines[0].cells == ROW


def test_rows_of_a_workbook_keep_their_numbers():
    table = read(proper([[], ["", "Контрагенты"], [], ["", *HEADER], ["", *ROW]]))
    assert table.header_row == 4
    assert table.lines[0].number == 5


def test_a_file_with_more_rows_than_allowed_is_refused():
    with pytest.raises(Unreadable, match="10"):
        read(text([HEADER, *[ROW] * 11]).encode(), rows=10)
    with pytest.raises(Unreadable, match="10"):
        read(proper([HEADER, *[ROW] * 11]), rows=10)


def test_a_table_with_more_columns_than_allowed_is_refused():
    wide = [f"c{number}" for number in range(30)]
    with pytest.raises(Unreadable, match="20"):
        read(text([[*HEADER, *wide], [*ROW, *wide]]).encode(), columns=20)
    with pytest.raises(Unreadable, match="20"):
        read(proper([[*HEADER, *wide], [*ROW, *wide]]), columns=20)


def test_the_size_is_counted_on_bytes():
    with pytest.raises(Unreadable, match="1"):
        read(b"a;b\n" * 300_000, file_bytes=1024 * 1024)


@given(st.text(max_size=40))
def test_any_text_has_a_key_that_does_not_change(name):
    assert header_key(header_key(name)) == header_key(name)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_refusal(content):
    try:
        table = read(content)
    except Unreadable as refusal:
        assert str(refusal)
    else:
        assert all(len(line.cells) == len(table.header) for line in table.lines)
