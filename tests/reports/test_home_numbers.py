"""Numbers of the home pages lead to exactly the rows that they count (ux.md, rule 3)."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from clients.models import Client
from crm.calendar import add_working_days, month_end
from deals.actions.follow_ups import follow_up_debts
from reports import links
from reports.queries.department import department, units_for
from tests.cast import fresh, signed_in
from tests.factories import categories, contacts, deals
from tests.factories.clients import client as any_client
from tests.factories.spreading import allocate_payment

TODAY = timezone.localdate()
MONTH = TODAY.replace(day=1)
NOW = timezone.now()
CELL = re.compile(r'<td class="num" data-label="([^"]+)"><a href="(/clients/[^"]+)">(\d+)</a>')
DAY = re.compile(r'<li class="[^"]*"><a href="([^"]+)".*?<span class="visually-hidden">([^<]+)<')


def rows_of(browser, url):
    """How many rows the list of the address holds."""
    answer = browser.get(unescape(url))
    assert answer.status_code == 200, url
    found = answer.context["list"].summary
    assert found.exact
    return found.count


def opens(browser, url):
    """The sum of what is open in the invoices of the address."""
    return browser.get(unescape(url)).context["list"].summary.sums["open_amount"]


@pytest.fixture
def base(cast):
    """A client handed over after the plan, one outside it, a closed one, and one of nobody."""
    handed = categories.client(cast.manager, category="A")
    outside = categories.client(cast.manager, category="B")
    closed = categories.client(cast.manager2, category="B")
    nobodys = any_client(None, category="C", org_unit=cast.department, code="NOBODY")
    for one, by in ((handed, cast.manager2), (closed, cast.manager2)):
        contacts.plan_line(one, by, month=MONTH.isoformat(), contacts=3)
    for one in (handed, handed, outside, closed):
        contacts.done(one, cast.manager, NOW)
    contacts.done(nobodys, cast.department_head, NOW)
    Client.objects.filter(pk=closed.pk).update(status="archived", archived_at=NOW)
    return nobodys


@pytest.mark.parametrize(("who", "unit"), [("director", "company"), ("director", "department")])
def test_figures_of_a_dashboard_are_the_rows_of_their_links(cast, base, who, unit):
    browser = signed_in(getattr(cast, who))
    page = browser.get("/department/", {"unit": getattr(cast, unit).pk}).content.decode()
    seen = set()
    for label, url, number in CELL.findall(page):
        if "/plan/" not in url:
            assert rows_of(browser, url) == int(number), (label, url)
            seen |= {(label, int(number))}
    assert {("Выполнено", 3), ("Клиенты", 3)} <= seen, seen


@pytest.mark.parametrize("unit", ["company", "department"])
def test_rows_and_weeks_add_up_to_the_whole(cast, base, unit):
    person, unit = fresh(cast.director), getattr(cast, unit)
    shown = department(person, unit, MONTH, today=TODAY, units=units_for(person))
    assert shown.total.base.total == 3
    browser = signed_in(cast.director)
    for row in (*shown.rows, shown.total):
        for cell in shown.cells(row):
            url = links.contact_list(row, cell.week)
            assert rows_of(browser, url) == cell.done, url


def test_days_of_the_strip_open_what_the_person_did_and_plans(cast):
    mine, other = categories.client(cast.manager), categories.client(cast.manager2)
    contacts.done(mine, cast.manager, NOW)
    contacts.done(mine, cast.sector_head, NOW)
    contacts.planned(mine, cast.manager, (TODAY - timedelta(days=1)).isoformat(), state="missed")
    contacts.planned(other, cast.manager2, TODAY.isoformat())
    browser = signed_in(cast.manager)
    days = DAY.findall(browser.get("/my-day/").content.decode())
    counts = [sum(map(int, re.findall(r"\d+", words))) for _url, words in days]
    assert len(days) == 7
    assert sorted(counts) == [0] * 6 + [1]
    assert [rows_of(browser, url) for url, _words in days] == counts


def test_what_is_due_and_the_forecast_of_contacts_open_a_page_that_says_them(cast):
    client = categories.client(cast.manager, category="A")
    contacts.plan_line(client, cast.manager, month=MONTH.isoformat(), contacts=60)
    contacts.done(client, cast.manager, NOW)
    browser = signed_in(cast.manager)
    answer = browser.get("/my-day/month/")
    progress, page = answer.context["progress"], answer.content.decode()
    (part,) = re.findall(r'<dl class="month-facts">(.*?)</dl>', page, re.DOTALL)
    numbers = re.findall(r"<dd>(.*?)</dd>", part, re.DOTALL)
    assert len(numbers) == 3
    for shown in numbers[1:]:
        if shown != "—":  # on the first day there is no forecast yet
            (url,) = re.findall(r'href="([^"]+)"', shown)
            plan = browser.get(unescape(url)).context["plan"]
            assert plan.progress == progress
            text = browser.get(unescape(url)).content.decode()
            assert text.count('class="kpi-label"') == 6
            assert f"{progress.days_gone} из {progress.days_total}" in text


def test_what_was_expected_opens_the_invoices_that_it_sums_up(cast):
    client = any_client(cast.manager, category="A")
    last = month_end(MONTH.year, MONTH.month)
    open_now, paid, before = (
        deals.invoice(client, amount, on=MONTH - timedelta(days=40), due=due)
        for amount, due in (("700.00", last), ("50.00", MONTH), ("9.00", MONTH - timedelta(days=1)))
    )
    allocate_payment(deals.payment(client, "29.00", on=MONTH).pk, by=None)
    browser = signed_in(cast.accountant)
    page = browser.get("/accounting/").context["page"]
    assert page.figures.expected == Decimal("750.00")
    shown = browser.get(page.expected_url).context["page"].result
    assert shown.totals["expected"] == page.figures.expected
    assert {row["invoice"] for row in shown.rows} == {open_now.number, paid.number}
    assert before.number not in browser.get(page.expected_url).content.decode()


def test_chips_of_debts_open_the_invoices_that_they_sum_up(cast):
    late, due = (any_client(cast.manager, category="A", code=code) for code in ("LATE", "DUE"))
    ahead = add_working_days(TODAY, 1)
    for one, amount, day in (
        (late, "700.00", TODAY - timedelta(days=40)),
        (late, "50.00", TODAY + timedelta(days=60)),
        (due, "300.00", ahead),
        (due, "80.00", TODAY + timedelta(days=60)),
    ):
        deals.invoice(one, amount, on=TODAY - timedelta(days=60), due=day)
    follow_up_debts(today=TODAY, now=timezone.now())
    browser = signed_in(cast.manager)
    page = browser.get("/my-day/").content.decode()
    for client, amount in ((late, "700.00"), (due, "300.00")):
        (url,) = re.findall(rf'href="(/deals/invoices/\?client={client.pk}&amp;[^"]+)"', page)
        assert opens(browser, url) == Decimal(amount), url
