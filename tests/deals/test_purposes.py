"""Numbers of documents in purposes as payers write them (D.12.1)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.receipts.purposes import Named, Reference, number_key, references, spellings

BILL, DEAL = Named.INVOICE, Named.CONTRACT
# The purpose, and what it names: kind, number, date beside it.
REAL = [
    ("Щ150/2. Оплата за обслуживание систем ПС за март 2022г. по сч.34 от 31.03.2022, Без НДС",
     [(BILL, "34", date(2022, 3, 31))]),
    ("Расчет по договору N Н 394/536-10-16 от 05.05.2010 за услуги связи. в т.ч. НДС 20%: 0.00",
     [(DEAL, "Н 394/536-10-16", date(2010, 5, 5))]),
    ("Оплата услуги по договору 12345", [(DEAL, "12345", None)]),
    ("ЛС: 50133547364", []),
    ("ЛС 1234567; ул. Тестовая, д.123/2, кв.321. НДС не облагается", []),
    ("НДФЛ за август 2021 года. Не облагается НДС", []),
    ("Оплата по счетам-фактурам №№ 101, 102 и 103 от 05.11.2026 г. НДС 22% - 180.33",
     [(BILL, "101", None), (BILL, "102", None), (BILL, "103", date(2026, 11, 5))]),
    ("Оплата по счету № РТ-000123 от 5 мая 2026 г., в т.ч. НДС (22%) 32540,30",
     [(BILL, "РТ-000123", date(2026, 5, 5))]),
    ("по договору поставки № 12/П-2026 от 01.02.2026, счет №7",
     [(DEAL, "12/П-2026", date(2026, 2, 1)), (BILL, "7", None)]),
    ("Оплата по УПД (счет-фактура) № 55 от «05» ноября 2026г.", [(BILL, "55", date(2026, 11, 5))]),
    ("Счет от 15.03.2026 № 44", [(BILL, "44", date(2026, 3, 15))]),
    ("за товар по сч/ф 12, с/ф 13; накл. ТН-14",
     [(BILL, "12", None), (BILL, "13", None), (BILL, "ТН-14", None)]),
    ("счет на оплату N45, НДС 22%", [(BILL, "45", None)]),
    ("Оплата по счету 101 от 05.11, 102 от 06.11. Сумма 1000-00",
     [(BILL, "101", None), (BILL, "102", None)]),
    ("Счёт №12-А;№13-А", [(BILL, "12-А", None), (BILL, "13-А", None)]),
    ("дог.№5/26 сч.№8 от 01.11.26", [(DEAL, "5/26", None), (BILL, "8", date(2026, 11, 1))]),
    ("Оплата по договору, счет № 7", [(BILL, "7", None)]),
    ("Invoice INV-2026-001", [(BILL, "INV-2026-001", None)]),
    ("Оплата по счёту №УТ-77(от 03.11.2026)за продукты", [(BILL, "УТ-77", date(2026, 11, 3))]),
    ("СЧЕТ №0000-000123 ОТ 01.11.2026Г", [(BILL, "0000-000123", date(2026, 11, 1))]),
    ("оплата по счету 15, 1000.00 руб", [(BILL, "15", None)]),
    # Whole tokens only, and no numbers of other things.
    ("счет 112", [(BILL, "112", None)]),
    ("сч 12/3", [(BILL, "12/3", None)]),
    ("перевод на расч. счет 40702810000000000001", []),
    ("р/сч 40702810000000000001", []),
    ("перечисление на лицевой счет 1234567", []),
    ("оплата счета б/н от 01.02.2026", []),
    ("за счет 20% скидки", []),
    ("Оплата за счет средств гранта № 9", []),
    ("Возврат по счету, письмо № 5", []),
    ("по накладной 5 шт", []),
    ("расчеты 12, подсчет 5", []),
]  # fmt: skip
WORDS = [
    "счет",
    "по счёту №",
    "Счет на оплату № ",
    "сч.",
    "с/ф ",
    "УПД №",
    "накладная N ",
    "сч-ф №",
]
TAILS = ["", ". НДС 22% - 180,33", ", в т.ч. НДС", " за товар", " сумма 100.00 руб."]
NUMBERS = st.from_regex(r"\A(?:[А-Я]{2}-?)?[1-9][0-9]{0,6}(?:/[1-9][0-9]?)?\Z")
DAYS = st.none() | st.dates(date(2001, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(("purpose", "named"), REAL)
def test_what_a_purpose_names(purpose, named):
    assert references(purpose) == [Reference(*one) for one in named]


@settings(deadline=None)  # a busy machine is no mistake
@given(
    st.lists(
        st.tuples(NUMBERS, DAYS), min_size=1, max_size=5, unique_by=lambda one: number_key(one[0])
    ),
    st.sampled_from(WORDS), st.sampled_from([", ", " и ", "; ", ",", " ; №"]),
    st.sampled_from(TAILS), st.booleans(),
)  # fmt: skip
def test_every_number_is_found_however_it_is_strung_together(named, word, comma, tail, capitals):
    listed = comma.join(f"{n} от {day:%d.%m.%Y}" if day else n for n, day in named)
    gap = "" if word[-1] in " №." else " "
    purpose = f"Оплата {word}{gap}{listed}{tail}"
    found = references(purpose.upper() if capitals else purpose)
    assert [(one.kind, one.key, one.on) for one in found] == [
        (BILL, number_key(number), day) for number, day in named
    ]


@settings(deadline=None)
@given(st.text(max_size=300) | st.from_regex(r"(счет|дог|№|от |[0-9./,;и-]| ){0,60}"))
def test_any_text_is_read_and_every_number_is_a_whole_token_of_it(text):
    for one in references(text):
        place = text.find(one.number)
        assert place >= 0
        assert any(char.isdigit() for char in one.number)
        assert not text[place + len(one.number) :][:1].isdigit() or text.count(one.number) > 1


def test_a_long_purpose_is_read_in_no_time():
    assert len(references("счет № 1, " + "2 и " * 5000)) <= 30
    assert references("счет " * 400) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PT-000123", "РТ-123"),
        ("рт–123", "РТ-123"),
        (" 0012", "12"),
        ("12\\3", "12/3"),
        ("Ё1", "Е1"),
    ],
)
def test_habits_of_typing_do_not_make_another_number(typed, meant):
    assert number_key(typed) == number_key(meant)
    assert number_key("12") != number_key("12/3") != number_key("123")


def test_the_table_is_asked_for_both_alphabets():
    assert {"РТ-1", "PT-1"} <= spellings("pt-1") | spellings("РТ-1")
