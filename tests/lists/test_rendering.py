"""What stands in the table: cells, funnels, links, the panel, neighbours."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from clients.models import Client
from crm.lists import Column, ListSpec
from tests.cast import signed_in
from tests.lists.declared import CLIENTS, ClientFilter

URL = "/declared/clients/"
XSS = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(autouse=True)
def declared(settings):
    settings.ROOT_URLCONF = "tests.lists.declared"


@pytest.fixture
def browser(director):
    return signed_in(director)


def make(number, **more):
    more.setdefault("name", f"Client {number}")
    more.setdefault("sort_key", f"client {number:04}")
    return Client.objects.create(code=f"K{number}", **more)


def cells(html):
    """Rows of the body as lists of text."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.S)[1]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def test_values_are_shown_as_people_write_them(browser, cast):
    make(1, potential_monthly=Decimal("1234567.8"), category="A", category_since=date(2026, 3, 1))
    html = browser.get(f"{URL}?columns=category,potential_monthly,category_since").content.decode()
    assert cells(html) == [["Client 1", "A", "1\u00a0234\u00a0567,80", "01.03.2026"]]


def test_a_surname_stays_with_its_initials(browser, cast):
    make(1, manager=cast.manager)
    html = browser.get(f"{URL}?columns=manager").content.decode()
    assert '<td data-label="Manager">Иванова\u00a0А.\u00a0П.' in html


def test_text_is_never_markup(browser, cast):
    make(1, name=XSS, specifics=XSS)
    html = browser.get(f"{URL}?q=&name=%3Cimg").content.decode()
    assert "<img src=x" not in html
    assert cells(html)[0][0] == XSS


def test_a_cell_narrows_the_list_to_its_value(browser, cast):
    make(1, category="A", category_since=date(2026, 3, 1), manager=cast.manager)
    make(2, category="B", category_since=date(2026, 3, 1))
    html = browser.get(f"{URL}?sort=-code").content.decode()
    links = [unescape(link) for link in re.findall(r'class="cell-filter[^>]* href="([^"]+)"', html)]
    assert links == [
        f"{URL}?sort=-code&category=B",
        f"{URL}?sort=-code&category=A",
        f"{URL}?sort=-code&manager={cast.manager.pk}",
    ]
    narrowed = browser.get(links[1])
    assert [row.code for row in narrowed.context["list"].rows] == ["K1"]
    assert "category=A" not in re.findall(
        r'cell-filter[^>]* href="([^"]+)"', narrowed.content.decode()
    )


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ("", ["Все"]),
        ("?columns=code&size=100", ["Все"]),
        ("?category=A", ["First"]),
        ("?category=A&sort=-code", ["First"]),
        ("?silent=true", ["Silent"]),
        ("?category=B", []),
        ("?category=A&silent=true", []),
        ("?category=A&q=client", []),
    ],
)
def test_the_tab_of_the_ready_view_is_open(browser, cast, query, is_open):
    page = browser.get(f"{URL}{query}")
    assert [tab.label for tab in page.context["list"].views if tab.is_open] == is_open
    assert page.content.decode().count('<a class="nav-link active"') == len(is_open)


def test_ready_views_carry_along_what_belongs_to_the_list(browser, cast):
    place = f"month=2026-03&manager={cast.manager.pk}"
    tabs = browser.get(f"{URL}?{place}&category=A&sort=-code").context["list"].views
    assert [(tab.url, tab.is_open) for tab in tabs] == [
        (f"{URL}?{place}", False),
        (f"{URL}?{place}&category=A", True),
        (f"{URL}?{place}&silent=true&sort=-code", False),
    ]


def test_the_table_says_what_it_is_and_how_it_is_sorted(browser, cast):
    make(1)
    html = browser.get(f"{URL}?sort=-code&columns=code").content.decode()
    assert html.count("aria-sort=") == 1
    assert re.search(r'<th scope="col"\s+aria-sort="descending"\s*>\s*<a [^>]*>Code', html)
    assert "<caption" in html
    assert 'data-label="Code"' in html
    head = {
        cell.label: cell.url for cell in browser.get(f"{URL}?columns=code").context["list"].head
    }
    assert head == {"Name": f"{URL}?sort=-name&columns=name,code", "Code": head["Code"]}
    assert "sort=code" in head["Code"]


def test_an_empty_list_and_an_empty_answer_say_different_things(browser, cast):
    empty = browser.get(URL).content.decode()
    make(1)
    found = browser.get(f"{URL}?name=zzz").content.decode()
    assert (
        'href="/declared/clients/">' not in empty.split('class="empty"')[1].split("</section>")[0]
    )
    assert f'href="{URL}"' in found.split('class="empty"')[1]


def test_the_filter_panel_keeps_the_view_and_shows_refusals(browser, cast):
    make(1)
    htmx = {"HX-Request": "true", "HX-Target": "panel-body"}
    panel = browser.get(f"{URL}?part=filters&sort=-code&name=a", headers=htmx).content.decode()
    assert panel.lstrip().startswith("<form")
    assert '<input type="hidden" name="sort" value="-code">' in panel
    assert 'type="date"' in panel
    htmx["HX-Target"] = "list-clients"
    refused = browser.get(f"{URL}?part=apply&since_after=31.02.2026&name=abc", headers=htmx)
    assert refused.status_code == 422
    assert refused["HX-Retarget"] == "#panel-body"
    assert "is-invalid" in refused.content.decode()
    assert 'value="abc"' in refused.content.decode()
    assert "HX-Push-Url" not in refused
    applied = browser.get(f"{URL}?part=apply&since_after=01.03.2026&name=", headers=htmx)
    assert applied.status_code == 200
    assert applied["HX-Push-Url"] == f"{URL}?since_after=01.03.2026"
    assert "panel-close" in applied["HX-Trigger"]
    again = browser.get(f"{URL}?part=filters&since_after=01.03.2026").content.decode()
    assert 'value="2026-03-01"' in again


def test_neighbours_follow_the_list_the_person_came_from(browser, cast):
    made = {n: make(n, potential_monthly=n % 2, sort_key="same") for n in range(6)}
    html = browser.get(f"{URL}?sort=-potential_monthly&more_than=0").content.decode()
    urls = [unescape(url) for url in re.findall(r'class="list-link" href="([^"]+)"', html)]
    assert [url.split("/")[3] for url in urls] == [str(made[n].pk) for n in (5, 3, 1)]
    middle = browser.get(urls[1]).json()
    assert (middle["previous"], middle["next"]) == (urls[0], urls[2])
    assert middle["list"] == f"{URL}?more_than=0&sort=-potential_monthly"
    assert browser.get(urls[0]).json()["previous"] == ""
    assert browser.get(urls[2]).json()["next"] == ""


def test_a_record_opened_from_elsewhere_has_no_neighbours(browser, cast):
    make(1)
    record = make(2)
    for address in ("", "?from=people", "?from=//evil.example?x=1", "?from=clients%00"):
        around = browser.get(f"{URL}{record.pk}/{address}").json()
        assert around == {"list": URL, "previous": "", "next": ""}
    assert browser.get(f"{URL}{record.pk}/?from=clients?sort=evil").json()["list"] == URL


def test_a_template_of_a_cell_is_rendered_once_for_each_value(cast, rf, monkeypatch, tmp_path):
    from crm.lists import cells as module
    from crm.lists.state import ListState

    spec = ListSpec(
        name="x",
        model=Client,
        columns=[Column("category", "C", render="lists/_nothing_yet.html", sort="category")],
        default_sort="category",
        row_url=lambda row: "/",
    )
    state = ListState("/", "category", "category", 50, 50, ("category",))
    writer = module.RowWriter(spec, spec.by_name, state, set())
    html = writer.write([Client(category="A"), Client(category="A"), Client(category="B")])
    assert html.count("<tr") == 3


def test_rows_are_chosen_by_boxes_with_names_of_their_own(browser, cast):
    client = make(1, name="A & B")
    html = browser.get("/declared/chosen/").content.decode()
    assert f'name="ids" value="{client.pk}"' in html
    assert "A &amp; B" in re.search(r'data-select [^>]*aria-label="([^"]+)"', html)[1]
    assert "data-select-all" in html
    assert "data-selection-bar hidden" in html
    assert "data-select" not in browser.get(URL).content.decode()


def test_a_wrong_declaration_is_refused_at_start():
    from django.core.exceptions import ImproperlyConfigured

    good = {"name": "x", "model": Client, "columns": CLIENTS.columns, "filters": ClientFilter}
    for wrong in (
        {"default_sort": "specifics"},
        {"default_sort": "nothing"},
        {"default_sort": "name", "default_columns": ["nothing"]},
        {"default_sort": "name", "restricted": {"nothing": set()}},
        {"default_sort": "name", "page_size": 33},
        {"default_sort": "name", "columns": [*CLIENTS.columns, Column("x", "X", value="pk")]},
        {"default_sort": "name", "columns": [*CLIENTS.columns, CLIENTS.columns[0]]},
    ):
        with pytest.raises(ImproperlyConfigured):
            ListSpec(**{**good, **wrong})
