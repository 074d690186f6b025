"""The page of receivables, the invoices behind its figures, the declared reports."""

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import Role
from deals.actions.stops import stop_client
from deals.receivables.ageing import parse_intervals
from deals.receivables.norms import limit_norm
from reports import registry
from reports.pages import receivables_links as links
from tests.cast import everybody, signed_in
from tests.factories import clients, contacts, deals, orders
from tests.factories.spreading import allocate_payment

D = Decimal
NAMES = {
    "ageing", "dso", "debt_share", "discipline", "top_debtors", "expected_receipts", "promises",
    "limits_used",
}  # fmt: skip
SEE_MONEY = {
    Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR,
    Role.ACCOUNTANT, Role.LAWYER,
}  # fmt: skip


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Ромашка»", territory="Тула")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def bill(client, today):
    since = today - timedelta(days=40)
    return deals.invoice(client, "1234.50", on=since, due=today - timedelta(days=10), number="СЧ-1")


def get(person, name, **query):
    return signed_in(person).get(reverse(f"reports:{name}"), query)


def text(response):
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("by", ["client", "manager", "unit", "territory", "contract"])
def test_every_grouping_shows_the_debt_with_its_invoices(cast, client, bill, by):
    response = get(cast.director, "receivables", by=by)
    assert response.status_code == 200
    page = response.context["page"]
    assert page.total.row.total == D("1234.50")
    (line,) = page.lines
    (cell,) = [cell for cell in line.cells if cell.amount]
    assert "1 234,50" in text(response)
    behind = signed_in(cast.director).get(cell.url)
    if behind.status_code == 200 and "found" in behind.context:
        assert [row.invoice.number for row in behind.context["found"].rows] == ["СЧ-1"]


def test_from_a_unit_down_to_one_invoice(cast, client, bill):
    """The head drills from the table to the document."""
    http = signed_in(cast.department_head)
    address = reverse("reports:receivables") + "?by=unit"
    for by in ("unit", "manager", "client"):
        response = http.get(address)
        assert response.context["asked"].by == by
        (line,) = response.context["page"].lines
        address = line.url
    query = parse_qs(urlparse(address).query)
    assert query["client"] == [str(client.pk)]


def test_a_day_gone_by_opens_the_invoices_as_they_stood(cast, client, bill, today):
    money = deals.payment(client, "1000.00", on=today - timedelta(days=2))
    allocate_payment(money.pk, by=None)
    for back, amount in ((3, "1234.50"), (2, "234.50"), (0, "234.50")):
        day = (today - timedelta(days=back)).isoformat()
        assert get(cast.manager, "receivables", as_of=day).context["page"].total.row.total == D(
            amount
        )
        found = get(cast.manager, "receivable_invoices", as_of=day, client=client.pk)
        assert found.context["found"].total == D(amount)
        assert found.context["found"].rows[0].days_overdue == 10 - back


def test_foreign_clients_are_not_found_and_nonsense_is_refused(cast, client, bill, today):
    for name in ("receivables", "receivables_trend", "receivable_invoices"):
        assert get(cast.stranger, name, client=client.pk).status_code == 404
        tomorrow = (today + timedelta(days=1)).isoformat()
        for query in ({"as_of": "x"}, {"by": "x"}, {"client": "x"}, {"as_of": tomorrow},
                      {"page": "0"}, {"manager": "1" * 19}):  # fmt: skip
            assert get(cast.manager, name, **query).status_code == 400, query


def test_a_day_that_is_none_of_ours_is_said_beside_it_and_stays(cast, client):
    answer = get(cast.manager, "receivables", as_of="0202-11-29", by="client")
    field = re.search(r'<input[^>]*name="as_of"[^>]*>', answer.content.decode())[0]
    assert answer.status_code == 400
    assert 'value="0202-11-29"' in field
    assert 'aria-describedby="id_as_of_error"' in field
    assert answer.context["page"].asked.as_of == timezone.localdate()


def test_a_manager_sees_own_debts_only(cast, client, bill):
    assert get(cast.manager2, "receivables").context["page"].lines == []
    assert "1 234,50" in text(get(cast.manager, "receivables"))


def test_the_trend_shows_the_debt_by_age_at_the_ends_of_months(cast, client, bill, today):
    response = get(cast.manager, "receivables_trend")
    chart = response.context["chart"]
    assert len(chart["labels"]) == 7
    last = {series["label"]: series["data"][-1] for series in chart["datasets"]}
    assert [amount for amount in last.values() if amount] == [D("1234.50")]
    assert re.search(r"<canvas", text(response))
    assert response.context["dso"].receivables == D("1234.50")


def test_a_cell_names_the_days_of_its_interval():
    """8–14 days overdue on the 31st is due from the 17th to the 23rd."""
    interval = parse_intervals("7, 14")[2]
    day = date(2026, 10, 31)
    url = links.in_interval({"manager": 5}, interval, as_of=day, today=day + timedelta(days=1))
    assert parse_qs(urlparse(url).query) == {
        "as_of": ["2026-10-31"], "manager": ["5"],
        "due_from": ["2026-10-17"], "due_to": ["2026-10-23"],
    }  # fmt: skip


# Declared reports


def run(name, person, **given):
    """The report with its usual parameters and some others, as a surface runs it."""
    report = registry.get(name)
    params = {p.name: p.default(timezone.localdate()) for p in report.parameters} | given
    rows = [dict(row) for row in report.rows(person, params)]
    totals = dict(report.totals(person, params, rows)) if report.totals else {}
    return list(report.columns(params)), rows, totals


def test_the_reports_of_receivables_are_declared_for_those_who_see_money(cast):
    for person in everybody(cast).values():
        offered = {report.name for report in registry.open_to(person)} & NAMES
        assert offered == (NAMES if person.role in SEE_MONEY else set()), person.role


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_column_has_its_value_and_every_parameter_its_field(cast, client, bill, name):
    contacts.done(client, cast.manager, promise_amount=D(5), promise_on=timezone.localdate())
    deals.credit_limit(client, by=cast.director)
    money = deals.payment(client, "34.50", on=timezone.localdate())
    allocate_payment(money.pk, by=None)
    report = registry.get(name)
    today = timezone.localdate()
    for parameter in report.parameters:
        field, usual = parameter.field(cast.manager), parameter.default(today)
        assert field.clean(field.prepare_value(usual)) == usual
    columns, rows, _totals = run(name, cast.manager)
    assert rows
    for row in rows:
        assert {column.name for column in columns} <= set(row)
        assert {column.link for column in columns if column.link} <= set(row)
    hidden = run(name, cast.marketer)[1]
    assert not any(row.get("total") or row.get("due") or row.get("amount") for row in hidden)
    assert len(hidden) <= (name == "expected_receipts"), "the line of the overdue, empty"


def test_the_rows_of_ageing_carry_what_was_agreed(cast, client, bill):
    deals.payment(client, "20.00", on=timezone.localdate())
    columns, (row,), totals = run("ageing", cast.manager, by="client", intervals="9, 30")
    names = [column.name for column in columns]
    assert names == [
        "code", "client", "manager", "not_due", "d1_9", "d10_30", "d31_plus", "total", "overdue",
        "overdue_percent", "reserve", "advance", "disputed",
    ]  # fmt: skip
    shown = {name: row[name] for name in ("client", "d10_30", "total", "overdue", "advance")}
    assert shown == {
        "client": "ООО «Ромашка»", "d10_30": D("1234.50"), "total": D("1234.50"),
        "overdue": D("1234.50"), "advance": D(20),
    }  # fmt: skip
    assert totals == {"overdue_percent": D(100)}


def test_the_greatest_debtors_and_their_share(cast, client, bill):
    deals.invoice(clients.client(cast.manager), "3765.50", on=timezone.localdate())
    _columns, rows, totals = run("top_debtors", cast.manager, limit=1)
    assert [(row["place"], row["total"], row["share"]) for row in rows] == [
        (1, D("3765.50"), D("75.31"))
    ]
    assert totals == {"overdue_percent": D(0)}


def test_limits_used_tells_use_norm_overdue_and_stop(cast, client, bill, today):
    """The most used first; shares of the whole are counted from the sums."""
    deals.sale(client, "600.00", on=today.replace(day=1) - timedelta(days=3))
    deals.credit_limit(client, "2000.00", by=cast.director)
    quiet = clients.client(cast.manager2, category="B", name="Ландыш")
    deals.credit_limit(quiet, "500.00", by=cast.director)
    stop_client(
        client.pk, by=cast.department_head, reason="manual", note="Спор", now=timezone.now()
    )
    orders.placed(quiet, {deals.product(): 1}, by=cast.manager2, on=today)
    _columns, (first, second), totals = run("limits_used", cast.sector_head)
    shown = {key: first[key] for key in first if key not in {"code", "url", "debt_url"}}
    assert shown == {
        "client": client.name, "category": "A", "manager": cast.manager.short_name,
        "limit": D(2000), "norm": limit_norm(client, today).amount, "debt": D("1834.50"),
        "reserved": D(0), "free": D("165.50"), "used_percent": D("91.73"),
        "overdue": D("1234.50"), "stop": "По решению",
        "credit_url": reverse("deals:credit", args=[client.pk]),
    }  # fmt: skip
    assert first["norm"] == D("900.00")
    assert (second["reserved"], second["free"], second["stop"]) == (D(100), D(400), "")
    assert totals == {"used_percent": D("77.38"), "clients": 2, "reached": 0}
    narrowed = {
        "high": 1, "over": 0, "overdue": 1, "stopped": 1, "all": 2,
    }  # fmt: skip
    for show, count in narrowed.items():
        assert len(run("limits_used", cast.sector_head, show=show)[1]) == count
    for more in ({"category": "B"}, {"manager": cast.manager2}):
        assert [row["client"] for row in run("limits_used", cast.director, **more)[1]] == ["Ландыш"]
    assert not run("limits_used", cast.director, unit=cast.other_sector)[1]
    assert run("limits_used", cast.stranger)[1] == []


def test_limits_used_asks_as_much_for_many_clients(cast, client):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            run("limits_used", cast.director)
        return len(caught)

    deals.credit_limit(client, by=cast.director)
    run("limits_used", cast.director)
    few = queries()
    for _ in range(4):
        deals.credit_limit(clients.client(cast.manager, category="C"), by=cast.director)
    assert queries() == few
