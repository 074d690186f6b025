"""Statements of clients read from files: layouts, halves, sides, sums, refusals (D.3, REC-2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.imports.reading import Limits, Unreadable
from deals.comparing.facing import from_our_side
from deals.comparing.pairing import compare
from deals.comparing.reading import read_statement
from deals.comparing.records import Line
from deals.comparing.wording import sentence
from tests.deals import filled_acts as acts
from tests.deals.noisy_statements import noisy, verdicts
from tests.files import samples
from tests.imports import workbooks
from tests.kernel.shared_files import shared_example

D, MB = Decimal, 1024 * 1024
CELLS = [
    "",
    "1",
    "100",
    "-7,5",
    "1 234,56",
    "01.10.2026",
    "31.02.2026",
    "46299",
    "99999",
    "Дебет",
    "Кредит",
    "Сальдо",
    "Обороты",
    "Приход 5 от 01.10.26",
    "№",
    "Итого",
    "1,2,3",
    "\ufeff",
]
OURS = [
    Line(1, date(2026, 10, 10), "Поступление на расчётный счёт № P1", credit=D("300000")),
    Line(2, date(2026, 10, 20), "Реализация (УПД) № I3", debit=D("512999.25")),
    Line(3, date(2026, 10, 20), "Поступление на расчётный счёт № P2", credit=D("180450.75")),
]
ABOVE = ["Акт сверки взаимных расчётов № 5 за период: 01.10.2026 – 31.10.2026"]
HALVES = {
    "ours and theirs": (acts.form_of_1c(), "their_view"),
    "theirs is on the left": (
        acts.form_of_1c(acts.mirror(acts.REC_2), acts.REC_2, names=(acts.THEM, acts.US)),
        "their_view",
    ),
    "only ours": (acts.form_of_1c(right=acts.EMPTY), "our_view"),
    "only the right one": (acts.form_of_1c(acts.EMPTY, acts.mirror(acts.REC_2)), "their_view"),
}


def read(content, **options):
    limits = Limits(**options.pop("limits", {}))
    return read_statement(content, **{"limits": limits, "names": [acts.THEM], **options})


def codes(statement):
    return [remark.code for remark in statement.warnings]


def values(statement):
    return [(line.on.isoformat(), line.value) for line in statement.lines]


@pytest.mark.parametrize("make", [acts.xlsx, acts.csv], ids=["xlsx", "csv"])
@pytest.mark.parametrize("halves", HALVES)
def test_an_act_in_the_form_of_1c_is_read_and_ties_with_rec_2(halves, make):
    rows, view = HALVES[halves]
    mirror = shared_example("REC-2")["expected"]["mirror"]
    statement = read(make(rows), our_names=[acts.US])
    if view == "their_view":
        assert -statement.opening == D(mirror["opening_credit"])
        assert -statement.closing == D(mirror["closing_credit"])
        assert statement.turnover_debit == D(mirror["turnover_debit"])
        assert statement.turnover_credit == D(mirror["turnover_credit"])
    seen = from_our_side(statement, OURS, opening=D("730450.75"), closing=D("762999.25"))
    assert codes(seen) == [view, "half_empty" if halves == "only ours" else "half_of"]
    assert (seen.opening, seen.closing) == (D("730450.75"), D("762999.25"))
    found = compare(OURS, seen.lines, days=3)
    assert [row.how.value for row in found.matched] == ["exact"] * 3
    assert found.difference == 0


def test_the_half_of_the_client_goes_before_that_of_us_and_the_right_before_the_left():
    other = [[day, text, f"{n} 000,00", ""] for n, (day, text, *_) in enumerate(acts.REC_2, 1)]
    rows = acts.form_of_1c(acts.REC_2, other)
    assert read(acts.xlsx(rows)).of == acts.THEM
    assert read(acts.xlsx(rows), names=["ПОСТАВЩИК"]).of == acts.US
    assert read(acts.xlsx(rows), names=[], our_names=[acts.THEM]).of == acts.US
    assert read(acts.xlsx(rows), names=[]).of == acts.THEM


CAPTIONS = [
    ["Дата", "Наименование операции, документы", "Дебет, руб.", "Кредит, руб."],
    ["Дата документа", "Содержание", "Дт", "Кт"],
    ["дата", "Содержание записи", "ДЕБЕТ (руб.)", "КРЕДИТ (руб.)"],
    ["Дата", "Операция", "Дебет сумма", "Кредит сумма"],
]


@pytest.mark.parametrize("header", CAPTIONS, ids=lambda header: header[1])
def test_captions_days_and_amounts_are_read_in_their_usual_forms(header):
    rows = [
        ["Акт сверки", "", "", ""],
        header,
        ["1", "2", "3", "4"],
        ["", "Остаток на начало периода", "", "1\u00a0000,00"],
        ["01.10.26", "Оплата п/п 17", "1\u202f234,56", "-"],
        ["02.10.2026", "Приход 5", "", "1234.5"],
        ["2026-10-03", "Приход 6", "0,00", "1 000 000"],
        ["46299", "Приход 7", "—", "7.00"],
        ["05.10.2026 12:30:00", "Приход 8 сторно", "", "-7,00"],
        ["", "Приход 9 от 06.10.2026 г.", "", "9"],
        ["", "Без дня", "", "1"],
        ["Итого", "", "1 234,56", "1 001 244,50"],
        ["Сальдо на 31.10.2026", "", "", "1 001 009,94"],
        ["Задолженность в пользу ООО «Поставщик»", "на 31.10.2026", "1 001 009,94", ""],
    ]
    statement = read(acts.csv(rows, encoding="utf-8", separator="\t"))
    assert values(statement) == [
        ("2026-10-01", D("1234.56")), ("2026-10-02", D("-1234.50")),
        ("2026-10-03", D("-1000000")), ("2026-10-04", D("-7")), ("2026-10-05", D("7")),
        ("2026-10-06", D("-9")), ("2026-10-06", D("-1")),
    ]  # fmt: skip
    assert (statement.opening, statement.closing) == (D("-1000"), D("-1001009.94"))
    assert codes(statement) == ["no_day"]
    assert [line.text for line in statement.lines][:2] == ["Оплата п/п 17", "Приход 5"]
    assert statement.lines[0].place.endswith("5")


def test_what_does_not_add_up_or_cannot_be_read_is_told():
    rows = [
        acts.HEADER,
        ["01.10.2026", "Приход 5", "", "100"],
        ["02.10.2026", "Приход 6", "", "#ССЫЛКА!"],
        ["", "Обороты", "", "110"],
        ["", "Сальдо конечное", "", "300"],
    ]
    assert codes(read(acts.csv(rows))) == ["unread", "turnover_differs", "no_opening"]
    rows[1:1] = [["", "Сальдо начальное", "", "150"]]
    statement = read(acts.csv(rows))
    assert codes(statement) == ["unread", "turnover_differs", "closing_differs"]
    assert all(sentence(remark) for remark in statement.warnings)


def test_a_header_of_two_rows_with_a_column_of_row_numbers():
    rows = [
        ["", "№ п/п", "Дата", "Документ", "Обороты", ""],
        ["", "", "", "", "Дебет", "Кредит"],
        ["", 1, date(2026, 10, 1), "Приход 55", None, 100.1],
        ["", 2, date(2026, 10, 2), "Оплата", 50, None],
    ]
    content = workbooks.proper(rows, formats={2: {"num_format": "dd.mm.yyyy"}})
    lines = read(content).lines
    assert [(x.on.day, x.text, x.number, x.debit, x.credit) for x in lines] == [
        (1, "Приход 55", "", 0, D("100.10")), (2, "Оплата", "", D(50), 0),
    ]  # fmt: skip


def test_a_column_of_numbers_is_one_of_documents_unless_it_counts_the_rows():
    rows = [["№", "Дата", "Документ", "Дебет", "Кредит"]]
    rows += [[number, "01.10.2026", "Приход", "", "100"] for number in ("17", "4")]
    assert [line.number for line in read(acts.csv(rows)).lines] == ["17", "4"]
    rows[1][0], rows[2][0] = "1", "2"
    assert [line.number for line in read(acts.csv(rows)).lines] == ["", ""]


def test_the_table_may_stand_on_another_sheet():
    content = workbooks.proper([["Уважаемые коллеги", "!"]], sheets={"Акт": acts.form_of_1c()})
    assert len(read(content).lines) == 3


PAPERS = {
    "centred": {},
    "at the top": {"upright": "top", "inset": 2},
    "at the bottom": {"upright": "bottom", "inset": 2},
    "without rules": {"ruled": False},
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("halves", [1, 2])
def test_a_pdf_with_text_is_read(halves, paper):
    theirs = acts.mirror(acts.REC_2)
    rows = [[*ours, *row][-4 * halves :] for ours, row in zip(acts.REC_2, theirs, strict=True)]
    closing = "По данным ООО «Ромашка» на 31.10.2026 задолженность 762 999,25 руб. " * 2
    content = acts.pdf([acts.HEADER * halves, *rows], above=ABOVE, below=[closing], **PAPERS[paper])
    statement = read(content)
    assert values(statement) == [
        ("2026-10-10", D("300000")), ("2026-10-20", D("-512999.25")),
        ("2026-10-20", D("180450.75")),
    ]  # fmt: skip
    assert (statement.opening, statement.closing) == (D("-730450.75"), D("-762999.25"))
    assert [line.text for line in statement.lines] == [row[1] for row in theirs[1:4]]
    assert codes(statement) == (["half_of"] if halves == 2 else [])
    assert all(line.place for line in statement.lines)


@pytest.mark.parametrize("ruled", [True, False])
def test_an_amount_within_a_text_is_no_operation(ruled):
    text = [f"31.10.2026 {'долг ' * words}5 000,00 руб." for words in range(16, 24)]
    rows = acts.mirror(acts.REC_2)[:-1]
    statement = read(acts.pdf([acts.HEADER, *rows], below=text, ruled=ruled))
    assert [abs(value) for _day, value in values(statement)] == [
        D("300000"), D("512999.25"), D("180450.75"),
    ]  # fmt: skip


def test_a_long_pdf_goes_on_over_its_pages():
    rows = [
        [f"{1 + n % 28:02}.10.2026", f"Приход товаров от поставщика по УПД {n} " * 4, "", f"{n},07"]
        for n in range(1, 121)
    ]
    statement = read(acts.pdf([acts.HEADER, *rows], above=ABOVE))
    assert [line.credit for line in statement.lines] == [n + D("0.07") for n in range(1, 121)]
    assert all(f"УПД {n} " in line.text for n, line in enumerate(statement.lines, 1))
    assert [line.on.day for line in statement.lines] == [1 + n % 28 for n in range(1, 121)]


def test_whose_side_a_statement_is_written_from_is_found_and_told():
    theirs = read(acts.xlsx(acts.form_of_1c()))
    assert codes(from_our_side(theirs, OURS))[0] == "their_view"
    assert codes(from_our_side(theirs.mirrored(), OURS))[0] == "our_view"
    by_balance = from_our_side(theirs.mirrored(), [], opening=D("730450.75"))
    assert codes(by_balance)[0] == "our_view"
    unclear = from_our_side(theirs, [])
    assert codes(unclear)[0] == "unclear_view"
    assert unclear.lines == theirs.mirrored().lines


@pytest.mark.parametrize("make", [acts.xlsx, acts.csv], ids=["xlsx", "csv"])
def test_a_noisy_statement_of_a_thousand_lines_is_judged_right_from_its_file(make):
    made = noisy(5)
    rows = [
        [f"{x.on:%d.%m.%y}", x.text, *(f"{y:,.2f}".replace(",", " ") for y in (x.credit, x.debit))]
        for x in made.theirs
    ]
    seen = from_our_side(read(make([acts.HEADER, *rows])), made.ours)
    assert codes(seen) == ["their_view", "no_opening", "no_closing"]
    assert len(seen.lines) == len(made.theirs)
    keys = {line.key: true.key for line, true in zip(seen.lines, made.theirs, strict=True)}
    theirs = [replace(line, key=keys[line.key]) for line in seen.lines]
    said = verdicts(compare(made.ours, theirs, days=3))
    right = sum(said[key] == verdict for key, verdict in made.truth.items())
    assert right >= len(made.truth) * D("0.99")


LETTER = [["Дата", "Документ", "Сумма", ""], ["01.10.2026", "", "1,00", ""]]
NO_TABLE, DAMAGED, PASSWORD = "no row names the columns", "damaged", "by a password"
LIARS = {
    "empty": (lambda: b"", "is empty"),
    "spaces": (lambda: b" \r\n ", "is empty"),
    "not a table": ("Просим подписать акт сверки".encode, NO_TABLE),
    "no debit": (lambda: acts.csv([["Дата", "Сумма"], ["01.10.2026", "5"]]), NO_TABLE),
    "a header alone": (lambda: acts.csv([acts.HEADER]), "no amounts"),
    "no amounts": (
        lambda: acts.csv([acts.HEADER, ["01.10.2026", "Приход 5", "", "0,00"]]), "no amounts"
    ),
    "no days": (lambda: acts.csv([acts.HEADER, ["", "Приход 5", "", "100"]]), "no days"),
    "no operations": (lambda: acts.csv([acts.HEADER, ["", "", "", "100"]]), "no operations"),
    "a picture": (samples.picture, "PNG"),
    "PDF of a picture": (acts.picture_in_pdf, "holds a picture"),
    "PDF of a letter": (lambda: acts.pdf(LETTER), NO_TABLE),
    "PDF cut": (lambda: acts.pdf([acts.HEADER, *acts.REC_2])[:400], DAMAGED),
    "PDF in name only": (lambda: b"%PDF-1.7\n" + b"\x00" * 400, DAMAGED),
    "PDF with a password": (
        lambda: samples.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), PASSWORD
    ),
    "a workbook cut": (lambda: acts.xlsx(acts.form_of_1c())[:500], DAMAGED),
    "a bomb": (
        lambda: workbooks.by_hand(workbooks.sheet_xml("<row/>" + " " * 9_000_000)), "tightly"
    ),
    "entities": (
        lambda: workbooks.by_hand(workbooks.sheet_xml(prolog='<!DOCTYPE x [<!ENTITY a "b">]>')),
        "document type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("liar", LIARS)
def test_what_is_no_statement_is_refused_with_a_sentence(liar):
    make, reason = LIARS[liar]
    with override("en"), pytest.raises(Unreadable, match=reason):
        read(make())


@pytest.mark.parametrize(
    ("drawing", "limits"),
    [(b"q Q " * 3_000_000, {"seconds": 1}), (b" " * 120 * MB, {"memory_bytes": 200 * MB})],
    ids=["time", "memory"],
)
def test_a_pdf_that_takes_too_much_is_given_up(drawing, limits):
    with override("en"), pytest.raises(Unreadable, match="too much time or memory"):
        read(acts.page_of(drawing), limits=limits)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(CELLS), max_size=9), max_size=9))
def test_any_table_is_a_statement_or_a_refusal(rows):
    try:
        statement = read(acts.csv([acts.HEADER * 2, *rows], encoding="utf-8"))
    except Unreadable:
        return
    assert all(bool(line.debit) != bool(line.credit) for line in statement.lines)
    assert len({line.key for line in statement.lines}) == len(statement.lines)
    assert all(sentence(remark) for remark in statement.warnings)


@pytest.mark.parametrize("make", [acts.xlsx, acts.csv, acts.pdf], ids=["xlsx", "csv", "pdf"])
def test_a_file_that_is_too_long_or_too_large_is_refused(make):
    rows = [acts.HEADER, *([["01.10.2026", "Приход 5 по УПД", "", "1,00"]] * 60)]
    content = make(rows)
    assert len(read(content).lines) == 60
    with override("en"), pytest.raises(Unreadable, match="more than 5 rows"):
        read(content, limits={"rows": 5})
    with override("en"), pytest.raises(Unreadable, match="larger than"):
        read(content, limits={"file_bytes": len(content) - 1})
