from hypothesis import given
from hypothesis import strategies as st

from crm.names import (
    SORT_KEY_LENGTH,
    PersonName,
    person_initials,
    plain_text,
    search_key,
    sort_key,
    split_full_name,
    swap_layout,
)
from crm.russian import ALPHABET

RUSSIAN_WORD = st.text(alphabet=ALPHABET, min_size=1, max_size=12)


def in_order(*names):
    return sorted(names, key=sort_key) == list(names)


def test_yo_stands_right_after_ye_whatever_follows():
    assert in_order("Еж", "Ель", "Еяна", "Ёж", "Ёлка", "Жук")


def test_case_and_quotes_do_not_change_the_order():
    assert sort_key("«Ромашка»") == sort_key("РОМАШКА") == sort_key('"ромашка"') == "ромашка"


def test_numbers_follow_their_value():
    assert in_order("Магазин 2", "Магазин 10", "Магазин 100")
    assert sort_key("Магазин 007") == sort_key("Магазин 7")


def test_digits_go_before_latin_and_latin_before_cyrillic():
    assert in_order("21 век", "Alpha", "zeta", "Альфа", "Ёлочка", "Яхонт")


def test_a_decomposed_letter_sorts_like_the_composed_one():
    assert sort_key("и\u0306од") == sort_key("йод")


def test_gaps_and_invisible_characters_are_one_space_or_nothing():
    assert plain_text("  Север\u00a0\t–\u200bТорг\x00 ") == "Север –Торг"


@given(RUSSIAN_WORD, RUSSIAN_WORD)
def test_the_key_orders_russian_words_by_the_alphabet(one, other):
    by_alphabet = [ALPHABET.index(letter) for letter in one]
    assert (sort_key(one) < sort_key(other)) == (
        by_alphabet < [ALPHABET.index(letter) for letter in other]
    )


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_the_key_orders_numbers_by_value(one, other):
    assert (sort_key(f"№ {one}") < sort_key(f"№ {other}")) == (one < other)


@given(st.text())
def test_keys_survive_any_text_and_can_be_stored(text):
    for key in (sort_key(text), search_key(text)):
        assert "\x00" not in key
        key.encode()


def test_the_sort_key_fits_its_column():
    assert len(sort_key("ё" * 1000)) == SORT_KEY_LENGTH


def test_search_forgets_the_legal_form_quotes_case_and_yo():
    assert search_key("ООО «Ромашка»") == search_key("ромашка") == "ромашка"
    assert search_key("Общество с ограниченной ответственностью «Ёлки-Палки»") == "елки палки"
    assert search_key("Ромашка, ООО") == search_key('АО "Ромашка"')
    assert search_key("Публичное акционерное общество «Сбербанк»") == "сбербанк"
    assert search_key("Romashka LLC") == "romashka"


def test_a_word_that_only_begins_like_a_legal_form_stays():
    assert search_key("ИПотека АОстров") == "ипотека аостров"


def test_a_legal_form_alone_is_still_found():
    assert search_key("ООО") == "ооо"


def test_search_of_nothing_is_nothing():
    assert search_key(" «» ") == ""


def test_the_other_keyboard_layout():
    assert swap_layout("hjvfirf") == "ромашка"
    assert swap_layout("ромашка") == "hjvfirf"
    assert swap_layout("`krb") == "ёлки"
    assert swap_layout("<fyr") == "Банк"


@given(RUSSIAN_WORD)
def test_swapping_twice_gives_the_russian_word_back(word):
    assert swap_layout(swap_layout(word)) == word


def test_initials():
    assert person_initials("Смирнова", "анна", "Владимировна") == "Смирнова\u00a0А.\u00a0В."
    assert person_initials("Смирнова", "Анна-Мария") == "Смирнова\u00a0А.-М."
    assert person_initials("Смирнова") == "Смирнова"
    assert person_initials("", "Анна", "Петровна") == "А.\u00a0П."


def test_full_names_are_split_in_every_usual_order():
    assert split_full_name("Иванова Анна Петровна") == PersonName("Иванова", "Анна", "Петровна")
    assert split_full_name("Анна Петровна Иванова") == PersonName("Иванова", "Анна", "Петровна")
    assert split_full_name("Иванова А.П.") == PersonName("Иванова", "А.", "П.")
    assert split_full_name("А. П. Иванова") == PersonName("Иванова", "А.", "П.")
    assert split_full_name("Анна Петровна") == PersonName("", "Анна", "Петровна")
    assert split_full_name("Иванова Анна") == PersonName("Иванова", "Анна", "")
    assert split_full_name("Рабинович Лев Абрамович") == PersonName("Рабинович", "Лев", "Абрамович")
    assert split_full_name("Мамедов Али Гасан оглы") == PersonName("Мамедов", "Али", "Гасан оглы")
    assert split_full_name("Dustin Brinkmann") == PersonName("Brinkmann", "Dustin", "")
    assert split_full_name("Иванова") == PersonName("Иванова", "", "")
    assert split_full_name("  ") == PersonName("", "", "")
