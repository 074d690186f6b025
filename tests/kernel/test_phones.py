import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from crm.phones import LONGEST, format_phone, parse_phone, phone_digits

MOBILE = "+79123456789"


@pytest.mark.parametrize(
    "typed",
    [
        "+79123456789",
        "8 912 345-67-89",
        "8(912)3456789",
        "+7 (912) 345-67-89",
        "7 912 345 67 89",
        "912 345 67 89",
        " +7\u00a0912\u202f345–67—89 ",
        "тел. 8 912 345-67-89",
        "моб.тел.: +7 912 345-67-89",
        "8.912.345.67.89",
    ],
)
def test_every_habit_of_typing_gives_one_number(typed):
    assert parse_phone(typed) == MOBILE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "abc",
        "112",
        "123-45-67",
        "8 800 FLOWERS",
        "+7 912 345-67-8",
        "+7 912 345-67-890",
        "+7 012 345-67-89",
        "8 912 345-67-89, 8 912 345-67-80",
        "٨٩١٢٣٤٥٦٧٨٩",
        "\uff18\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
        "+7 912 345\x0067 89",
        "8" * 100_000,
        "-0",
        "1e400",
    ],
)
def test_what_is_not_one_phone_is_refused(typed):
    with pytest.raises(ValidationError) as refusal:
        parse_phone(typed)
    assert refusal.value.code == "phone"


def test_foreign_numbers_are_kept_and_shown_internationally():
    assert parse_phone("+375 29 123-45-67") == "+375291234567"
    assert parse_phone("8 10 49 30 1234567") == "+49301234567"
    assert format_phone("+375291234567") == "+375 29 123-45-67"


@pytest.mark.parametrize(
    "typed",
    [
        "8 (495) 123-45-67 доб. 123",
        "+7 495 123-45-67 доб.123",
        "+7 495 123-45-67, вн. 123",
        "+7 495 123-45-67 ext. 123",
        "+7 495 123-45-67#123",
        "+7 495 123-45-67,123",
        "+74951234567;ext=123",
    ],
)
def test_an_extension_is_kept_where_it_is_allowed_and_refused_elsewhere(typed):
    assert parse_phone(typed, extension=True) == "+74951234567;ext=123"
    with pytest.raises(ValidationError) as refusal:
        parse_phone(typed)
    assert refusal.value.code == "phone_extension_not_allowed"


def test_numbers_are_shown_the_russian_way():
    assert format_phone(MOBILE) == "+7 (912) 345-67-89"
    with override("en"):
        assert format_phone("+74951234567;ext=123") == "+7 (495) 123-45-67 ext. 123"


@pytest.mark.parametrize("stored", ["", "нет", "+", "+abc", "89123456789", "+79", "+٧٩١٢"])
def test_what_is_not_a_stored_number_is_shown_as_it_is(stored):
    assert format_phone(stored) == stored


@given(st.from_regex(r"[3489][0-9]{9}", fullmatch=True), st.from_regex(r"[1-9][0-9]{0,6}"))
def test_a_shown_number_can_be_typed_back(local, inner):
    try:
        stored = parse_phone(f"+7{local} #{inner.strip()}", extension=True)
    except ValidationError:
        return
    assert len(stored) <= LONGEST
    assert parse_phone(format_phone(stored), extension=True) == stored


@given(st.text(max_size=80))
def test_any_text_is_either_a_number_or_a_refusal(text):
    try:
        assert parse_phone(text).startswith("+")
    except ValidationError as refusal:
        assert refusal.messages


def test_digits_to_search_by():
    assert phone_digits("8 (912) 345-67-89") == "9123456789"
    assert phone_digits("+7 912 345") == "7912345"
    assert phone_digits("345-67") == "34567"
    assert phone_digits("8912") == "8912"
    assert phone_digits("ромашка") == ""
    assert phone_digits("8 800 555-35-35") in "+78005553535"
