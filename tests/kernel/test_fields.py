from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from crm import fields

MOSCOW = ZoneInfo("Europe/Moscow")
# The rubbish of G-IN1, by name of the field class; a refusal is the only other answer.
RUBBISH = [
    "\x00",
    "a\x00b",
    "\x0b",
    "\x1b[31m",
    "\ud800",
    "\ufffe",
    "\ufffd",
    "\u202eabc",
    "и\u0306",
    "👩‍👩‍👧",
    "x" * 100_000,
    "'\"><script>",
    "{{7*7}}",
    "%s%n",
    "1e400",
    "1e1000000",
    "NaN",
    "-0",
    "١٢٣",
    "\uff19\uff19",
    "1_000",
    "1 000,50",
    "31.02.2026",
    "0000",
    "00.00.0000",
    "99999-01-01",
    "0000-01-01",
    "9" * 30,
]
KINDS = [
    fields.CleanCharField,
    fields.CleanTextField,
    fields.MoneyField,
    fields.PercentField,
    fields.WholeNumberField,
    fields.PhoneField,
    fields.InnField,
    fields.KppField,
    fields.OgrnField,
    fields.BicField,
    fields.AccountField,
    fields.RussianDateField,
    fields.RussianTimeField,
    fields.RussianDateTimeField,
]


def refusal_of(field, typed):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    assert all(refusal.value.messages)
    return refusal.value.error_list[0].code


@pytest.mark.parametrize("kind", KINDS)
def test_rubbish_is_a_value_or_a_message(kind):
    for typed in RUBBISH:
        try:
            value = kind().clean(typed)
        except ValidationError as refusal:
            assert all(refusal.messages), typed
        else:
            assert "\x00" not in str(value), typed
            str(value).encode()


@pytest.mark.parametrize("kind", KINDS)
@given(st.text(max_size=60))
def test_any_text_is_a_value_or_a_message(kind, typed):
    try:
        str(kind(required=False).clean(typed)).encode()
    except ValidationError as refusal:
        assert all(refusal.messages)


def test_a_bound_is_told_as_numbers_are_written_here():
    with override("ru"):
        for field, typed, words in (
            (fields.MoneyField(max_value=Decimal("62469.68")), "300000", "Не больше 62 469,68."),
            (fields.MoneyField(max_value=100), "500", "Не больше 100."),
            (fields.MoneyField(min_value=Decimal("0.01")), "0", "Не меньше 0,01."),
            (fields.WholeNumberField(max_value=10_000), "10001", "Не больше 10 000."),
        ):
            with pytest.raises(ValidationError) as refused:
                field.clean(typed)
            assert refused.value.messages[0].replace("\xa0", " ") == words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("empty", [None, "", "   "])
def test_nothing_typed_is_nothing_where_it_is_allowed(kind, empty):
    assert kind(required=False).clean(empty) in (None, "")
    assert refusal_of(kind(), empty) == "required"


def test_control_characters_are_refused_and_invisible_ones_dropped():
    assert refusal_of(fields.CleanCharField(), "Ромашка\x00") == "control_characters"
    assert refusal_of(fields.CleanCharField(), "\x07") == "control_characters"
    assert refusal_of(fields.CleanTextField(), "a\x0bb") == "control_characters"
    assert (
        fields.CleanCharField().clean("\ufeffСе\u00adвер\u200b \u00a0\tТорг\u202e") == "Север Торг"
    )


def test_lines_are_kept_only_in_a_text():
    assert fields.CleanCharField().clean("a\r\nb") == "a b"
    assert fields.CleanTextField().clean(" a\r\n\r\nb\rc ") == "a\n\nb\nc"


def test_an_emoji_of_several_parts_stays_one():
    assert fields.CleanCharField().clean("👩‍👩‍👧") == "👩‍👩‍👧"


def test_every_text_has_a_limit():
    assert refusal_of(fields.CleanCharField(), "x" * 256) == "max_length"
    assert refusal_of(fields.CleanTextField(), "x" * 4001) == "max_length"
    assert len(fields.CleanCharField(max_length=500).clean("x" * 500)) == 500


def test_money():
    assert fields.MoneyField().clean("1 234,5 ₽") == Decimal("1234.50")
    assert refusal_of(fields.MoneyField(), "-1") == "min_value"
    assert fields.MoneyField(min_value=None).clean("-1") == Decimal(-1)
    assert refusal_of(fields.MoneyField(max_value=10), "10,01") == "max_value"


def test_percent():
    assert fields.PercentField().clean("12,5 %") == Decimal("12.50")
    assert refusal_of(fields.PercentField(), "100.01") == "max_value"


def test_whole_number():
    assert fields.WholeNumberField().clean("1 000") == 1000
    assert refusal_of(fields.WholeNumberField(), "2147483648") == "max_value"
    for wrong in ("1,5", "1e3", "١", "1_000", "9" * 30):
        assert refusal_of(fields.WholeNumberField(), wrong) == "whole_number"


def test_phone():
    assert fields.PhoneField().clean("8 912 345-67-89") == "+79123456789"
    with_extension = fields.PhoneField(extension=True)
    assert with_extension.clean("8 495 123-45-67 #12") == "+74951234567;ext=12"


def test_codes():
    assert fields.InnField().clean(" 7707083893 ") == "7707083893"
    assert refusal_of(fields.InnField(), "7707083894") == "inn_key"
    assert fields.AccountField().clean("40702810810000007919") == "40702810810000007919"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("23.11.2026", date(2026, 11, 23)),
        (" 5.3.2026 ", date(2026, 3, 5)),
        ("2026-11-23", date(2026, 11, 23)),
        ("29.02.2028", date(2028, 2, 29)),
    ],
)
def test_dates(typed, day):
    assert fields.RussianDateField().clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.02.2026", "date"),
        ("11/23/2026", "date"),
        ("23.11.26", "date"),
        ("00.00.0000", "date"),
        ("99999-01-01", "date"),
        ("0001-01-01", "year"),
        ("01.01.1899", "year"),
        ("01.01.2101", "year"),
        ("2\uff13.11.2026", "date"),
        ("23.11.2026\x00", "date"),
    ],
)
def test_wrong_dates(typed, code):
    assert refusal_of(fields.RussianDateField(), typed) == code


def test_times_and_moments():
    assert fields.RussianTimeField().clean("9:05") == time(9, 5)
    assert refusal_of(fields.RussianTimeField(), "24:00") == "time"
    moment = datetime(2026, 11, 23, 14, 30, tzinfo=MOSCOW)
    assert fields.RussianDateTimeField().clean("23.11.2026 14:30") == moment
    assert fields.RussianDateTimeField().clean("2026-11-23T14:30") == moment
    assert refusal_of(fields.RussianDateTimeField(), "23.11.2026") == "time"


class Sample(forms.Form):
    amount = fields.MoneyField()
    phone = fields.PhoneField()
    day = fields.RussianDateField()


STORED = {"amount": Decimal("1234567.5"), "phone": "+79123456789", "day": date(2026, 11, 23)}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_stored_values_are_shown_as_they_are_typed(language):
    with override(language):
        html = Sample(initial=STORED).as_p()
    for shown in ("1\u00a0234\u00a0567,50", "+7 (912) 345-67-89", "23.11.2026"):
        assert f'value="{shown}"' in html


def test_an_untouched_form_has_not_changed():
    shown = {"amount": "1\u00a0234\u00a0567,50", "phone": "8 912 345-67-89", "day": "2026-11-23"}
    form = Sample(shown, initial=STORED)
    assert form.is_valid()
    assert form.changed_data == []


def test_typed_values_are_kept_beside_the_message():
    html = Sample({"amount": "1e5", "phone": "112", "day": "31.02.2026"}).as_p()
    for typed in ("1e5", "112", "31.02.2026"):
        assert f'value="{typed}"' in html


@pytest.mark.parametrize("language", ["ru", "en"])
def test_dates_and_numbers_look_the_same_in_both_languages(language):
    page = Template("{{ day|date }} {{ moment|date:'SHORT_DATETIME_FORMAT' }} {{ amount }}")
    values = {
        "day": date(2026, 11, 23),
        "moment": datetime(2026, 11, 23, 9, 5, tzinfo=MOSCOW),
        "amount": Decimal("1234.5"),
    }
    with override(language):
        assert page.render(Context(values)) == "23.11.2026 23.11.2026 09:05 1234,5"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (fields.MoneyField, "Укажите сумму"),
        (fields.PercentField, "Укажите процент"),
        (fields.DaysField, "Укажите число дней"),
        (fields.MinutesField, "Укажите число минут"),
        (fields.CountField, "Укажите количество"),
        (fields.FigureField, "Укажите число,"),
    ],
)
def test_each_kind_of_number_is_asked_for_by_its_name(kind, words):
    with override("ru"), pytest.raises(ValidationError) as refused:
        kind().clean("абв")
    assert refused.value.messages[0].startswith(words)
