"""How values are shown: FMT-1 and its neighbours."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from crm.shell.templatetags import formats, shell

NBSP = "\u00a0"


def shown(source, **values):
    return Template("{% load formats shell %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1234567.5"), "1_234_567,50"),
        (Decimal(0), "0,00"),
        (Decimal("-15300.4"), "−15_300,40"),
        (Decimal(999), "999,00"),
    ],
)
def test_money_is_shown_as_fmt_1_says(value, expected):
    expected = expected.replace("_", NBSP)
    assert formats.money_plain(value) == expected
    assert formats.money(value) == f"{expected}{NBSP}₽"


def test_english_pages_keep_the_same_figures():
    with override("en"):
        assert formats.money(Decimal("1234567.89")) == f"1{NBSP}234{NBSP}567,89{NBSP}₽"


def test_days_and_moments_are_moscow_days():
    late = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
    assert formats.day(date(2026, 10, 5)) == "05.10.2026"
    assert formats.day(late) == "05.10.2026"
    assert formats.moment(late) == "05.10.2026 01:30"
    assert formats.clock(late) == "01:30"


def test_a_month_has_its_name():
    with override("ru"):
        assert formats.month_name(date(2026, 10, 1)) == "октябрь 2026"
    with override("en"):
        assert formats.month_name(date(2026, 10, 1)) == "October 2026"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234, "1_234"),
        (Decimal("2.500"), "2,5"),
        (Decimal("0.1234"), "0,123"),
        (Decimal(100), "100"),
    ],
)
def test_quantities_lose_trailing_zeros(value, expected):
    assert formats.qty(value) == expected.replace("_", NBSP)


def test_nothing_is_a_dash():
    for show in (formats.money, formats.percent, formats.qty, formats.day, formats.moment):
        assert show(None) == "—"
    assert formats.phone("") == "—"


def test_a_phone_is_shown_the_russian_way():
    assert shown("{{ number|phone }}", number="+79123456789") == "+7 (912) 345-67-89"


@pytest.mark.parametrize(
    ("offset", "words"),
    [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (3, "in 3 days"), (-21, "21 days ago")],
)
def test_days_are_told_from_today(offset, words):
    today = date(2026, 11, 23)
    with override("en"):
        assert formats.relative_day(date.fromordinal(today.toordinal() + offset), today) == words


def test_a_user_agent_becomes_a_browser():
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/130 YaBrowser/24.1 Safari/537"
    assert formats.browser(agent) == "Yandex Browser, Windows"


def test_marks_escape_what_people_typed():
    evil = "<b onclick=x>"
    for mark in (
        shell.reason_chip(evil, url=evil),
        shell.status_chip(evil),
        shell.filter_chip(evil, evil, evil),
        shell.crumb(evil, evil),
        shell.heat_cell(5, evil, evil),
        shell.progress(1, 2, evil),
        shell.avatar(evil),
        shell.category_badge(evil, evil),
        shell.sparkline([1, 2], evil),
        shell.stacked_bar([(Decimal(5), evil, evil)], evil),
    ):
        assert "<b" not in mark


def test_a_category_is_a_letter_and_words():
    mark = shown('{% category_badge "A" %}')
    assert ">A<" in mark
    assert "visually-hidden" in mark
    assert "category-none" in shown('{% category_badge "" %}')


def test_a_change_for_the_better_may_be_a_decrease():
    assert "delta-good" in shell.delta(-3, good_is_up=False)
    assert "delta-bad" in shell.delta(-3)
    assert "delta-same" in shell.delta(0)
    assert shell.delta(None) == ""


def test_a_heat_level_is_a_fifth_of_a_hundred():
    assert [shell.heat_level(v) for v in (None, 0, 1, 20, 59, 80, 250)] == [0, 0, 1, 2, 3, 5, 5]


def test_a_chart_has_a_table_twin_and_figures_as_data():
    spec = {
        "type": "bar",
        "labels": ["10", "11"],
        "datasets": [{"label": "</script>", "data": [Decimal("1.5"), None]}],
    }
    page = shown('{% chart "sales" spec title="Sales" %}', spec=spec)
    assert '<div id="sales-spec" hidden>{&quot;type&quot;: &quot;bar&quot;' in page
    assert "</script>" not in page
    assert '<th scope="row">10</th>' in page
    assert "—" in page
