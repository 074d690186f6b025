"""The pack for the strategic plan: the figures of other reports, together (RP-07)."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from crm.accounts.models import AccessEvent
from crm.calendar import month_start
from reports.actions import rollup
from reports.pages.kept import forget
from reports.pages.strategy import PARTS, PartPage, parts_for
from tests.cast import signed_in
from tests.factories import clients, deals, promos
from tests.reports.behind import Behind
from tests.standing import standing

D = Decimal
TODAY = timezone.localdate()


def months_ago(number):
    """A day inside the month so many months before this."""
    return month_start(TODAY, -number) + timedelta(days=9)


@standing
def market(cast):
    """One client that grows, one that falls, one that is new, one of another department."""
    since = {"since": months_ago(9)}
    rising = clients.client(cast.manager, name="ООО «Рост»", channel="Сети", **since)
    falling = clients.client(cast.manager, name="ООО «Спад»", channel="Опт", **since)
    new = clients.client(cast.manager, name="ООО «Новый»", channel="Сети", **since)
    foreign = clients.client(cast.stranger, name="ООО «Чужой»", channel="Опт", **since)
    for client, number, amount in (
        (rising, 5, "100.00"), (rising, 2, "150.00"), (rising, 1, "50.00"),
        (falling, 4, "400.00"), (falling, 1, "100.00"), (new, 1, "30.00"),
        (foreign, 5, "1000.00"), (foreign, 1, "7.00"),
    ):  # fmt: skip
        deals.sale(client, amount, on=months_ago(number))
    deals.sale(rising, "9.00", on=TODAY)  # the month is not full yet
    rollup.count_changes(today=TODAY)
    forget()
    return cast


def rows_of(user, code):
    part = next(one for one in PARTS if one.code == code)
    return PartPage(part, user, TODAY).result.rows


def test_growth_is_the_last_full_months_against_as_many_before(market):
    (channel, other) = rows_of(market.department_head, "channels")
    assert (channel["name"], channel["before"], channel["now"]) == ("Сети", D(100), D(230))
    assert (channel["change_pct"], channel["share"]) == (D("130.00"), D("69.70"))
    assert (other["name"], other["change"], other["change_pct"]) == ("Опт", D(-300), D("-75.00"))
    rising = rows_of(market.department_head, "rising")
    assert [(row["name"], row["change"]) for row in rising] == [
        ("ООО «Рост»", D(100)),
        ("ООО «Новый»", D(30)),
    ]
    assert rising[1]["change_pct"] is None  # from nothing
    (falling,) = rows_of(market.department_head, "falling")
    assert falling["name"] == "ООО «Спад»"
    worst = rows_of(market.director, "falling")
    assert [row["name"] for row in worst] == ["ООО «Чужой»", "ООО «Спад»"]


def test_every_figure_of_growth_leads_to_its_documents(market):
    behind = Behind(market.department_head)
    for row in rows_of(market.department_head, "channels"):
        for side in ("before", "now"):
            found = behind.result(row[f"{side}_url"]).rows
            assert sum(line["amount"] for line in found) == row[side]


def test_margin_is_known_from_analysed_promos_alone(market):
    last = month_start(TODAY, -1) + timedelta(days=20)
    effect = {"promo_sales": "1000.00", "promo_cogs": "700.00"}
    figures = dict.fromkeys(
        ("pre_sales", "costs", "normal_margin_pct", "post_sales", "baseline", "uplift",
         "uplift_pct", "actual_gp", "baseline_gp", "incremental_gp", "net_effect", "roi_pct",
         "post_dip_gp", "net_effect_with_dip", "roi_with_dip_pct")
    )  # fmt: skip
    days = {"pre_days": 28, "promo_days": 14, "post_days": 14}
    common = {
        "starts_on": last - timedelta(days=13), "ends_on": last, "approver": market.marketer,
        "effect": figures | days | effect, "conclusion": "Итог", "analysed_on": TODAY,
        "analysed_by": market.marketer, "state": "analysed",
    }  # fmt: skip
    promos.promo(market.department_head, cost_of_goods=D(700), **common)
    promos.promo(market.department_head, **common)  # nobody has said what its goods cost
    # Of the company: over clients that the head does not see.
    promos.promo(market.director, org_unit=None, cost_of_goods=D(700), **common)
    (row,) = rows_of(market.department_head, "margin")
    assert (row["sales"], row["profit"], row["margin_pct"]) == (D(1000), D(300), D("30.00"))
    assert row["promos"] == 1
    assert all(one["margin_pct"] is None for one in rows_of(market.stranger_head, "margin"))


def test_the_structure_adds_up_to_the_analysis(market):
    rows = rows_of(market.department_head, "abc")
    assert sum(row["clients"] for row in rows) == 3
    assert sum(row["net"] for row in rows) == D(830)
    assert sum(row["net_pct"] or 0 for row in rows) == D(100)


@pytest.mark.parametrize("role", ["department_head", "director", "general_director"])
def test_each_part_is_shown_and_none_asks_much(market, role, django_assert_max_num_queries):
    browser, url = signed_in(getattr(market, role)), reverse("reports:strategy")
    page = browser.get(url)
    assert page.status_code == 200
    assert [part.code for part in page.context["parts"]] == [part.code for part in PARTS]
    for part in PARTS:
        forget()
        with django_assert_max_num_queries(16):
            answer = browser.get(url, {"part": part.code})
        shown = answer.context["page"]
        assert not shown.refused, part.code
        assert shown.all_url in answer.content.decode().replace("&amp;", "&")
        assert browser.get(shown.all_url).status_code == 200
    assert browser.get(url, {"part": "nothing"}).status_code == 404


def test_the_workbook_has_a_sheet_for_each_part_with_the_rows_of_the_report(market):
    user = market.department_head
    answer = signed_in(user).get(reverse("reports:strategy"), {"export": "xlsx"})
    content = io.BytesIO(b"".join(answer.streaming_content))
    book = CalamineWorkbook.from_filelike(content)
    assert len(book.sheet_names) == len(parts_for(user)) + 1
    cells = book.get_sheet_by_name("Отгрузки по каналам").to_python()
    assert [row[0] for row in cells] == ["Канал", "Сети", "Опт", "Итого"]
    assert cells[1][1:3] == [100, 230]
    assert AccessEvent.objects.filter(user=user, target="strategy").exists()


def test_others_get_no_pack(market):
    for role in ("manager", "sector_head", "accountant", "marketer", "admin"):
        answer = signed_in(getattr(market, role)).get(reverse("reports:strategy"))
        assert answer.status_code == 403
