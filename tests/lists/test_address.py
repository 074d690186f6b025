"""The address is the state of a list: what it may say, and what happens when it says nonsense."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django_htmx.middleware import HtmxDetails
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from tests.cast import signed_in
from tests.lists.declared import CLIENTS, client_list

URL = "/declared/clients/"
KEYS = [
    "q", "sort", "columns", "size", "after", "before", "totals", "export", "part", "from", "month",
    "category", "manager", "name", "since_after", "since_before", "potential_min",
    "potential_max", "more_than", "silent", "password", "manager__password__startswith", "sort[]",
    "csrfmiddlewaretoken",
]  # fmt: skip
VALUES = [
    "", " ", "\x00", "a\x00b", "\x0b", "\ufffd", "\u202e", "é" * 100, "x" * 100_000, "'\"><",
    "{{7*7}}", "%s%n", "1e400", "1e1000000", "-1e1000000", "NaN", "-Infinity", "-0", "١٢٣", "９９",
    "1_000", "1 000,50", "31.02.2026", "0000-00-00", "99999-01-01", "0001-01-01", "9999-12-31",
    "100000000000000000000", "-100000000000000000000", "9223372036854775808", "1.5", "abc", "true",
    "unknown", "[", "(", "\\", "%", "_", "A", "name", "-name", "--name", "name,name", "name,-code",
    "password", "manager__password", "?", "potential_monthly", "end", "e30:x", "filters", "apply",
    "xlsx;", "../../etc/passwd", "1 OR 1=1", "clients?category=Z", "\U0001f600",
]  # fmt: skip
FINE = {200, 400, 422}


@pytest.fixture(autouse=True)
def declared(settings):
    settings.ROOT_URLCONF = "tests.lists.declared"


@pytest.fixture
def browser(department_head) -> Browser:
    return signed_in(department_head)


def make(number, cast, **more):
    return Client.objects.create(
        code=f"K{number}", name=f"Client {number}", sort_key=f"client {number:04}", **more
    )


def shown(answer):
    return [row.code for row in answer.context["list"].rows]


@pytest.mark.parametrize("keys", list(zip(KEYS[::2], KEYS[1::2], strict=True)))
def test_no_value_of_any_parameter_breaks_the_list(cast, rf, keys):
    """Two at a time, each its own rubbish, straight to the view: three thousand pages are slow."""
    make(1, cast)
    for value, other in zip(VALUES, VALUES[7:] + VALUES[:7], strict=True):
        data = dict(zip(keys, (value, other), strict=True))
        request = rf.get(URL, data, headers={"HX-Request": "true"})
        request.user, request.htmx = cast.department_head, HtmxDetails(request)
        answer = client_list(request)
        assert answer.status_code in FINE, data


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(KEYS), st.one_of(st.sampled_from(VALUES), st.text(max_size=30))),
        max_size=6,
    )
)
def test_no_combination_of_parameters_breaks_the_list(browser, pairs):
    pairs = [(k, v.encode("utf-8", "replace").decode()) for k, v in pairs if k != "export"]
    query = "&".join(f"{k}={quoted(v)}" for k, v in pairs)
    assert browser.get(f"{URL}?{query}").status_code in FINE


def quoted(value):
    from urllib.parse import quote

    return quote(value)


def test_a_number_that_only_the_database_refuses_is_a_sentence(committed_db, settings):
    """The check before the database is taken away by a filter of another kind: a bare interval."""
    from tests.cast import assemble

    cast = assemble()
    settings.ROOT_URLCONF = "tests.lists.broken"
    answer = signed_in(cast.director).get("/broken/", {"when": "9" * 30})
    assert answer.status_code == 400
    assert answer.context["list"].state.problems


@pytest.mark.parametrize(
    "query",
    [
        "sort=password", "sort=manager__password", "sort=-specifics", "sort=--name", "sort=name,",
        "columns=password", "size=7", "size=1000000", "password=x", "category=Z", "export=pdf",
        "manager__password__startswith=a", "after=x", "since_after=31.02.2026", "manager=0",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_of_allowed_things_is_refused_and_said(browser, cast, query):
    make(1, cast)
    answer = browser.get(f"{URL}?{query}")
    assert answer.status_code == 400
    key = query.partition("=")[0]
    assert [problem.key for problem in answer.context["list"].state.problems] == [key]
    assert 'role="alert"' in answer.content.decode()
    assert shown(answer) == ["K1"]
    fragment = browser.get(
        f"{URL}?{query}", headers={"HX-Request": "true", "HX-Target": "list-clients"}
    )
    assert fragment.status_code == 422
    assert fragment["HX-Push-Url"] == URL


def test_every_filter_is_a_chip_that_can_be_taken_off(browser, cast):
    make(1, cast, category="A", category_since=date(2026, 1, 5), manager=cast.manager)
    query = (
        f"category=A&category=B&manager={cast.manager.pk}&name=client&since_after=2026-01-01"
        "&since_before=2026-01-31&potential_min=0&silent=true&q=x&sort=-code"
    )
    chips = browser.get(f"{URL}?{query}").context["list"].chips
    assert [(chip.label, chip.text) for chip in chips[1:]] == [
        ("Category", "A, B"),
        ("Manager", "Иванова\u00a0А.\u00a0П."),
        ("Name", "client"),
        ("Category since", "01.01.2026 – 31.01.2026"),
        ("Potential", chips[5].text),
        ("Silent", chips[6].text),
    ]
    assert chips[0].text == "x"
    for chip, gone in zip(chips, ("q", "category", "manager", "name", "since_after"), strict=False):
        left = parse_qs(urlsplit(chip.url).query)
        assert gone not in left
        assert left["sort"] == ["-code"]
    assert "since_before" not in parse_qs(urlsplit(chips[4].url).query)


def test_filters_search_and_sort_narrow_and_order_the_rows(browser, cast):
    make(1, cast, category="A", category_since=date(2026, 1, 5), search_key="ромашка")
    make(2, cast, category="B", category_since=date(2026, 1, 5))
    make(3, cast, search_key="ромашка плюс", last_contact_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert shown(browser.get(f"{URL}?category=A&category=B")) == ["K1", "K2"]
    assert shown(browser.get(f"{URL}?q=РОМАШКА&sort=-name")) == ["K3", "K1"]
    assert shown(browser.get(f"{URL}?silent=false")) == ["K3"]
    assert shown(browser.get(f"{URL}?sort=category,-code")) == ["K1", "K2", "K3"]
    nothing = browser.get(f"{URL}?q=нет такого").content.decode()
    assert f'href="{URL}"' in nothing


def test_the_address_is_written_in_one_way(browser, cast):
    make(1, cast)
    answer = browser.get(
        f"{URL}?since_after=&name=&q=&sort=name&size=50&columns=code&columns=category&month=2026-01",
        headers={"HX-Request": "true", "HX-Target": "list-clients"},
    )
    assert answer["HX-Push-Url"] == f"{URL}?month=2026-01&columns=name,code,category"


def test_the_same_address_gives_the_page_or_the_fragment(browser, cast):
    make(1, cast)
    page = browser.get(URL)
    fragment = browser.get(URL, headers={"HX-Request": "true", "HX-Target": "list-clients"})
    back = browser.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    boosted = browser.get(URL, headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert fragment.content.decode().lstrip().startswith('<section class="list" id="list-clients"')
    for answer in (page, back, boosted):
        assert answer.content.startswith(b"<!doctype html>")
        assert "HX-Request" in answer["Vary"]


def test_pages_lead_to_each_other(browser, cast):
    for number in range(60):
        make(number, cast)
    first = browser.get(f"{URL}?size=25")
    second = browser.get(first.context["list"].pager["next"])
    last = browser.get(first.context["list"].pager["last"])
    assert shown(second) == [f"K{n}" for n in range(25, 50)]
    assert shown(browser.get(second.context["list"].pager["previous"])) == shown(first)
    assert shown(last) == [f"K{n}" for n in range(35, 60)]
    assert second.context["list"].range_text.startswith("26–50")
    assert last.context["list"].range_text.startswith("36–60")
    assert shown(browser.get(last.context["list"].pager["previous"])) == [
        f"K{n}" for n in range(10, 35)
    ]


def test_a_page_whose_rows_are_gone_shows_the_nearest_end(browser, cast):
    for number in range(60):
        make(number, cast)
    third = browser.get(browser.get(f"{URL}?size=25").context["list"].pager["next"])
    url = third.context["list"].pager["next"]
    Client.objects.filter(code__in=[f"K{n}" for n in range(50, 60)]).delete()
    assert shown(browser.get(url)) == [f"K{n}" for n in range(25, 50)]


def test_counts_are_exact_up_to_the_bound(browser, cast, monkeypatch):
    for number in range(30):
        make(number, cast, potential_monthly=2)
    page = browser.get(f"{URL}?size=25").context["list"]
    assert (page.summary.count, page.summary.exact) == (30, True)
    assert page.summary.sums == {"potential_monthly": 60}
    monkeypatch.setitem(CLIENTS.__dict__, "count_bound", 29)
    page = browser.get(f"{URL}?size=25").context["list"]
    assert page.count_short == "29+"
    assert page.summary.sums is None
    asked = browser.get(page.totals_url).context["list"]
    assert asked.summary.sums == {"potential_monthly": 60}


def test_queries_do_not_grow_with_rows(browser, cast, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(20) as captured:
            assert browser.get(URL).status_code == 200
        return [q["sql"] for q in captured.captured_queries]

    make(1, cast, manager=cast.manager)
    queries()  # what the shell remembers for the life of the process
    few = queries()
    for number in range(2, 31):
        make(number, cast, manager=cast.manager)
    assert len(queries()) == len(few)
    assert sum("clients_client" in sql for sql in few) == 3  # rows, count, sums
