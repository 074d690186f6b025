"""Search forgives what people do: ё, legal form, layout, phone habits, one typing error."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from clients.search import parse, search_clients, search_limited_list, search_people
from tests.cast import signed_in
from tests.factories import clients


@pytest.fixture
def base(cast):
    """One client to be found and some that are not meant."""
    meant = clients.client(
        cast.manager,
        name="ООО «Берёзовая Роща»",
        code="K-000123",
        phone="+74951234567",
        email="zakaz@roscha.example",
    )
    clients.person(
        meant,
        full_name="Щукина Алёна Львовна",
        phone="+79123456789",
        email="shchukina@roscha.example",
    )
    clients.counterparty(meant, full_name="ООО «Лесной двор»", inn="7707083893")
    for name in ("Сосновый бор", "Рощин и сын", "Дубрава"):
        clients.client(cast.manager, name=name)
    return meant


FINDS = [
    "берёзовая",
    "березовая",
    "БЕРЕЗОВАЯ роща",
    "роща берёзовая",
    "ООО Берёзовая Роща",
    "«Берёзовая»",
    "бер",
    ",th`pjdfz",  # берёзовая typed in the Latin layout
    "<thtpjdfz hjof",
    "берзовая",  # a letter left out
    "береззовая",  # a letter doubled
    "бирезовая",  # a wrong letter
    "бреезовая",  # two letters swapped
    "K-000123",
    "k-000123",
    "Л-000123",  # K is typed where Л is
    "123",
    "+7 (495) 123-45-67",
    "84951234567",
    "8 495 123 45 67",
    "4951234567",
    "1234567",
    "+79123456789",
    "8-912-345-67-89",
    "7707083893",
    "77070838",
    "zakaz@roscha.example",
    "ZAKAZ@roscha.example",
    "shchukina@",
    "щукина",
    "алена щукина",
    "лесной двор",
    "роща щукина",  # the client and a person of it
]


@pytest.mark.parametrize("text", FINDS)
def test_what_finds_the_client(base, cast, text):
    assert base in search_clients(cast.manager, text), text


@pytest.mark.parametrize("text", ["", " ", "«»", "%", "_", "зебра", "9999999", "a@b", "\x00"])
def test_what_finds_nobody(base, cast, text):
    assert base not in search_clients(cast.manager, text)


def test_exact_codes_and_phones_come_first_then_names_that_begin_so(base, cast):
    clients.client(cast.manager, name="Аптека 123")
    assert search_clients(cast.manager, "123")[0] == base
    clients.client(cast.manager, name="Аист и роща")
    clients.client(cast.manager, name="Роща")
    assert search_clients(cast.manager, "роща")[0].name == "Роща"


@pytest.mark.parametrize(
    "text", ["щукина", "Щукина А", "алёна", "oerbyf", "89123456789", "shchukina@", "щкуина"]
)
def test_people_are_found(base, cast, text):
    assert [p.full_name for p in search_people(cast.manager, text)] == ["Щукина Алёна Львовна"]


def test_people_who_left_are_not_offered(base, cast):
    from django.utils import timezone

    base.people.update(archived_at=timezone.now())
    assert search_people(cast.manager, "щукина") == []
    assert base not in search_clients(cast.manager, "щукина")


@pytest.mark.parametrize("text", FINDS)
def test_a_stranger_finds_nothing_of_it(base, cast, text):
    assert search_clients(cast.stranger, text) == []
    assert search_people(cast.stranger, text) == []


SECRET = [
    *("+7 (495) 123-45-67", "1234567", "7707083893", "zakaz@roscha.example"),
    *("щукина", "лесной двор", "shchukina@"),
]


@pytest.mark.parametrize("text", SECRET)
def test_limited_roles_find_by_nothing_that_they_may_not_see(base, cast, text):
    assert base not in search_clients(cast.marketer, text)
    assert search_people(cast.marketer, text) == []
    rows = Client.objects.visible_to(cast.marketer)
    assert base not in search_limited_list(rows, text).rows


@pytest.mark.parametrize("text", ["берёзовая", "K-000123", "бирезовая"])
def test_limited_roles_find_by_name_and_code(base, cast, text):
    assert base in search_clients(cast.marketer, text)


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 5000, "🦊", "' OR 1=1 --", "\\", "%%%", "a\x00b", "۱۲۳۴", "﷽", "\u202e"),
        *("1" * 300, "((((", "@@@@", "K-" + "9" * 50, " ".join("слово" for _ in range(50))),
    ],
)
def test_anything_may_be_typed(base, cast, text):
    assert isinstance(search_clients(cast.manager, text), list)
    assert isinstance(search_people(cast.manager, text), list)


def test_a_number_is_a_phone_in_any_habit():
    assert parse("8 (495) 123-45-67").digits == parse("+7 495 1234567").digits[-10:]
    assert parse("12").digits == ""


def test_the_palette_asks_few_queries(base, cast, django_assert_max_num_queries):
    search_clients(cast.manager, "разогрев")
    with django_assert_max_num_queries(1):
        assert search_clients(cast.manager, "роща")
    with django_assert_max_num_queries(2):
        search_people(cast.manager, "щукина")


def test_what_the_search_found_is_not_counted_again(base, cast):
    browser = signed_in(cast.manager)
    for number in range(26):
        clients.client(cast.manager, name=f"Пасека {number}")
    url = reverse("clients:list")
    browser.get(url, {"q": "пасека"})
    with CaptureQueriesContext(connection) as made:
        page = browser.get(url, {"q": "пасека"}).context["list"]
    assert not [query for query in made if "COUNT(" in query["sql"]]
    assert (page.summary.count, page.summary.exact, len(page.rows)) == (26, True, 25)
