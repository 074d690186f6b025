"""Invoices from files: due and settled days, disputes, the order of dates, once."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count, F, Max, Min, Q, Sum
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import RuleViolation
from crm.imports.models import ImportState
from crm.money import round_half_up
from deals.importers.days import DateOrder, DayReader, date_order
from deals.models import Allocation, Invoice, Payment
from tests.deals.importing import as_bytes, imported
from tests.factories import clients
from tests.imports.test_lifecycle import applied, undone
from tests.kernel.shared_files import shared_file

D = Decimal
HEADER = ["Номер счета", "Дата", "Срок оплаты", "Контрагент", "Сумма", "Дата оплаты", "Спорный"]
RECEIVABLES = "data/accounts_receivable/ibm_ar_50_customers.csv"
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
SHOWN = {
    "dmy": lambda day, mark: f"{day.day}{mark}{day.month}{mark}{day.year}",
    "mdy": lambda day, mark: f"{day.month}{mark}{day.day}{mark}{day.year}",
    "iso": lambda day, mark: day.isoformat(),
}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, name="Ромашка", category="A")


@pytest.fixture
def load(cast, capsys, tmp_path):
    def run(content, *arguments, name="invoices.csv"):
        return imported(
            capsys, "import_invoices", content, *arguments, tmp_path=tmp_path, name=name
        )

    return run


def line(number="1", day="12.01.2026", due="20.01.2026", amount="500", settled="", disputed=""):
    return [number, day, due, "Ромашка", amount, settled, disputed]


def test_a_settled_invoice_brings_its_payment(load, client):
    facts = load([HEADER, line(settled="25.01.2026", disputed="Да"), line("2", due="")])
    assert (facts["created"], facts["payments_created"]) == (2, 1)
    paid, open_one = Invoice.objects.order_by("number")
    assert (paid.state, paid.settled_on, paid.is_disputed) == ("paid", date(2026, 1, 25), True)
    payment = Payment.objects.get()
    assert (payment.state, payment.paid_on, payment.amount) == (
        "allocated",
        date(2026, 1, 25),
        D("500.00"),
    )
    assert (payment.client, payment.free_amount) == (client, 0)
    assert Allocation.objects.get().kind == "designated"
    assert (open_one.open_amount, open_one.due_on) == (D("500.00"), date(2026, 2, 26))


def test_a_later_file_pays_what_was_open_and_changes_nothing_else(load, client):
    load([HEADER, line(), line("2")])
    later = [HEADER, line(settled="26.01.2026"), line("2", disputed="да"), line("3", amount="7")]
    facts = load(later)
    assert (facts["created"], facts["updated"], facts["payments_created"]) == (1, 2, 1)
    first, second, _third = Invoice.objects.order_by("number")
    assert (first.state, first.settled_on) == ("paid", date(2026, 1, 26))
    assert (second.state, second.is_disputed, second.version) == ("issued", True, 2)
    again = load(later)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)
    assert Payment.objects.count() == 1
    assert load([HEADER, line(amount="600")])["warnings"] == 1


def test_undo_takes_payments_and_marks_back(client, accountant):
    applied(accountant, as_bytes([HEADER, line()]), "invoices")
    job = applied(
        accountant, as_bytes([HEADER, line(settled="26.01.2026", disputed="да")]), "invoices"
    )
    assert Invoice.objects.get().state == "paid"
    assert undone(accountant, job).state == ImportState.ROLLED_BACK
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.settled_on, invoice.is_disputed) == ("issued", None, False)
    assert not Payment.objects.exists()
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        line(amount="0"),
        line(amount="-5"),
        line(due="11.01.2026"),
        line(settled="завтра"),
        line(disputed="возможно"),
        ["2", "12.01.2026", "", "Никто", "5", "", ""],
        ["2", "12.01.2026", "", "", "5", "", ""],
    ],
)
def test_a_row_that_is_no_invoice_is_refused(load, client, wrong):
    facts = load([HEADER, line("ok"), wrong])
    assert (facts["created"], facts["refused"]) == (1, 1)


def test_the_same_invoice_twice_in_a_file_is_refused(load, client):
    assert load([HEADER, line(), line()])["refused"] == 1


def test_every_figure_of_the_receivables(load, capsys):
    expected = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))
    expected = expected["accounts_receivable"][f"shared/{RECEIVABLES.removeprefix('data/')}"]
    facts = imported(capsys, "import_invoices", shared_file(RECEIVABLES), "--create-clients")
    assert (facts["created"], facts["refused"]) == (expected["invoices"], 0)
    assert facts["clients_created"] == expected["customers"]
    rows = Invoice.objects.all()
    late = Q(settled_on__gt=F("due_on"))
    disputed = Q(is_disputed=True)
    got = rows.aggregate(
        total=Sum("amount"),
        first_invoice=Min("issued_on"),
        last_invoice=Max("issued_on"),
        first_settled=Min("settled_on"),
        last_settled=Max("settled_on"),
        late=Count("pk", filter=late),
        late_amount=Sum("amount", filter=late),
        disputed=Count("pk", filter=disputed),
        disputed_amount=Sum("amount", filter=disputed),
        disputed_and_late=Count("pk", filter=disputed & late),
        max_late=Max(F("settled_on") - F("due_on")),
    )
    assert got.pop("max_late").days == expected["max_days_late"]
    assert {name: str(value) for name, value in got.items()} == {
        name: str(expected[name]) for name in got
    }
    assert str(round_half_up(D(got["late"]) / rows.count(), 4)) == expected["late_share"]
    terms = {(i.due_on - i.issued_on).days for i in rows.only("due_on", "issued_on")}
    assert terms == {30}
    _check_days(expected["at_date"])
    again = imported(capsys, "import_invoices", shared_file(RECEIVABLES), "--create-clients")
    assert (again["created"], again["updated"]) == (0, 0)


def _check_days(days):
    """What was open on days gone by."""
    for text, figures in days.items():
        day = date.fromisoformat(text)
        opened = list(Invoice.objects.open_on(day))
        assert len(opened) == figures["open_invoices"]
        assert f"{sum(i.open_then for i in opened):.2f}" == figures["balance"]
        overdue = sum((i.open_then for i in opened if i.due_on < day), D(0))
        assert f"{overdue:.2f}" == figures["overdue"]


@pytest.mark.parametrize("order", ["dmy", "mdy", "iso"])
@given(days=st.lists(DAYS, min_size=1, max_size=20), mark=st.sampled_from("./-"))
def test_the_order_of_dates_is_that_of_the_whole_column_or_is_asked_for(order, days, mark):
    cells = [SHOWN[order](day, mark) for day in days]
    tells = any(day.day > 12 for day in days)
    same = all(day.day == day.month for day in days)
    if order == "iso" or tells or same or (order == "dmy" and mark == "."):
        reader = DayReader(date_order(cells, ""))
        assert [reader.read(cell) for cell in cells] == days
    elif mark == ".":  # points are Russian
        assert date_order(cells, "") == DateOrder.DMY
    else:
        with pytest.raises(RuleViolation):
            date_order(cells, "")
    if order != "iso":
        reader = DayReader(date_order(cells, order))
        assert [reader.read(cell) for cell in cells] == days


def test_columns_of_both_orders_are_refused():
    with pytest.raises(RuleViolation):
        date_order(["13/01/2026", "01/13/2026"], "")
    assert date_order(["13/01/2026", "01/13/2026"], "mdy") == DateOrder.MDY


def test_an_ambiguous_file_is_refused_until_the_order_is_named(load, client):
    rows = [HEADER, line(day="01/02/2026", due="02/03/2026")]
    assert re.search("0[12]/0[23]/2026", load(rows)["error"])
    assert not Invoice.objects.exists()
    assert load(rows, "--date-order", "mdy")["created"] == 1
    assert Invoice.objects.get().issued_on == date(2026, 1, 2)


def test_one_column_tells_the_order_of_the_others(load, client):
    assert load([HEADER, line(day="01/02/2026", due="02/13/2026")])["created"] == 1
    assert Invoice.objects.get().issued_on == date(2026, 1, 2)
