"""Reports declared once: rights, parameters, the page, its files and the command line agree."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from crm.accounts.models import AccessEvent
from deals.actions.posting import reverse_shipment
from deals.models import ProductGroup
from reports import registry
from reports.parameters import Period, period_of
from tests.cast import everybody, fresh, signed_in
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment
from tests.standing import standing

D = Decimal
OWN = ("abc", "category_disagreements", "shipments", "receipts", "client_balance")
MONEY = {"manager", "manager2", "sector_head", "department_head", "director", "general_director",
         "accountant", "lawyer", "stranger", "stranger_head"}  # fmt: skip
PART = {"HX-Request": "true"}
OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}


@standing
def base(cast):
    """Two clients of two managers and one of another department, with documents of October."""
    mine = clients.client(cast.manager, code="T-MINE", name="ООО «=Ромашка»")
    other = clients.client(cast.manager2, code="T-OTHER")
    foreign = clients.client(cast.stranger, code="T-FOREIGN")
    first = deals.sale(mine, "1000.00", on=date(2026, 9, 10))
    deals.sale(mine, "600.00", on=date(2026, 10, 5))
    deals.returned(mine, "-100.00", on=date(2026, 10, 9))
    deals.sale(other, "300.00", on=date(2026, 10, 6))
    deals.sale(foreign, "5000.00", on=date(2026, 10, 7))
    deals.unassigned("70.00", on=date(2026, 10, 8))
    money = deals.payment(mine, "700.00", on=date(2026, 10, 20), number="P1")
    allocate_payment(money.pk, by=None)
    deals.payment(mine, "50.00", on=date(2026, 10, 21), kind="refund", direction="out", number="R1")
    deals.payment(None, "11.00", on=date(2026, 10, 22))
    return {"mine": mine, "other": other, "foreign": foreign, "first": first}


def url(name, **params):
    return reverse("reports:report", args=[name], query=params or None)


def tell(capsys, *arguments):
    call_command("report", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def columns(answer, *names):
    places = [[one["name"] for one in answer["columns"]].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in answer["rows"]]


def book(response):
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("name", OWN)
def test_money_is_for_those_who_see_it(cast, base, name):
    params = {"client": "T-MINE"} if name == "client_balance" else {}
    for who, person in everybody(cast).items():
        status = signed_in(person).get(url(name, **params), headers=PART).status_code
        if who in MONEY and name != "client_balance":
            assert status == 200, who
        elif who not in MONEY:
            assert status == 403, who


def test_each_sees_the_documents_of_own_clients(cast, base, capsys):
    def seen(who):
        arguments = ["shipments", "by=client", "period=2026-10"]
        answer = tell(capsys, *arguments, *(["--as", who] if who else []))
        return dict(columns(answer, "code", "net"))

    assert seen("manager") == {"T-MINE": "500.00"}
    assert seen("sector_head") == {"T-MINE": "500.00", "T-OTHER": "300.00"}
    assert seen("stranger") == {"T-FOREIGN": "5000.00"}
    everything = {"T-MINE": "500.00", "T-OTHER": "300.00", "T-FOREIGN": "5000.00", "": "70.00"}
    assert seen("accountant") == everything
    assert seen("") == everything


def test_the_command_line_needs_no_people(db, capsys):
    answer = tell(capsys, "shipments", "period=2026-10")
    assert (answer["rows"], answer["totals"]["net"]) == ([], "0.00")


def test_a_foreign_client_is_unknown(cast, base):
    browser = signed_in(cast.manager)
    answer = browser.get(url("client_balance", client="T-FOREIGN"))
    missing = browser.get(url("client_balance", client="T-NOBODY"))
    assert (answer.status_code, missing.status_code) == (400, 400)
    with pytest.raises(CommandError, match="client: "):
        call_command("report", "client_balance", "client=T-FOREIGN", "--as", "manager")


@pytest.mark.parametrize(
    ("name", "params", "field"),
    [
        ("abc", {"as_of": "31.02.2026"}, "id_as_of_error"),
        ("abc", {"as_of": "0001-01-01"}, "id_as_of_error"),
        ("abc", {"months": "0"}, "id_months_error"),
        ("abc", {"months": "٣"}, "id_months_error"),
        ("abc", {"border": "middle"}, "id_border_error"),
        ("shipments", {"by": "colour"}, "id_by_error"),
        ("shipments", {"period": "2026-13"}, "id_period_error"),
        ("shipments", {"from": "2026-10-31", "to": "2026-10-01"}, "id_period_error"),
        ("shipments", {"unit": "999999"}, "id_unit_error"),
        ("receipts", {"manager": "nobody"}, "id_manager_error"),
        ("receipts", {"colour": "red"}, ""),
    ],
)
def test_wrong_parameters_are_refused_at_their_field(cast, base, name, params, field):
    browser = signed_in(cast.director)
    page = browser.get(url(name, **params))
    assert page.status_code == 400
    assert (field or "colour") in page.content.decode()
    fragment = browser.get(url(name, **params), headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    with pytest.raises(CommandError):
        call_command("report", name, *(f"{key}={value}" for key, value in params.items()))


def test_a_report_asks_for_what_it_needs_without_blaming(cast, base):
    page = signed_in(cast.manager).get(url("client_balance"))
    assert page.status_code == 200
    assert "is-invalid" not in page.content.decode()


def test_unknown_reports_and_people_are_refused(cast):
    assert signed_in(cast.director).get(url("nothing")).status_code == 404
    for arguments in (["nothing"], ["shipments", "--as", "nobody"], ["shipments", "period"],
                      ["shipments", "--as", "logistics"], []):  # fmt: skip
        with pytest.raises(CommandError):
            call_command("report", *arguments)


def test_the_list_names_what_one_may_open(cast, capsys):
    call_command("report", "--list", "--json")
    known = {one["name"]: one["parameters"] for one in json.loads(capsys.readouterr().out)}
    assert set(OWN) <= set(known)
    assert known["client_balance"] == ["client", "period"]
    call_command("report", "--list")
    assert "client_balance: " in capsys.readouterr().out
    page = signed_in(cast.manager).get(reverse("reports:report_list")).content.decode()
    assert all(url(name) in page for name in OWN)
    assert signed_in(cast.logistics).get(reverse("reports:report_list")).status_code == 403


@pytest.mark.parametrize("by", ["month", "client", "manager", "unit", "type", "group"])
def test_shipments_add_up_by_any_cut(cast, base, capsys, by):
    totals = tell(capsys, "shipments", f"by={by}", "period=2026-10")["totals"]
    assert totals["net"] == "5870.00"
    assert (totals["shipped"], totals["returned"]) == ("5970.00", "-100.00")


@pytest.mark.parametrize("by", ["day", "month", "client", "manager", "account"])
def test_receipts_add_up_by_any_cut(cast, base, capsys, by):
    totals = tell(capsys, "receipts", f"by={by}", "period=2026-10")["totals"]
    assert (totals["received"], totals["payments"]) == ("711.00", 2)


def test_goods_by_group_and_documents_without_lines(cast, base, capsys):
    tea = deals.product(group=ProductGroup.objects.create(name="Чай"))
    line = {"quantity": 1, "price": D(40), "amount": D(40), "name": "Чай", "product": tea}
    more = {"quantity": 1, "price": D(5), "amount": D(5), "name": "Прочее"}
    deals.sale(base["mine"], "45.00", on=date(2026, 8, 5), lines=[line, more])
    answer = tell(capsys, "shipments", "by=group", "period=2026-08")
    assert columns(answer, "name", "net") == [("Чай", "40.00"), ("Без группы", "5.00")]


def test_shipments_are_narrowed_by_unit_manager_and_client(cast, base, capsys):
    def net(*arguments):
        return tell(capsys, "shipments", "period=2026-10", *arguments)["totals"]["net"]

    assert net(f"unit={cast.department.name}") == "800.00"
    assert net("manager=manager2") == "300.00"
    assert net("client=T-MINE") == "500.00"


def test_a_reversal_stands_in_its_own_month(cast, base, capsys):
    reverse_shipment(base["first"].pk, by=cast.accountant, on=date(2026, 11, 3), reason="Ошибка")
    answer = tell(capsys, "shipments", "by=month", "period=2026-09..2026-11", "client=T-MINE")
    assert columns(answer, "name", "net") == [
        ("09.2026", "1000.00"),
        ("10.2026", "500.00"),
        ("11.2026", "-1000.00"),
    ]


def test_the_balance_of_a_client(cast, base, capsys):
    answer = tell(capsys, "client_balance", "client=T-MINE", "period=2026-10")
    assert columns(answer, "day", "debit", "credit", "balance") == [
        ("2026-10-05", "600.00", None, "1600.00"),
        ("2026-10-09", None, "100.00", "1500.00"),
        ("2026-10-20", None, "700.00", "800.00"),
        ("2026-10-21", "50.00", None, "850.00"),
    ]
    totals = answer["totals"]
    assert (totals["opening"], totals["closing"]) == ("1000.00", "850.00")
    assert (totals["debit"], totals["credit"]) == ("650.00", "800.00")
    deals.invoice(base["mine"], "99.00", on=date(2026, 10, 31))
    later = tell(capsys, "client_balance", "client=T-MINE", "period=2026-10")["totals"]
    assert later["closing"] == "949.00"


@pytest.mark.parametrize("name", OWN)
def test_files_hold_what_the_page_shows(cast, base, capsys, name):
    params = {"client": "T-MINE", **OCTOBER} if name == "client_balance" else {}
    params |= {"by": "client", **OCTOBER} if name in ("shipments", "receipts") else {}
    params |= {"as_of": "2026-10-31"} if name in ("abc", "category_disagreements") else {}
    browser = signed_in(cast.director)
    answer = tell(capsys, name, *(f"{key}={value}" for key, value in params.items()))
    header, *sheet = book(browser.get(url(name, export="xlsx", **params)))
    labels = [one["label"] for one in answer["columns"]]
    assert [text.partition(",\u00a0")[0] for text in header] == labels
    assert len(sheet) - bool(answer["rows"]) == len(answer["rows"])
    shown = browser.get(url(name, **params)).content.decode()
    assert shown.count("<tr>") - shown.count("<thead>") >= len(answer["rows"])
    for row, told in zip(sheet, answer["rows"], strict=False):
        for cell, value in zip(row, told, strict=True):
            assert same(cell, value)
    content = browser.get(url(name, export="csv", **params)).getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert len(lines) == len(sheet) + 1
    noted = AccessEvent.objects.filter(kind="export", target__startswith=f"report:{name}?")
    assert {event.rows for event in noted} == {len(answer["rows"])}


def test_a_workbook_has_days_as_days_and_tells_what_was_asked(cast, base):
    answer = signed_in(cast.director).get(url("receipts", by="day", export="xlsx", **OCTOBER))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert workbook.sheet_names == ["Поступления", "О файле"]
    sheet, facts = (workbook.get_sheet_by_index(at).to_python() for at in range(2))
    assert sheet[1][0] == date(2026, 10, 20)
    assert (sheet[0][-1], sheet[-1][0]) == ("Доля,\u00a0%", "Итого")
    assert ["Период", "01.10.2026 – 31.10.2026"] in facts


def same(cell, value):
    """A cell of the sheet says what the command line says."""
    if value is None:
        return cell in ("", None)
    if isinstance(cell, date):
        return cell.isoformat()[:10] == value
    if isinstance(cell, float | int) and not isinstance(value, str):
        return cell == value
    if isinstance(cell, float | int):
        return abs(D(str(cell)) - D(value)) < D("0.01")
    return str(cell) == str(value)


def test_a_name_like_a_formula_stays_text(cast, base):
    browser = signed_in(cast.director)
    base["mine"].name = "=1+1"
    base["mine"].save(update_fields=["name"])
    answer = browser.get(url("shipments", by="client", export="csv", **OCTOBER))
    assert "'=1+1" in answer.getvalue().decode()


def test_the_days_that_hold_stand_in_words_beside_the_calendars(cast, base):
    """Calendars write days as the browser does, and stand empty beside a usual period."""
    browser = signed_in(cast.accountant)
    asked = browser.get(url("shipments", by="client", **OCTOBER)).content.decode()
    assert "с 01.10.2026 по 31.10.2026</div>" in asked
    usual = browser.get(url("shipments", by="client", period="2025")).content.decode()
    assert "с 01.01.2025 по 31.12.2025</div>" in usual
    open_ended = browser.get(url("shipments", by="client", to="2026-10-05")).content.decode()
    assert "по 05.10.2026</div>" in open_ended
    assert "1990" not in open_ended
    day = browser.get(url("client_balance", client="T-MINE", **{"from": "2026-10-02"}))
    assert "с 02.10.2026 по " in day.content.decode()  # up to today


def test_totals_chips_presets_and_links(cast, base):
    page = signed_in(cast.accountant).get(url("shipments", by="client", **OCTOBER))
    text = page.content.decode().replace("\u00a0", " ")
    assert "5 870,00" in text
    assert "01.10.2026 – 31.10.2026" in text
    assert base["mine"].get_absolute_url() in text or "client=" in text
    assert "period=last_month" in text


def test_many_rows_are_bounded_on_the_screen_and_whole_in_the_file(cast, monkeypatch, base):
    monkeypatch.setattr("reports.pages.report.SCREEN_ROWS", 2)
    browser = signed_in(cast.accountant)
    page = browser.get(url("shipments", by="client", **OCTOBER))
    assert (page.context["page"].left_out, len(page.context["page"].shown)) == (2, 2)
    printed = browser.get(url("shipments", by="client", print="1", **OCTOBER))
    assert "Период: 01.10.2026 – 31.10.2026 · " in printed.content.decode()
    assert printed.context["page"].left_out == 0


@pytest.mark.parametrize("name", ["abc", "shipments", "receipts", "client_balance"])
def test_more_rows_ask_no_more_queries(cast, base, name, django_assert_max_num_queries):
    params = {"client": "T-MINE", **OCTOBER} if name == "client_balance" else {}
    params |= {"by": "client", **OCTOBER} if name in ("shipments", "receipts") else {}
    report, person = registry.get(name), fresh(cast.director)
    from reports.running import ReportForm, run

    def count():
        form = ReportForm(report, person, params, timezone.localdate())
        assert form.is_valid()
        return len(run(report, person, form.cleaned_data).rows)

    before = count()
    for _number in range(5):
        client = clients.client(cast.manager)
        deals.sale(client, on=date(2026, 10, 12))
        deals.sale(base["mine"], on=date(2026, 10, 12))
        deals.payment(client, on=date(2026, 10, 12))
    with django_assert_max_num_queries(14):
        assert count() >= before + 5


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this_month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this_half_year", date(2026, 7, 1), date(2026, 12, 31)),
        ("last_12_months", date(2025, 11, 1), date(2026, 10, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-01..2026-03", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-01-05..2026-01-07", date(2026, 1, 5), date(2026, 1, 7)),
    ],
)
def test_periods_in_words(text, first, last):
    assert period_of(text, date(2026, 11, 23)) == Period(first, last)


def test_no_two_reports_have_one_name():
    with pytest.raises(ImproperlyConfigured, match="shipments"):
        registry.register(registry.get("shipments"))
