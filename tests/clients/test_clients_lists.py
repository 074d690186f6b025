"""The register and the directory of people as lists: filters, tabs, queries, limited columns."""

import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from clients.filters.clients import ClientFilter, manager_choices
from clients.lists.clients import CLIENTS
from tests.cast import everybody, signed_in
from tests.factories import clients

URL = reverse("clients:list")
HTMX = {"HX-Request": "true", "HX-Target": "list-clients"}


def names(user, query="", **more):
    """Names on the page of the list."""
    response = signed_in(user).get(f"{URL}?{query}", **more)
    assert response.status_code == 200, (query, response.context["list"].state.problems)
    return {row.name for row in response.context["list"].rows}


@pytest.fixture
def base(cast):
    """Clients that differ in everything that can be filtered."""
    now = timezone.now()
    today = timezone.localdate()
    a = clients.client(
        cast.manager,
        name="Альфа",
        category="A",
        territory="Тула",
        channel="Сети",
        tags=["сезон"],
        potential_monthly=500,
        last_contact_at=now - timedelta(days=40),
        actualised_on=today - timedelta(days=400),
    )
    b = clients.client(
        cast.manager2,
        name="Бета",
        kind="ip",
        status="prospect",
        potential_monthly=100,
        last_contact_at=now - timedelta(days=1),
        next_contact_at=now + timedelta(days=3),
        actualised_on=today,
        parent=a,
    )
    clients.person(b, is_decision_maker=True)
    clients.client(cast.stranger, name="Гамма", category=None, actualised_on=today)
    clients.client(None, name="Дельта", actualised_on=today, org_unit=cast.department)
    clients.client(cast.manager, name="Омега", archived=True)
    return cast


ALL = {"Альфа", "Бета", "Гамма", "Дельта"}
FILTERS = {
    "": ALL,
    "category=A": {"Альфа"},
    "category=none": {"Гамма"},
    "category=A&category=none": {"Альфа", "Гамма"},
    "status=prospect": {"Бета"},
    "kind=ip": {"Бета"},
    "manager=none": {"Дельта"},
    "territory=Тула": {"Альфа"},
    "channel=Сети": {"Альфа"},
    "tag=сезон": {"Альфа"},
    "potential_min=200": {"Альфа"},
    "potential_min=50&potential_max=200": {"Бета"},
    "silent_days=30": {"Альфа", "Гамма", "Дельта"},
    "silent=1": {"Альфа", "Гамма"},
    "without_next=1": {"Альфа", "Гамма", "Дельта"},
    "without_next=0": {"Бета"},
    "without_decider=1": {"Альфа", "Гамма", "Дельта"},
    "without_decider=false": {"Бета"},
    "stale=1": {"Альфа"},
    "archived=1": {"Омега"},
    "status=archived": {"Омега"},
    "q=альфа": {"Альфа"},
    "q=альфа&category=B": set(),
}


@pytest.mark.parametrize("query", sorted(FILTERS))
def test_each_filter(base, query):
    assert names(base.director, quote(query, safe="=&")) == FILTERS[query]


def test_filters_by_people_and_units(base):
    assert names(base.director, f"manager={base.manager.pk}") == {"Альфа"}
    assert names(base.director, f"unit={base.department.pk}") == {"Альфа", "Бета", "Дельта"}
    assert names(base.director, f"unit={base.other_sector.pk}") == {"Гамма"}
    code = quote("T-")
    found = signed_in(base.director).get(f"{URL}?chain={code}")
    assert found.status_code == 200


def test_every_filter_is_tried_here():
    tried = {pair.split("=")[0].split("_min")[0] for query in FILTERS for pair in query.split("&")}
    elsewhere = {"unit", "chain", "last", "next", "created"}
    assert set(ClientFilter.base_filters) - elsewhere <= tried | {"potential"}


def test_dates_narrow_the_list(base):
    day = timezone.localdate()
    assert names(base.director, f"next_after={day}") == {"Бета"}
    assert names(base.director, f"last_before={day - timedelta(days=10)}") == {"Альфа"}
    assert names(base.director, f"created_after={day + timedelta(days=1)}") == set()


SEEN = {
    "manager": {"Альфа"},
    "sector_head": {"Альфа", "Бета"},
    "department_head": {"Альфа", "Бета", "Дельта"},
    "director": ALL,
    "stranger": {"Гамма"},
    "marketer": ALL,
    "admin": set(),
}


@pytest.mark.parametrize("who", sorted(SEEN))
def test_the_list_is_the_visible_clients(base, who):
    assert names(everybody(base)[who]) == SEEN[who]


BAD = [
    *("category=Z", "manager=999999", "manager=abc", "unit=999999999999999999999"),
    *("potential_min=1e999", "potential_min=NaN", "silent_days=-5", "silent_days=NaN"),
    *("next_after=31.02.2026", "sort=password", "page=9", "size=13", "after=xxx", "nonsense=1"),
    *("tag=" + "я" * 300, "columns=secret", "chain=%00"),
]


@pytest.mark.parametrize("query", BAD)
def test_a_meaningless_address_says_so_and_shows_the_rest(base, query):
    response = signed_in(base.director).get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.context["list"].state.problems
    assert {row.name for row in response.context["list"].rows} == ALL


def queries(user, url):
    """How many queries a page takes."""
    client = signed_in(user)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_takes_the_same_queries_for_1_and_25_rows(cast):
    clients.client(cast.manager)
    one = queries(cast.manager, URL)
    for _each in range(24):
        made = clients.client(cast.manager, tags=["а", "б"], next_contact_at=timezone.now())
        clients.person(made)
        clients.counterparty(made)
    assert queries(cast.manager, URL) == one <= 12


def test_the_directory_takes_the_same_queries_for_1_and_25_rows(cast):
    url = reverse("clients:person_list")
    client = clients.client(cast.manager)
    clients.person(client)
    one = queries(cast.manager, url)
    for _each in range(24):
        clients.person(clients.client(cast.manager))
    assert queries(cast.manager, url) == one <= 12


def test_the_tabs_count_what_they_show(base):
    response = signed_in(base.sector_head).get(
        reverse("clients:views"),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{URL}?silent=1"},
    )
    counts = {tab.key: tab.count for tab in response.context["tabs"]}
    assert counts["all"] == "2"
    assert counts["archive"] == "1"
    assert [tab.key for tab in response.context["tabs"] if tab.current] == ["silent"]
    for tab in response.context["tabs"]:
        shown = signed_in(base.sector_head).get(tab.url)
        assert str(len(shown.context["list"].rows)) == tab.count, tab.key


def test_heads_own_clients_and_have_a_team(base, cast):
    """Who may own clients has a view of the own ones and stands among the managers to choose."""
    owners = {str(one.pk) for one in (cast.manager, cast.sector_head, cast.department_head)}
    for person, keys in (
        (cast.manager, {"mine"}),
        (cast.sector_head, {"mine", "team"}),
        (cast.department_head, {"mine", "team"}),
        (cast.director, set()),
        (cast.lawyer, set()),
    ):
        shown = {tab.key for tab in signed_in(person).get(URL).context["tabs"]}
        assert shown & {"mine", "team"} == keys, person.role
    assert owners <= {key for key, _name in manager_choices()}


def test_the_fragment_is_the_list_alone(base):
    response = signed_in(base.manager).get(URL, headers=HTMX)
    assert b"<html" not in response.content
    assert b"list-clients" in response.content


LIMITED = ("marketer", "logistics")
CANARY = "CANARY"


@pytest.fixture
def planted(cast):
    """A client whose closed fields hold the canary."""
    made = clients.client(
        cast.manager,
        name="Видимое имя",
        phone="+74950000001",
        email="canary@example.com",
        website="https://canary.example",
        source=CANARY,
        tags=[CANARY],
        specifics=CANARY,
        potential_monthly="987654.32",
        last_contact_at=timezone.now(),
    )
    clients.person(made, full_name=CANARY, phone="+74950000002", is_decision_maker=True)
    clients.account(clients.counterparty(made, full_name=CANARY, inn="7707083893"))
    clients.need(made, subject=CANARY)
    return made


def leaks(content):
    text = content.decode(errors="replace").lower()
    found = [CANARY.lower(), "canary", "987654", "987\xa0654", "7707083893", "0000001", "0000002"]
    return [secret for secret in found if secret in text]


@pytest.mark.parametrize("who", LIMITED)
def test_limited_roles_get_no_closed_field_on_any_page(cast, planted, who):
    client = signed_in(getattr(cast, who))
    pages = [
        *(URL, f"{URL}?columns={','.join(CLIENTS.by_name)}", f"{URL}?sort=-potential_monthly"),
        *(f"{URL}?q=CANARY", f"{URL}?q=7707083893", f"{URL}?potential_min=1", f"{URL}?tag=CANARY"),
        *(f"{URL}?part=filters", reverse("clients:views")),
        *(reverse(f"clients:{name}", args=[planted.pk]) for name in ("detail", "header", "peek")),
        reverse("clients:requisites_tab", args=[planted.pk]),
    ]
    for page in pages:
        response = client.get(page, headers={"HX-Request": "true"})
        assert response.status_code in {200, 400, 422}, page
        typed = page.partition("=")[2].encode()  # what was typed comes back in the search field
        assert leaks(response.content.replace(typed, b"") if typed else response.content) == []


@pytest.mark.parametrize("who", LIMITED)
@pytest.mark.parametrize(
    "name", ["people_tab", "needs_tab", "history_tab", "category_tab", "timeline"]
)
def test_limited_roles_open_no_closed_tab(cast, planted, who, name):
    url = reverse(f"clients:{name}", args=[planted.pk])
    assert signed_in(getattr(cast, who)).get(url).status_code == 403


@pytest.mark.parametrize("who", LIMITED)
def test_limited_roles_export_no_closed_column(cast, planted, who):
    client = signed_in(getattr(cast, who))
    asked = client.get(f"{URL}?export=csv&columns={','.join(CLIENTS.by_name)}")
    assert asked.status_code == 400
    assert leaks(asked.content) == []
    csv = b"".join(client.get(f"{URL}?export=csv").streaming_content)
    assert leaks(csv) == []
    plain = b"".join(client.get(f"{URL}?export=xlsx").streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(plain)).get_sheet_by_index(0)
    cells = [str(cell) for row in sheet.to_python() for cell in row]
    assert "Видимое имя" in cells
    assert leaks("|".join(cells).encode()) == []


def test_those_who_see_everything_do_export_it(cast, planted):
    body = b"".join(
        signed_in(cast.director).get(f"{URL}?export=csv&columns=tags,name").streaming_content
    )
    assert CANARY.encode() in body


def test_the_directory_of_people_is_exported_by_those_of_the_setting(cast, planted):
    url = reverse("clients:person_list")
    for who, status in {"department_head": 200, "director": 200, "manager": 403}.items():
        assert signed_in(getattr(cast, who)).get(f"{url}?export=csv").status_code == status, who
    for who in LIMITED:
        assert signed_in(getattr(cast, who)).get(url).status_code == 403
