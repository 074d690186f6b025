"""Every number of plan and fact leads to what it is made of, with the same sum on top."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from clients.models import Client, ClientAssignment
from crm.accounts.models import User
from crm.shell.templatetags.formats import percent
from deals.actions.posting import reverse_shipment
from deals.models import ProductGroup
from reports.actions import rollup
from reports.pages.kept import forget
from reports.pages.plan_fact import CUTS as PAGE_CUTS
from reports.queries.cuts import CUTS
from reports.queries.plan_fact import METRICS
from tests.cast import signed_in
from tests.factories import clients, contacts, deals, plans
from tests.reports.behind import Behind
from tests.standing import standing

D = Decimal
OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 28)
HANDED = date(2026, 10, 20)
PART = {"HX-Request": "true"}


def line(product, amount):
    return {"product": product, "name": "Товар", "quantity": D(2), "price": abs(D(amount) / 2),
            "amount": D(amount)}  # fmt: skip


@standing
def market(cast):
    """Two months of four people: a hand-over, a refund, returns, a reversal, odd documents."""
    tea, coffee = (ProductGroup.objects.create(name=name) for name in ("Чай", "Кофе|100%"))
    green, black, bare = (deals.product(group=group) for group in (tea, coffee, None))
    since = {"since": date(2026, 8, 1)}
    moved = clients.client(
        cast.manager, category="A", territory="Север|100%", channel="Опт", **since
    )
    other = clients.client(cast.manager2, category="B", territory="Юг", **since)
    heads = clients.client(cast.department_head, category=None, channel="Опт", **since)
    foreign = clients.client(cast.stranger, category="A", **since)
    ClientAssignment.objects.filter(client=moved).update(valid_to=HANDED)
    ClientAssignment.objects.create(client=moved, manager=cast.stranger, valid_from=HANDED)
    Client.objects.filter(pk=moved.pk).update(manager=cast.stranger, org_unit=cast.other_sector)
    lines = [line(green, "60.00"), line(black, "30.00"), line(bare, "5.00"), line(None, "4.00")]
    deals.sale(moved, "100.00", on=date(2026, 9, 5), lines=lines)
    deals.sale(moved, "100.00", on=date(2026, 10, 5), lines=lines)
    deals.sale(moved, "10.00", on=date(2026, 10, 6))
    deals.returned(moved, "-20.00", on=date(2026, 10, 9), lines=[line(green, "-20.00")])
    late = deals.sale(moved, "8.00", on=HANDED, lines=[line(green, "8.00")])
    deals.sale(moved, "9.00", on=date(2026, 10, 22), lines=[line(black, "9.00")])
    reverse_shipment(late.pk, by=cast.accountant, on=date(2026, 10, 30), reason="Ошибка учёта")
    deals.returned(other, "-7.00", on=date(2026, 10, 7), lines=[line(green, "-7.00")])
    for client, amount in ((heads, "11.00"), (foreign, "500.00")):
        deals.sale(client, amount, on=date(2026, 10, 12), lines=[line(bare, amount)])
    deals.unassigned("3.00", on=date(2026, 10, 6))
    deals.payment(moved, "70.00", on=date(2026, 10, 6))
    deals.payment(moved, "50.00", on=date(2026, 10, 21), kind="refund", direction="out")
    deals.payment(other, "6.00", on=date(2026, 10, 6))
    deals.payment(None, "2.00", on=date(2026, 10, 22))
    contacts.done(moved, cast.manager, "2026-10-07 10:00")
    plan = plans.plan(cast.department, month=OCTOBER)
    plans.line(plan, moved, cast.manager, unit=cast.sector, ship="90.00", cash="30.00", contacts=2)
    plans.line(plan, other, ship="40.00", cash="20.00", contacts=1)
    plans.line(plan, heads, unit=cast.department, ship="5.00", cash="4.00", contacts=0)
    plans.settle(plan, cast.director)
    rollup.count_changes(today=TODAY)
    return cast


def told(behind, url):
    """What the list behind a link says on top; the rows add up to it."""
    page = behind.page(url)
    totals, rows = page.result.totals, page.result.rows
    above = totals["sum"] if "sum" in totals else totals["count"]
    assert sum(row["amount"] or 0 for row in rows) == above
    assert not rows or any(figure.text for figure in page.figures), url
    return above


def check(behind, lines, metric):
    for one in lines:
        assert told(behind, one.fact_url) == one.measure.fact, (one.name, one.fact_url)
        if one.plan_url and one.measure.plan:
            totals = behind.result(one.plan_url).totals
            assert totals[f"plan_{metric}"] == one.measure.plan, (one.name, one.plan_url)


@pytest.mark.parametrize("who", ["director", "department_head", "manager", "stranger"])
def test_each_number_of_the_page_is_the_sum_behind_it(market, who):
    behind, shown = Behind(getattr(market, who)), 0
    for by in PAGE_CUTS:
        for metric in METRICS if by != "group" else METRICS[:1]:
            asked = {"month": "2026-10", "by": by, "metric": metric, "open": market.manager.pk}
            page = behind.http.get(reverse("reports:plan_fact"), asked, headers=PART)
            page = page.context["page"]
            check(behind, [*page.lines, page.total], metric)
            shown += len(page.lines)
    assert shown > 15


@pytest.mark.parametrize(
    ("who", "levels"),
    [("director", {"total", "unit", "cut"}), ("manager", {"total", "manager", "client", "cut"})],
)
def test_percentages_and_forecasts_open_the_parts_they_are_counted_from(market, who, levels):
    """Each of a row's numbers stands on its page; what it is made of leads to the same sum."""
    behind, seen = Behind(getattr(market, who)), set()
    for by in PAGE_CUTS:
        for metric in ("ship", "active") if by != "group" else ("ship",):
            asked = {"month": "2026-10", "by": by, "metric": metric, "open": market.manager.pk}
            page = behind.http.get(reverse("reports:plan_fact"), asked, headers=PART)
            page = page.context["page"]
            for one in [*page.lines, page.total]:
                answer = behind.http.get(one.figure_url, headers=PART)
                assert answer.status_code == 200, (one.name, one.figure_url)
                shown = answer.context["figure"]
                assert shown.measure == one.measure, (one.name, one.figure_url)
                parts = {part.label: part for part in shown.parts}
                assert told(behind, parts["Факт"].url) == one.measure.fact
                if one.measure.percent is not None:
                    assert parts["План выполнен"].text == percent(one.measure.percent, 2)
                    seen.add(one.level)
    assert seen == levels


def test_a_change_opens_the_period_that_it_is_held_against(market, django_assert_max_num_queries):
    http = signed_in(market.director)
    page = http.get(
        reverse("reports:department_kpi"), {"unit": market.company.pk, "period": "2026-10"}
    )
    card = next(one for one in page.context["page"].cards if "отгрузки" in one.label)
    forget()
    with django_assert_max_num_queries(12):
        answer = http.get(card.delta_url, headers=PART)
    figure = answer.context["figure"]
    assert figure.change == card.delta
    assert told(Behind(market.director), figure.before[1].fact_url) == D(100)


def test_a_row_that_is_not_there_is_not_found(market):
    http = signed_in(market.manager)
    asked = {"month": "2026-10", "row": f"manager:{market.stranger.pk}|unit:{market.sector.pk}"}
    assert http.get(reverse("reports:figure"), asked).status_code == 404


def test_each_number_of_the_report_is_the_sum_behind_it(market):
    """Of two months by every cut, also within a unit, a manager and a row of another cut."""
    behind = Behind(market.director)
    narrowed = dict(zip(CUTS, (
        {}, {"row": "category:A"}, {"row": "channel:"}, {"manager": market.manager.pk},
        {"unit": market.department.pk}, {}, {"row": f"department:{market.department.pk}"},
        {"row": "category:A"},
    ), strict=True))  # fmt: skip
    for by, more in narrowed.items():
        query = {"month": "2026-09", "until": "2026-10", "by": by, **more}
        rows = behind.result(reverse("reports:report", args=["plan_fact"], query=query)).rows
        assert rows, by
        for row in rows:
            for metric in ("ship", "active") if by != "group" else ("ship",):
                url = row[f"{metric}_url"]
                assert told(behind, url) == row[metric], (by, more, row["name"], url)


def test_a_group_opens_its_lines_and_says_what_is_beyond_them(market):
    http = signed_in(market.director)
    page = http.get(reverse("reports:plan_fact"), {"month": "2026-10", "by": "group"})
    lines = {one.name: one for one in page.context["page"].lines}
    assert {name: one.measure.fact for name, one in lines.items()} == {
        "Чай": D(33), "Кофе|100%": D(39), "Без группы": D(534),
    }  # fmt: skip
    tea = http.get(lines["Чай"].fact_url).context["page"].result.rows
    assert [(row["amount"], row["quantity"]) for row in tea] == [
        (D(60), D(2)), (D(-7), D(-2)), (D(-20), D(-2)), (D(8), D(2)), (D(-8), D(-2)),
    ]  # fmt: skip
    none = http.get(lines["Без группы"].fact_url)
    goods = [(row["goods"], row["amount"]) for row in none.context["page"].result.rows]
    assert (None, D(1)) in goods, "a rouble more than the lines"
    assert "сверх строк" in none.content.decode()


def test_what_somebody_brought_is_theirs_to_see_without_the_pages_of_others(market):
    """The client has been handed over: its documents are named, nobody's page is opened."""
    http, moved = signed_in(market.manager), Client.objects.get(territory="Север|100%")
    url = reverse("reports:report", args=["fact_documents"])
    rows = http.get(url, {"month": "2026-10", "row": f"client:{moved.pk}"}).context["page"].result
    assert {row["client"] for row in rows.rows} == {moved.name}
    assert {row["client_url"] or row["document_url"] for row in rows.rows} == {""}
    assert sum(row["amount"] for row in rows.rows) == D(90)
    now = signed_in(market.stranger)
    own = now.get(url, {"month": "2026-10", "row": f"client:{moved.pk}"}).context["page"].result
    for link in {row[name] for row in own.rows for name in ("client_url", "document_url")}:
        assert now.get(link).status_code == 200, link
    foreign = Client.objects.get(manager=market.stranger, territory="")
    for code in (
        f"client:{foreign.pk}", "client:0", "group:x", "colour:1", "unit", "client:١",
        "unit:99999999999999999999", "manager:0", "category:A|category:B",
    ):  # fmt: skip
        assert http.get(url, {"month": "2026-10", "row": code}).status_code == 400, code
    others = http.get(url, {"month": "2026-10", "row": f"manager:{market.stranger.pk}"})
    assert others.context["page"].result.rows == []
    asked = {"month": "2026-10", "by": "manager"}
    plain = reverse("reports:report", args=["plan_fact"])
    assert http.get(plain, asked | {"row": "group:1"}).status_code == 400
    receipts = http.get(url, {"month": "2026-10", "metric": "cash", "row": "group:"})
    assert receipts.context["page"].result.rows == []


def test_the_list_of_many_documents_asks_no_more(market, django_assert_max_num_queries):
    client = Client.objects.get(manager=market.manager2)
    deals.sales(client, "1.00", days=[date(2026, 10, day) for day in range(1, 29)])
    rollup.count_changes(today=TODAY)
    http = signed_in(User.objects.get(pk=market.sector_head.pk))
    url = reverse("reports:report", args=["fact_documents"])
    with django_assert_max_num_queries(16):
        page = http.get(url, {"month": "2026-10", "row": f"manager:{market.manager2.pk}"})
    assert len(page.context["page"].result.rows) == 29
