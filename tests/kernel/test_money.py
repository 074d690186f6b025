from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.money import (
    amount_in_words,
    format_money,
    format_number,
    format_percent,
    parse_money,
    percent,
    round_half_up,
)

AMOUNTS = st.decimals(
    min_value=Decimal("-9999999999999.99"),
    max_value=Decimal("9999999999999.99"),
    places=2,
    allow_nan=False,
    allow_infinity=False,
)
# Own copies of FMT-1, WORDS-1 and PLAN-1; the shared examples run in test_examples.py.
SHOWN = {
    "1234567.5": "1\u00a0234\u00a0567,50",
    "0": "0,00",
    "-15300.4": "\u221215\u00a0300,40",
    "999": "999,00",
}
WORDS = {
    "0.50": "Ноль рублей 50 копеек",
    "1.00": "Один рубль 00 копеек",
    "5000.00": "Пять тысяч рублей 00 копеек",
    "2001.01": "Две тысячи один рубль 01 копейка",
    "21000000.02": "Двадцать один миллион рублей 02 копейки",
    "111000.00": "Сто одиннадцать тысяч рублей 00 копеек",
    "1002003.22": "Один миллион две тысячи три рубля 22 копейки",
    "762999.25": ("Семьсот шестьдесят две тысячи девятьсот девяносто девять рублей 25 копеек"),
    "1000000000.00": "Один миллиард рублей 00 копеек",
}


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("220.165", "220.17")],
)
def test_halves_are_rounded_away_from_zero(value, rounded):
    assert round_half_up(Decimal(value)) == Decimal(rounded)


def test_a_rounded_value_has_its_places_and_no_negative_zero():
    assert str(round_half_up(5)) == "5.00"
    assert str(round_half_up(Decimal("-0.001"))) == "0.00"
    assert str(round_half_up(Decimal("1.5"), 0)) == "2"


def test_a_binary_float_is_refused():
    with pytest.raises(TypeError):
        round_half_up(0.1)


def test_percent_is_half_up_and_none_for_nothing():
    assert percent(Decimal("3028448.61"), Decimal("3180000.00")) == Decimal("95.23")
    assert percent(1, 3) == Decimal("33.33")
    assert percent(2, 3) == Decimal("66.67")
    assert percent(1, 800) == Decimal("0.13")
    assert percent(5, 0) is None
    assert percent(Decimal(5), Decimal("0.00")) is None


@given(AMOUNTS)
def test_half_up_of_three_decimals_is_exact(value):
    assert abs(round_half_up(value + Decimal("0.005")) - value - Decimal("0.005")) == Decimal(
        "0.005"
    )


@pytest.mark.parametrize(("value", "shown"), SHOWN.items())
def test_amounts_are_shown_by_the_convention(value, shown):
    assert format_money(Decimal(value), symbol=False) == shown
    assert format_money(Decimal(value)) == f"{shown}\u00a0₽"


def test_numbers_and_percentages():
    assert format_number(2652) == "2\u00a0652"
    assert format_number(Decimal("-0.4")) == "0"
    assert format_number(Decimal("18.125"), 2) == "18,13"
    assert format_percent(Decimal("95.23")) == "95,23\u00a0%"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1234,5", "1234.50"),
        ("1234.56", "1234.56"),
        ("1 000,50", "1000.50"),
        ("1\u00a0234\u202f567,89 ₽", "1234567.89"),
        ("\u221215\u00a0300,40\u00a0₽", "-15300.40"),
        ("-5", "-5.00"),
        ("100 руб.", "100.00"),
        ("100РУБ", "100.00"),
        ("100 р.", "100.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("007", "7.00"),
        ("9999999999999,99", "9999999999999.99"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, value):
    assert str(parse_money(typed)) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "money"),
        ("1e5", "money"),
        ("1e1000000", "money"),
        ("NaN", "money"),
        ("Infinity", "money"),
        ("١٢٣", "money"),
        ("1,٥", "money"),
        ("９９", "money"),
        ("1_000", "money"),
        ("1 00", "money"),
        ("1234 567", "money"),
        ("1.234,56", "money"),
        ("1,234.56", "money"),
        ("--5", "money"),
        ("5 $", "money"),
        ("5\x00", "money"),
        ("9" * 100_000, "money"),
        ("1,234", "money_decimals"),
        ("10000000000000", "money_digits"),
    ],
)
def test_what_is_not_an_amount_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        parse_money(typed)
    assert refusal.value.code == code
    assert refusal.value.messages


@given(AMOUNTS)
def test_a_shown_amount_can_be_typed_back(value):
    assert parse_money(format_money(value)) == value
    assert parse_money(format_money(value, symbol=False)) == value


@given(st.text(max_size=80))
def test_any_text_is_either_an_amount_or_a_refusal(text):
    try:
        assert isinstance(parse_money(text), Decimal)
    except ValidationError as refusal:
        assert refusal.messages


@pytest.mark.parametrize(("value", "words"), WORDS.items())
def test_amounts_in_words(value, words):
    assert amount_in_words(Decimal(value)) == words


@given(AMOUNTS)
def test_words_end_with_the_kopecks(value):
    kopecks = f"{abs(value):.2f}"[-2:]
    assert amount_in_words(value).split()[-2] == kopecks
