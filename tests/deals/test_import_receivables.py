"""1C's reports about debts: levels told apart by sums, opening balances, documents with days."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.models import Client, Counterparty
from crm.imports.models import ImportRow, ImportState
from crm.work import invariants
from deals.models import Allocation, Contract, Invoice, Payment, Shipment
from tests.deals.importing import imported, workbook
from tests.factories import clients, deals
from tests.imports.test_lifecycle import applied, undone

D = Decimal
INN = "7707083893"
PERSON = "Иванов Иван Иванович"


def sums(*values):
    """Eight sums; numbers as text with gaps and commas, as 1C writes them."""
    found = [
        f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",") if value else ""
        for value in values
    ]
    return found + [""] * (8 - len(found))


TOP = [
    ["ООО «Склад»"],
    ["Задолженность покупателей за 01.01.2026 - 31.01.2026"],
    [],
    ["Покупатель", "ИНН", "Долг на начало", "Аванс на начало", "Продано", "Оплачено"],
    ["Договор"],
    ["Документ"],
    [],
    [],
]
REPORT = [
    *TOP,
    ["<...>", ""],
    ["ООО «Ромашка»", INN, *sums(1500, 0, 700, 900, 0, 0, 1300, 0)],
    ["Договор № 5 от 01.02.2025", "", *sums(1500, 0, 500, 900, 0, 0, 1100, 0)],
    ["Реализация (акт, накладная, УПД) РТ-9 от 20.12.2025 10:00:00", "", *sums(600)],
    ["Реализация (акт, накладная, УПД) № РТ-1 от 12.01.2026 0:00:00", "", *sums(0, 0, 500)],
    ["Поступление на расчетный счет 17 от 20.01.2026 12:00:00", "", *sums(0, 0, 0, 900)],
    ["Без договора", "", *sums(0, 0, 200, 0, 0, 0, 200, 0)],
    ["Реализация (акт, накладная, УПД) РТ-2 от 13.01.2026", "", *sums(0, 0, 200)],
    [PERSON, "", *sums(0, 300, 0, 0, 0, 0, 0, 300)],
    ["Без договора", "", *sums(0, 300, 0, 0, 0, 0, 0, 300)],
    ["Итого", "", *sums(1500, 300, 700, 900, 0, 0, 1300, 300)],
    ["Лишнее после итога", "", *sums(1)],
]
BY_INTERVALS = [
    ["Задолженность покупателей по срокам долга на 31.01.2026"],
    [
        "Покупатель",
        "Всего",
        "Не просрочено",
        "От 1 до 7 дней",
        "От 8 до 30 дней",
        "Свыше 30 дней",
        "Просрочено",
    ],
    ["ООО «Ромашка»", "1000", "400", "", "350", "250", "600"],
    ["Договор № 5", "1000", "400", "", "350", "250", "600"],
    ["Реализация РТ-1 от 12.01.2026", "400", "400", "", "", "", ""],
    ["Реализация РТ-7 от 05.12.2025", "350", "", "", "350", "", "350"],
    ["Итого", "1000", "400", "", "350", "250", "600"],
]


@pytest.fixture
def client(cast):
    client = clients.client(cast.manager, name="ООО «Ромашка»", category="A")
    clients.counterparty(client, inn=INN, kpp="775001001")
    return client


@pytest.fixture
def load(cast, capsys, tmp_path):
    def run(rows, *arguments):
        content = rows if isinstance(rows, bytes) else workbook(rows)
        return imported(
            capsys, "import_receivables", content, *arguments, tmp_path=tmp_path, name="debts.xlsx"
        )

    return run


def test_a_report_becomes_contracts_debts_and_money(load, client):
    facts = load(REPORT, "--create-clients")
    assert (facts["refused"], facts["invoices"], facts["payments"]) == (0, 4, 2)
    assert (facts["clients_created"], facts["contracts_created"]) == (1, 1)
    rows = Invoice.objects.order_by("issued_on", "number")
    assert [(i.number, i.issued_on, i.amount, bool(i.contract)) for i in rows] == [
        ("РТ-9", date(2025, 12, 20), D("600.00"), True),
        (rows[1].number, date(2025, 12, 31), D("900.00"), True),  # what no document explains
        ("РТ-1", date(2026, 1, 12), D("500.00"), True),
        ("РТ-2", date(2026, 1, 13), D("200.00"), False),
    ]
    assert "31.12.2025" in rows[1].number
    assert Contract.objects.get().client == client
    person = Client.objects.get(name=PERSON)
    advance = Payment.objects.get(client=person)
    assert (advance.amount, advance.paid_on, advance.state) == (
        D("300.00"),
        date(2025, 12, 31),
        "matched",
    )
    # The closing debts of the report: 1100 under the contract, 200 without one.
    opened = {
        bool(contract): sum(i.open_amount for i in Invoice.objects.filter(contract=contract))
        for contract in (Contract.objects.get(), None)
    }
    assert opened == {True: D("1100.00"), False: D("200.00")}
    paid = Payment.objects.get(client=client)
    assert (paid.number, paid.paid_on, paid.state) == ("17", date(2026, 1, 20), "allocated")
    found = invariants.violations(timezone.now())
    assert found["payments are spread by their allocations"] == []


def test_the_same_report_twice_adds_nothing(load, client):
    load(REPORT, "--create-clients")
    again = load(REPORT, "--create-clients")
    assert (again["created"], again["invoices"], again["payments"]) == (0, 0, 0)
    assert (Invoice.objects.count(), Payment.objects.count()) == (4, 2)


def test_unknown_buyers_are_refused_unless_told_otherwise(load, client):
    facts = load(REPORT)
    assert facts["refused"] == 1
    assert PERSON in ImportRow.objects.get().reason
    assert Counterparty.objects.count() == 1


def test_documents_that_came_another_way_are_not_owed_twice(load, client):
    deals.sale(client, "500.00", on=date(2026, 1, 12), number="РТ-1")
    facts = load(REPORT, "--create-clients")
    assert facts["invoices"] == 3
    assert Invoice.objects.filter(number="РТ-1").count() == 1


def test_goods_back_and_write_offs_lower_debts(load, client):
    rows = [
        *TOP,
        ["ООО «Ромашка»", INN, *sums(1000, 0, -400, 200)],
        ["Без договора", "", *sums(1000, 0, -400, 200)],
        ["Возврат товаров от покупателя ВЗ-1 от 15.01.2026", "", *sums(0, 0, -300)],
        ["Списание задолженности СП-1 от 16.01.2026", "", *sums(0, 0, 0, 200)],
        ["Списание задолженности СП-2 от 17.01.2026", "", *sums(0, 0, -100)],
        ["Итого"],
    ]
    facts = load(rows)
    found = [facts[name] for name in ("invoices", "returns", "write_offs", "refused")]
    assert found == [1, 1, 2, 0]
    first = Shipment.objects.get(number="СП-1")
    assert (first.kind, first.amount, first.state) == ("adjustment", D("-200.00"), "posted")
    assert "Списание" in first.note
    assert Invoice.objects.get().open_amount == D("400.00")
    assert not Payment.objects.exists(), "nothing was paid"
    assert load(rows)["write_offs"] == 0


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Списание с расчетного счета 7 от 16.01.2026", sums(0, 0, 50), "выпиской"),
        ("Списание задолженности СП-1 от 16.01.2026", sums(0, 0, 50), "должен"),
        ("Списание задолженности СП-1 от 16.01.2026", sums(0, 200, 0, 50), "должен"),
    ],
)
def test_what_does_not_lower_a_debt_is_no_write_off(load, client, text, line, words):
    top = sums(0, 0, 50) if line == sums(0, 0, 50) else line
    rows = [*TOP, ["ООО «Ромашка»", INN, *top], ["Без договора", "", *top], [text, "", *line],
            ["Итого"]]  # fmt: skip
    assert load(rows)["refused"] == 1
    assert words in ImportRow.objects.get(result="refused").reason
    assert not Shipment.objects.exists()


def test_a_sale_paid_in_its_own_row_is_paid(load, client):
    rows = [
        *TOP,
        ["ООО «Ромашка»", INN, *sums(0, 0, 500, 200)],
        ["Без договора", "", *sums(0, 0, 500, 200)],
        ["Реализация РТ-1 от 15.01.2026", "", *sums(0, 0, 500, 200)],
        ["Итого"],
    ]
    load(rows)
    assert Allocation.objects.get().kind == "designated"
    assert Payment.objects.get().paid_on == date(2026, 1, 31)
    assert Invoice.objects.get().open_amount == D("300.00")


def test_intervals_tell_how_long_a_debt_is_overdue(load, client):
    facts = load(BY_INTERVALS)
    assert (facts["refused"], facts["invoices"]) == (0, 3)
    rows = Invoice.objects.order_by("due_on")
    assert [(i.amount, (date(2026, 1, 31) - i.due_on).days) for i in rows] == [
        (D("250.00"), 31),
        (D("350.00"), 8),
        (D("400.00"), 0),
    ]
    assert Invoice.objects.get(number="РТ-7").issued_on == date(2025, 12, 5)


def test_months_in_the_title_are_a_period(load, client):
    rows = [list(row) for row in REPORT]
    rows[1] = ["Задолженность покупателей за Январь 2026 г. - Февраль 2026 г."]
    assert load(rows, "--create-clients")["invoices"] == 4


@pytest.mark.parametrize("rows", [[["Контрагент", "Сумма"], ["ООО «Ромашка»", "5"]], TOP])
def test_another_workbook_is_refused(load, cast, rows):
    assert load(rows)["error"]


def test_a_text_is_refused(load, cast):
    assert load(b"Buyer;Debt\nx;1\n")["error"]


def test_undo_takes_the_balances_back(client, accountant):
    job = applied(accountant, workbook(REPORT), "receivables", create_clients=True)
    assert Allocation.objects.exists()
    assert undone(accountant, job).state == ImportState.ROLLED_BACK
    assert not Invoice.objects.exists()
    assert not Payment.objects.exists()
    assert Client.objects.get() == client
