"""The bank's file is read in any dress, or refused with the place where it broke."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.imports.reading import Limits, Unreadable
from deals.importers.bank_format import Broken
from deals.importers.bank_reading import read_statement
from tests.factories import bank
from tests.kernel.shared_files import shared_file

LIMITS = Limits()
SIX = [bank.document(str(n), f"{n}00.50") for n in range(1, 7)]
PLAIN = bank.text(SIX)


def read(content):
    return read_statement(content if isinstance(content, bytes) else content.encode(), LIMITS)


@pytest.mark.parametrize(
    "encoding", ["cp1251", "cp866", "koi8-r", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"]
)
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r", "mixed"])
def test_every_encoding_and_line_end_gives_the_same(encoding, ends):
    text = PLAIN.replace("\r\n", "\n", 40) if ends == "mixed" else PLAIN.replace("\r\n", ends)
    found, plain = read(text.encode(encoding)), read(PLAIN)
    assert found.documents == plain.documents
    assert found.sections == plain.sections
    assert found.documents[0].payer.name == 'ООО "Ромашка"'
    assert found.warnings == []


def test_a_document_is_read_field_by_field():
    [one] = read(
        bank.text(
            [
                bank.document(
                    "512/А",
                    "1 234,50",
                    ПлательщикКПП="770101001",
                    НазначениеПлатежа="счёт=5 = да",
                    Неизвестно="x",
                )
            ]
        )
    ).documents
    assert (one.number, one.amount, one.kind) == (
        "512/А",
        Decimal("1234.50"),
        "Платежное поручение",
    )
    assert (one.dated_on, one.received_on, one.written_off_on) == (
        date(2026, 10, 20),
        date(2026, 10, 20),
        None,
    )
    assert (one.payer.inn, one.payer.kpp, one.payer.bic) == ("7701000019", "770101001", "044599777")
    assert (one.payer.account, one.payee.account) == (bank.THEIRS, bank.OURS)
    assert one.purpose == "счёт=5 = да"
    assert one.problem == ""


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1 234,5", "1234.50"),
        ("1\u00a0234", "1234.00"),
        ("0.0100", "0.01"),
    ],
)
def test_amounts_are_read_as_banks_write_them(typed, amount):
    [one] = read(bank.text([bank.document("1", typed)])).documents
    assert one.amount == Decimal(amount)


@pytest.mark.parametrize("typed", ["много", "1.234", "1e5", "12345678901234.00"])
def test_a_wrong_amount_is_the_documents_problem_and_not_the_files(typed):
    first, second = read(bank.text([bank.document("1", typed), bank.document("2", "5")])).documents
    assert first.amount is None
    assert first.problem
    assert second.amount == 5


def test_keys_are_read_without_case_and_the_first_filled_one_holds():
    text = bank.text([bank.document("1", "100", ДатаПоступило=None)])
    text = text.replace("Сумма=100", "СУММА=\r\nсумма = 100\r\nСумма=999")
    text = text.replace("СекцияДокумент", "секцияДОКУМЕНТ").replace("РасчСчет=", "Расчсчёт=")
    file = read(text)
    assert file.documents[0].amount == 100
    assert file.documents[0].payer.account == bank.THEIRS
    assert file.accounts == [bank.OURS]


def test_a_name_is_freed_of_the_inn_before_it():
    more = {"Плательщик1": None, "Плательщик": "ИНН 7701000019 КПП 770101001 ООО «Мак»"}
    [one] = read(bank.text([bank.document("1", "1", **more)])).documents
    assert one.payer.name == "ООО «Мак»"


def test_a_purpose_in_parts_or_with_line_ends_is_one_text():
    parts = {"НазначениеПлатежа": None, "НазначениеПлатежа1": "за", "НазначениеПлатежа2": "товар"}
    broken = {"НазначениеПлатежа": "за\r\nтовар"}
    for more in (parts, broken):
        [one] = read(bank.text([bank.document("1", "1", **more)])).documents
        assert one.purpose == "за товар"


def test_what_is_no_requisite_is_left_out():
    more = {"ПлательщикИНН": "0", "ПлательщикКПП": "5", "ПлательщикБИК": "нет"}
    [one] = read(bank.text([bank.document("1", "1", **more)])).documents
    assert (one.payer.inn, one.payer.kpp, one.payer.bic) == ("", "", "")


def test_a_missing_end_mark_is_a_warning_only():
    file = read(bank.text(SIX, end=""))
    assert len(file.documents) == 6
    assert len(file.warnings) == 1
    assert read(bank.text(SIX, end="КонецВыписки")).warnings == []


def test_sections_that_we_do_not_know_are_passed_over():
    foreign = ["СекцияПодписи", "Номер=99", "КонецПодписи"]
    file = read(bank.text([foreign, *SIX]))
    assert len(file.documents) == 6


@pytest.mark.parametrize(
    ("lost", "line"),
    [
        # line 16 closes the account section, each document has 17 lines of its own
        ("КонецРасчСчет", 16),
        ("КонецДокумента", 33),
        ("СекцияРасчСчет", 15),
        ("СекцияДокумент=Платежное поручение", 32),
    ],
)
def test_a_section_without_its_end_breaks_the_file_and_says_the_line(lost, line):
    lines = PLAIN.split("\r\n")
    lines.remove(lost)
    with pytest.raises(Broken) as refusal:
        read("\r\n".join(lines))
    assert refusal.value.line == line
    assert str(line) in str(refusal.value)


def test_a_file_cut_anywhere_in_a_section_is_broken():
    lines = PLAIN.split("\r\n")
    for cut in range(8, len(lines) - 2):
        inside = lines[cut - 1] not in ("КонецРасчСчет", "КонецДокумента")
        if inside:
            with pytest.raises(Broken, match=str(cut)):
                read("\r\n".join(lines[:cut]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"invalid",
        b"PK\x03\x04zip",
        b"1CClientBankExchange",
        "Номер;Дата\n1;2".encode("cp1251"),
        b"<html></html>",
        b"<?xml version='1.0'?><Statement/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><Statement><Data>&a;</Data></Statement>",
    ],
)
def test_what_is_no_statement_is_refused(content):
    with pytest.raises(Unreadable):
        read(content)


def test_a_broken_xml_says_its_line():
    with pytest.raises(Broken) as refusal:
        read(b"<Statement>\n<Data>\n</Wrong>\n</Statement>")
    assert refusal.value.line == 3


def test_the_number_of_documents_is_limited():
    with pytest.raises(Unreadable):
        read_statement(PLAIN.encode(), Limits(rows=5))
    with pytest.raises(Unreadable):
        read_statement(PLAIN.encode(), Limits(file_bytes=100))


def test_the_xml_of_directbank_is_read():
    content = shared_file("data/directbank/Statement.xml").read_bytes()
    file = read(content)
    [section], [one] = file.sections, file.documents
    assert (section.account, section.opening, section.closing) == (
        "40702810500000000001",
        Decimal("139280.91"),
        Decimal("88970.02"),
    )
    assert (section.first, section.last) == (date(2016, 5, 4), date(2016, 5, 13))
    assert (one.number, one.amount, one.kind) == ("768", 14, "Платежное поручение")
    assert (one.written_off_on, one.received_on) == (date(2016, 5, 4), None)
    assert one.payee.inn == ""


_bits = st.sampled_from(
    [
        *["СекцияДокумент=П", "КонецДокумента", "СекцияРасчСчет", "КонецРасчСчет", "КонецФайла"],
        *["1CClientBankExchange", "Номер=1", "Дата=20.10.2026", "Дата=x", "Сумма=5", "Сумма=x"],
        *[
            "РасчСчет=40702810000000099999",
            "ДатаНачала=01.01.2026",
            "ДатаКонца=1.1.1",
            "=",
            "Секция",
        ],
        *["НачальныйОстаток=1", "ПлательщикИНН=0", "НазначениеПлатежа=а=б", "", "\x00", "\ufeff"],
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(_bits, st.text(max_size=8)), max_size=20))
def test_any_lines_are_read_or_refused(lines):
    """Nothing but a statement or a sentence comes out of any text that calls itself one."""
    content = "\n".join(["1CClientBankExchange", "Кодировка=Windows", *lines]).encode(
        "utf-8", "replace"
    )
    try:
        file = read(content)
    except Unreadable as refusal:
        assert str(refusal)
    else:
        assert all("\x00" not in d.purpose + d.number for d in file.documents)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    for start in (b"", b"1CClientBankExchange\r\n", b"<"):
        try:
            read(start + content)
        except Unreadable as refusal:
            assert str(refusal)
