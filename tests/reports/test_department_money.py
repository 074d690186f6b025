"""Money on the dashboards: figures by hand, whose they are, links that give the same rows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.models import Client, ClientAssignment
from crm import calendar
from crm.work.production_calendar import seed_calendar
from deals.actions.posting import reverse_shipment
from deals.models import AbcResult, AbcRun
from reports.actions import rollup
from reports.pages.my_day_money import MonthMoneyPage
from reports.queries.department import units_for
from reports.queries.department_money import debt_of, debts, units_inside
from reports.queries.month_money import Change, Days, spans_of
from reports.queries.my_day import progress_of
from tests.cast import fresh, signed_in
from tests.factories import clients, deals
from tests.factories import contacts as have
from tests.factories.spreading import allocate_payment
from tests.reports.behind import Behind
from tests.standing import standing

D = Decimal
TODAY = date(2026, 11, 23)
MONTH = date(2026, 11, 1)


@standing
def official(db):
    seed_calendar()
    calendar.forget()


@standing
def trade(cast, official):
    """Two clients of one manager, one of another, one of another department."""
    first = clients.client(cast.manager, category="A", name="ООО «Ромашка»")
    second = clients.client(cast.manager, category="B")
    third = clients.client(cast.manager2, category="C")
    foreign = clients.client(cast.stranger, category="A")
    deals.sale(first, "1000.00", on=date(2026, 10, 8))
    deals.sale(third, "500.00", on=date(2026, 10, 30))
    deals.sale(first, "900.00", on=date(2026, 11, 3))
    deals.returned(first, "-100.00", on=date(2026, 11, 10))
    deals.sale(third, "400.00", on=date(2026, 11, 20))
    reverse_shipment(
        deals.sale(second, "77.00", on=date(2026, 11, 5)).pk,
        by=cast.accountant, on=date(2026, 11, 6), reason="ошибка",
    )  # fmt: skip
    deals.sale(foreign, "5000.00", on=date(2026, 11, 5))
    deals.draft(second, "9999.00", on=date(2026, 11, 5))
    for client, amount, day in (
        (first, "250.00", date(2026, 10, 9)), (first, "300.00", date(2026, 11, 12)),
        (foreign, "60.00", date(2026, 11, 12)), (None, "33.00", date(2026, 11, 13)),
    ):  # fmt: skip
        money = deals.payment(client, amount, on=day)
        if client:
            allocate_payment(money.pk, by=None)
    return first, second, third, foreign


def money(person, unit, month=MONTH, today=TODAY):
    person = fresh(person)
    return debt_of(person, units_inside(unit, units_for(person)), month, today=today)


def pair(change):
    return change.now, change.before


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 23), date(2026, 10, 21)),  # the 15th working day of both
        (date(2026, 11, 22), date(2026, 10, 20)),  # a Sunday: the day before the 15th
        (date(2026, 11, 1), date(2026, 9, 30)),  # nothing has gone by
        (date(2026, 11, 30), date(2026, 10, 28)),
    ],
)
def test_the_running_month_is_held_against_the_same_working_day(official, today, until):
    spans = spans_of(MONTH, today)
    assert spans.now == Days(MONTH, today)
    assert spans.before == Days(date(2026, 10, 1), until)


def test_a_longer_month_is_held_against_the_whole_of_a_shorter_one(official):
    """February 2026 has 19 working days, March 21."""
    assert spans_of(date(2026, 3, 1), date(2026, 3, 31)).before.last == date(2026, 2, 28)


def test_a_month_gone_by_is_held_against_the_whole_month_before(official):
    spans = spans_of(date(2026, 10, 1), TODAY)
    assert spans.before == Days(date(2026, 9, 1), date(2026, 9, 30))
    assert not spans.is_running


def test_debt_is_told_against_the_month_before(cast, trade):
    debt = money(cast.department_head, cast.department)
    # Shipped 2,800 less 100 returned and 550 paid; up to 21 October 1,000 less 250.
    assert pair(debt.total) == (D("2150.00"), D("750.00"))
    gone = money(cast.department_head, cast.department, date(2026, 10, 1))
    assert pair(gone.total) == (D("1250.00"), D("0.00"))


@pytest.mark.parametrize(
    ("who", "unit", "owed"),
    [
        ("sector_head", "sector", "2150.00"),
        ("director", "company", "7090.00"),
        ("director", "department", "2150.00"),
        ("stranger_head", "other_department", "4940.00"),
        ("stranger_head", "department", "0.00"),
        ("manager", "department", "0.00"),
    ],
)
def test_everybody_counts_the_clients_they_see(cast, trade, who, unit, owed):
    assert money(getattr(cast, who), getattr(cast, unit)).total.now == D(owed)


def test_the_greatest_debtors_and_the_debt_of_each_manager(cast, trade):
    head = fresh(cast.department_head)
    inside = units_inside(cast.department, units_for(head))
    found = debts(head, cast.department, inside, MONTH, today=TODAY)
    assert [(one.client_id, one.total) for one in found.debtors] == [
        (trade[0].pk, D("1250.00")), (trade[2].pk, D("900.00")),
    ]  # fmt: skip
    rows = {found.names[row.key].text: row.total for row in found.ageing.rows}
    assert rows == {str(cast.manager): D("1250.00"), str(cast.manager2): D("900.00")}
    gone = debts(head, cast.department, inside, date(2026, 10, 1), today=TODAY)
    assert [one.total for one in gone.debtors] == [D("750.00"), D("500.00")]


def test_the_company_s_debt_is_shown_by_sectors(cast, trade):
    director = fresh(cast.director)
    inside = units_inside(cast.company, units_for(director))
    found = debts(director, cast.company, inside, MONTH, today=TODAY)
    assert [found.names[row.key].text for row in found.ageing.rows] == ["Сектор юг", "Сектор север"]


# Pages: today is the real day there


@standing
def running(cast):
    """Documents of this month and of the last one, with something overdue."""
    today = timezone.localdate()
    client = clients.client(cast.manager, category="A")
    other = clients.client(cast.stranger, category="A")
    old = today.replace(day=1) - timedelta(days=40)
    deals.sale(client, "700.00", on=old)
    for whose in (client, other):
        deals.sale(whose, "1000.00", on=today)
        deals.returned(whose, "-50.00", on=today)
        deals.payment(whose, "120.00", on=today)
        deals.payment(whose, "5.00", on=today, state="reversed")
    reverse_shipment(
        deals.sale(client, "70.00", on=today).pk, by=cast.accountant, on=today, reason="ошибка"
    )
    deals.invoice(client, "800.00", on=old, due=today - timedelta(days=20))
    deals.payment(client, "20.00", on=today, direction="out", kind="refund")
    rollup.count_changes(today=today)
    return client


def rows_of(http, url):
    answer = http.get(url)
    assert answer.status_code == 200, url
    return answer.context["list"]


def summed(http, url, column="amount"):
    listed = rows_of(http, url)
    return next(total for name, total in listed.summary.sums.items() if name == column)


def test_every_figure_of_the_dashboard_opens_its_rows(cast, running):
    http = signed_in(cast.department_head)
    page = http.get("/department/money/").context["page"]
    assert summed(http, page.overdue_url, "open_amount") == page.debt.overdue.now > 0
    whole = http.get(page.debt_url).context["page"].total.row
    assert (whole.total, whole.overdue) == (page.debt.total.now, page.debt.overdue.now)
    behind = http.get("/department/debts/").context["page"]
    (line,) = behind.debtors
    assert summed(http, line.url, "open_amount") == line.debtor.total == page.debt.total.now
    assert summed(http, line.overdue_url, "open_amount") == line.debtor.overdue


def test_the_month_of_my_day_is_that_of_plan_and_fact_and_opens_its_rows(cast, running):
    http = signed_in(cast.manager)
    page = http.get("/my-day/month/").context["page"]
    shown = {"ship": page.flow.shipments, "cash": page.flow.receipts, "active": page.flow.active}
    told = {"ship": D(950), "cash": D(100), "active": D(1)}
    for metric, amount in told.items():
        fact = http.get("/plan-fact/", {"metric": metric}).context["page"].total.measure.fact
        rows = http.get(page.links[metric]).context["page"].result.rows
        documents = sum(row["amount"] for row in rows)
        assert shown[metric].now == fact == documents == amount


def test_the_month_of_my_day_counts_who_answered_on_the_day(cast):
    """The month before up to the same day too; a client given away since stays in it."""
    client = clients.client(cast.manager, since=date(2026, 8, 1))
    for on, amount in ((5, "100.00"), (20, "7.00"), (30, "3.00")):
        deals.sale(client, amount, on=date(2026, 10, on))
        deals.payment(client, amount, on=date(2026, 10, on))
    deals.sale(client, "40.00", on=date(2026, 11, 3))
    ClientAssignment.objects.update(valid_to=date(2026, 10, 15))
    ClientAssignment.objects.create(
        client=client, manager=cast.manager2, valid_from=date(2026, 10, 15)
    )
    today = date(2026, 11, 26)
    rollup.count_changes(today=today)
    first = MonthMoneyPage(fresh(cast.manager), cast.manager, today=today).flow
    second = MonthMoneyPage(fresh(cast.manager2), cast.manager2, today=today).flow
    assert first.shipments == first.receipts == Change(D(0), D(100))
    assert (first.active, second.active) == (Change(D(0), D(1)), Change(D(1), D(1)))
    assert (second.shipments, second.receipts) == (Change(D(40), D(7)), Change(D(0), D(7)))


def test_changes_of_my_day_open_the_documents_of_the_days_before(cast):
    """Up to the same working day, not of the whole month."""
    client = clients.client(cast.manager, since=date(2026, 8, 1))
    for on, amount in ((5, "100.00"), (30, "3.00")):
        deals.sale(client, amount, on=date(2026, 10, on))
        deals.payment(client, amount, on=date(2026, 10, on))
    late = clients.client(cast.manager, since=date(2026, 8, 1))
    deals.sale(late, "9.00", on=date(2026, 10, 29))
    rollup.count_changes(today=date(2026, 11, 26))
    page = MonthMoneyPage(fresh(cast.manager), cast.manager, today=date(2026, 11, 26))
    behind = Behind(cast.manager)
    told = {metric: behind.result(url).totals for metric, url in page.before.items()}
    assert told["ship"]["sum"] == page.flow.shipments.before == D(100)
    assert told["cash"]["sum"] == page.flow.receipts.before == D(100)
    assert told["active"]["count"] == page.flow.active.before == 1


def test_changes_of_the_debt_open_the_debt_of_the_day_before(cast):
    client = clients.client(cast.manager, since=date(2026, 1, 1))
    deals.invoice(client, "700.00", on=date(2026, 9, 1), due=date(2026, 9, 20))
    deals.invoice(client, "50.00", on=date(2026, 10, 1), due=date(2026, 12, 20))
    http = signed_in(cast.department_head)
    page = http.get("/department/money/", {"period": "2026-11"}).context["page"]
    assert (page.debt.total.before, page.debt.overdue.before) == (D(750), D(700))
    whole = http.get(page.debt_before_url).context["page"]
    assert whole.figures.total.total == page.debt.total.before
    assert http.get(page.overdue_before_url).context["found"].total == page.debt.overdue.before


def test_a_month_of_my_day_is_the_person_s_as_far_as_the_viewer_sees(cast, running):
    today = timezone.localdate()
    own = MonthMoneyPage(fresh(cast.manager), cast.manager, today=today)
    head = MonthMoneyPage(fresh(cast.sector_head), cast.manager, today=today)
    stranger = MonthMoneyPage(fresh(cast.stranger_head), cast.manager, today=today)
    assert own.flow == head.flow
    assert (
        stranger.flow.shipments.now == stranger.flow.receipts.now == stranger.flow.active.now == 0
    )
    client = Client.objects.filter(manager=cast.manager).first()
    have.plan_line(client, cast.manager, month=today.replace(day=1).isoformat(), contacts=4)
    planned = [
        progress_of(fresh(viewer), cast.manager, today).sums.planned
        for viewer in (cast.manager, cast.sector_head, cast.stranger_head)
    ]
    assert planned == [4, 4, 0]
    theirs = signed_in(cast.sector_head).get("/my-day/month/", {"manager": cast.manager.pk})
    assert theirs.context["page"].flow == own.flow
    foreign = signed_in(cast.stranger_head).get("/my-day/month/", {"manager": cast.manager.pk})
    assert foreign.status_code == 404


def test_the_pages_load_their_money_after_them(cast, running):
    page = signed_in(cast.department_head).get("/department/").content.decode()
    for part in ("kpi", "course", "money", "debts"):
        assert f'hx-get="/department/{part}/?unit={cast.department.pk}&amp;period=this_m' in page
    http = signed_in(cast.sector_head)
    for whose in (cast.sector_head, cast.manager):
        day = http.get("/my-day/", {"manager": whose.pk}).content.decode()
        assert f'hx-get="/my-day/month/?manager={whose.pk}"' in day
        assert "my-day-money" in day


def test_whoever_sees_neither_money_nor_plans_gets_no_figures_of_the_month(cast, running):
    http = signed_in(cast.merchandiser)
    for url in ("/my-day/", "/my-day/month/"):
        part = http.get(url).content.decode()
        assert "my-day-contacts" not in part
        assert "my-day-money" not in part
    both = signed_in(cast.manager).get("/my-day/month/").content.decode()
    assert both.index("my-day-contacts") < both.index("my-day-money")


@pytest.mark.parametrize("part", ["kpi", "course", "calendar", "money", "debts"])
def test_parts_of_a_foreign_unit_are_not_found(cast, part):
    url = f"/department/{part}/"
    foreign = {"unit": cast.other_department.pk}
    assert signed_in(cast.sector_head).get(url, foreign).status_code == 404
    assert signed_in(cast.manager).get(url).status_code == 403
    cast.department.head = None
    cast.department.save(update_fields=["head"])
    assert signed_in(cast.department_head).get(url).status_code == 404


def test_the_curve_of_the_last_analysis_is_shown_small(cast, running):
    http = signed_in(cast.department_head)
    assert http.get("/department/debts/").context["page"].abc is None
    run = AbcRun.objects.create(
        date_from=date(2025, 11, 1), date_to=date(2026, 10, 31), share_a=80, share_b=95,
        total=D(100), clients_count=1,
    )  # fmt: skip
    AbcResult.objects.create(
        run=run, client=running, rank=1, net_amount=D(100), share=100, cumulative=100, category="A"
    )
    answer = http.get("/department/debts/")
    assert answer.context["page"].abc.chart["labels"] == ["1"]
    assert 'href="/deals/abc/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "url", "most"),
    [
        ("department_head", "/department/", 12),
        ("department_head", "/department/kpi/", 12),
        ("department_head", "/department/course/", 9),
        ("department_head", "/department/money/", 10),
        ("department_head", "/department/debts/", 14),
        ("manager", "/my-day/", 12),
        ("manager", "/my-day/month/", 8),
    ],
)
def test_queries_are_few(cast, running, who, url, most, django_assert_max_num_queries):
    http = signed_in(getattr(cast, who))
    http.get(url)
    with django_assert_max_num_queries(most):
        http.get(url)
