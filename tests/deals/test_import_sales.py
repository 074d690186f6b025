"""Documents of sale from files: with goods or without, once, posted, settled, taken back whole."""

import gzip
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Counterparty
from crm.imports.models import ImportRow, ImportState
from crm.imports.pages import ImportPage
from crm.work import invariants
from deals.models import Allocation, Contract, Invoice, Payment, Shipment, ShipmentLine
from reports.queries.receivables.ageing import ageing
from tests.deals.importing import as_bytes, imported, workbook
from tests.factories import clients, deals
from tests.imports.test_lifecycle import applied, checked, undone

D = Decimal
HEADER = [
    *("Дата", "Номер", "Контрагент", "ИНН", "КПП", "Договор", "Сумма", "НДС", "Валюта"),
    *("Вид операции", "Комментарий"),
]
INN = "7707083893"
MONEY = (
    "invoices are paid by their allocations",
    "payments are spread by their allocations",
    "returns are set off by their allocations",
    "a posted sale has its invoice",
)


def row(day="12.01.2026 10:15:00", number="РТ-1", client="", **more):
    """A row of 1C's register of sales."""
    values = {"Дата": day, "Номер": number, "Контрагент": client, "Сумма": "1 000,00", **more}
    return [values.get(name, "") for name in HEADER]


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, name="ООО «Ромашка»", category="A", external_id="Р-77")


@pytest.fixture
def load(cast, capsys, tmp_path):
    def run(content, *arguments, name="sales.csv"):
        return imported(capsys, "import_sales", content, *arguments, tmp_path=tmp_path, name=name)

    return run


def sound():
    found = invariants.violations(timezone.now())
    return [found[name] for name in MONEY] == [[]] * 4


def test_a_row_of_1c_is_a_posted_document_with_its_invoice(load, client):
    facts = load([HEADER, row(client="ООО Ромашка", Договор="Д-5", НДС="180,33", Валюта="руб.")])
    assert (facts["new"], facts["refused"], facts["contracts_created"]) == (1, 0, 1)
    assert facts["by_type"]["invoice"] == {"count": 1, "amount": "1000.00"}
    document = Shipment.objects.get()
    assert (document.kind, document.state, document.number) == ("sale", "posted", "РТ-1")
    assert (document.amount, document.vat_amount) == (D("1000.00"), D("180.33"))
    assert document.posted_on == document.dated_on == date(2026, 1, 12)
    assert (document.manager, document.org_unit) == (client.manager, client.org_unit)
    assert (document.contract.number, document.contract.client) == ("Д-5", client)
    assert document.invoice.due_on == date(2026, 2, 26)  # 45 days of category A
    assert document.invoice.contract == document.contract
    for record in (document, document.invoice):
        assert record.events.get().pgh_context["verb"] == "import.applied"
    assert sound()


def test_the_same_file_twice_adds_nothing(load, client):
    rows = [HEADER, row(client="Р-77"), row(number="РТ-2", client="Р-77")]
    assert load(rows)["new"] == 2
    again = load(rows)
    assert (again["new"], again["duplicates"], again["unchanged"]) == (0, 2, 2)
    assert again["by_type"]["invoice"] == {"count": 2, "amount": "2000.00"}
    assert (Shipment.objects.count(), Invoice.objects.count()) == (2, 2)


def test_a_changed_amount_is_told_and_the_document_stays(load, client):
    load([HEADER, row(client="Р-77")])
    again = load([HEADER, row(client="Р-77", Сумма="1")])
    assert (again["duplicates"], again["warnings"]) == (1, 1)
    assert Shipment.objects.get().amount == D("1000.00")


@pytest.mark.parametrize(
    ("more", "kind", "amount"),
    [
        ({"Вид операции": "Возврат от покупателя"}, "return", "-1000.00"),
        ({"Вид операции": "Возврат товаров", "Сумма": "-1000"}, "return", "-1000.00"),
        ({"Вид операции": "Реализация (акт, накладная, УПД)"}, "sale", "1000.00"),
        ({"Вид операции": "Корректировка реализации", "Сумма": "-5,5"}, "adjustment", "-5.50"),
        ({"Вид операции": "Корректировка реализации", "Сумма": "5,5"}, "adjustment", "5.50"),
        ({"Сумма": "-7"}, "return", "-7.00"),
        ({"Номер": "C536379", "Сумма": "-7"}, "return", "-7.00"),
        ({"Номер": "A563185", "Сумма": "7"}, "adjustment", "7.00"),
        ({"Номер": "CAR-5", "Сумма": "7"}, "sale", "7.00"),
        ({"Вид операции": "invoice", "Сумма": "-7"}, "return", "-7.00"),
    ],
)
def test_the_kind_is_told_by_the_column_the_number_or_the_sign(load, client, more, kind, amount):
    assert load([HEADER, row(client="Р-77", **more)])["new"] == 1
    document = Shipment.objects.get()
    assert (document.kind, document.amount) == (kind, D(amount))
    assert sound()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Контрагент": "АО «Ромашка»"}, "Ромашка"),
        ({"Контрагент": "Никто"}, "Никто"),
        ({"ИНН": "7707083894", "Контрагент": "Р-77"}, "7707083894"),
        ({"Сумма": "много"}, "много"),
        ({"Сумма": ""}, ""),
        ({"Сумма": "10000000000000"}, ""),
        ({"Дата": "31.02.2026"}, "31.02.2026"),
        ({"Дата": ""}, ""),
        ({"Номер": ""}, ""),
        ({"Валюта": "USD"}, "USD"),
        ({"Вид операции": "Перемещение"}, "Перемещение"),
        ({"НДС": "1000,01"}, ""),
    ],
)
def test_a_row_that_is_no_document_is_refused_with_its_reason(load, client, more, why):
    facts = load(
        [HEADER, row(number="РТ-2", client="Р-77"), row(**{"client": "Р-77", **_named(more)})]
    )
    assert (facts["new"], facts["refused"], facts["refused_documents"]) == (1, 1, 1)
    refused = ImportRow.objects.get()
    assert refused.number == 3
    assert why in refused.reason


def _named(more):
    """`row` has parameters of its own for some columns."""
    names = {"Контрагент": "client", "Дата": "day", "Номер": "number"}
    return {names.get(name, name): value for name, value in more.items()}


def test_one_number_with_different_contents_is_refused(load, client):
    rows = [row(client="Р-77"), row(client="Р-77"), row(client="Р-77", Сумма="5")]
    facts = load([HEADER, *rows])
    assert (facts["new"], facts["duplicates"], facts["refused"]) == (1, 1, 1)


def test_numbers_of_1c_begin_anew_every_year(load, client):
    facts = load([HEADER, row(client="Р-77"), row("13.01.2025", client="Р-77")])
    assert facts["new"] == 2


def test_a_client_is_found_by_inn_and_kpp_before_its_name(load, cast):
    first, second = clients.client(cast.manager), clients.client(cast.manager)
    clients.counterparty(first, inn=INN, kpp="775001001")
    clients.counterparty(second, inn=INN, kpp="770801001")
    load([HEADER, row(client=first.name, ИНН=INN, КПП="770801001")])
    assert Shipment.objects.get().client == second
    facts = load([HEADER, row(number="РТ-2", client=first.name, ИНН=INN)])
    assert facts["refused"] == 1  # which of the two?


def test_new_clients_are_added_only_if_told_to(load, cast):
    rows = [
        HEADER,
        row(client="ООО «Лютик»", ИНН=INN, КПП="775001001"),
        row(number="РТ-2", client="Василёк"),
    ]
    assert load(rows)["refused"] == 2
    assert not Client.objects.exists()
    facts = load(rows, "--create-clients", "--unit", "Сектор север")
    assert (facts["clients_created"], facts["new"]) == (2, 2)
    made = Client.objects.get(name="ООО «Лютик»")
    assert (made.status, made.manager, made.org_unit) == ("client", None, cast.sector)
    assert Counterparty.objects.get().client == made
    assert Invoice.objects.filter(client=made).get().due_on == date(2026, 1, 12)
    more = [HEADER, row(number="РТ-3", client="Лютик", ИНН=INN, КПП="775001001")]
    assert load(more, "--create-clients")["clients_created"] == 0


def test_a_document_without_a_client_waits_and_owes_nothing(load, cast):
    facts = load([HEADER, row(), row(number="РТ-2", client="Никто")], "--keep-unknown")
    assert (facts["new"], facts["unassigned"]) == (2, 2)
    assert list(Shipment.objects.order_by("pk").values_list("client", "client_text")) == [
        (None, ""),
        (None, "Никто"),
    ]
    assert not Invoice.objects.exists()


def test_returns_lower_their_original_first_then_the_earliest_due(load, client):
    header = [*HEADER, "Основание"]
    rows = [
        [*row("05.01.2026", "РТ-1", "Р-77", Сумма="100"), ""],
        [*row("12.01.2026", "РТ-2", "Р-77", Сумма="200"), ""],
        [*row("20.01.2026", "ВЗ-1", "Р-77", Сумма="-250"), "Реализация РТ-2 от 12.01.2026 0:00:00"],
        [*row("21.01.2026", "ВЗ-2", "Р-77", Сумма="-70"), ""],
    ]
    assert load([header, *rows])["new"] == 4
    parts = Allocation.objects.order_by("pk").values_list(
        "credit__number", "invoice__number", "amount", "on_day"
    )
    assert sorted(parts) == [
        ("ВЗ-1", "РТ-1", D("50.00"), date(2026, 1, 20)),
        ("ВЗ-1", "РТ-2", D("200.00"), date(2026, 1, 20)),
        ("ВЗ-2", "РТ-1", D("50.00"), date(2026, 1, 21)),
    ]
    assert Shipment.objects.get(number="ВЗ-1").original.number == "РТ-2"
    assert Shipment.objects.get(number="ВЗ-2").applied_amount == D("50.00")  # 20 stay a credit
    assert not Invoice.objects.unpaid().exists()
    assert sound()


def test_vat_is_of_the_date_unless_the_file_or_the_option_says_otherwise(load, client):
    rows = [HEADER, row(client="Р-77", Сумма="122"), row("30.12.2025", "РТ-2", "Р-77", Сумма="120")]
    load(rows)
    assert set(Shipment.objects.values_list("vat_amount", flat=True)) == {D("22.00"), D("20.00")}
    load([HEADER, row(number="РТ-3", client="Р-77", Сумма="110")], "--vat", "reduced")
    assert Shipment.objects.get(number="РТ-3").vat_amount == D("10.00")
    load([HEADER, row(number="РТ-4", client="Р-77", НДС="Без НДС")])
    assert Shipment.objects.get(number="РТ-4").vat_amount == 0


LINES = [
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"],
    ["1", "A", "Tea", "3", "2026-10-05 10:00:00", "1.005", "Р-77"],
    ["2", "B", "Cup", "1", "2026-10-05 11:00:00", "10", "Р-77"],
    ["1", "B", "Cup", "-1", "2026-10-05 10:01:00", "0.5", "Р-77"],
    ["3", "A", "Tea", "2", "2026-10-06 10:00:00", "1", ""],
    ["1", "C", "", "1", "2026-10-05 10:00:00", "0.005", "Р-77"],
]


def test_rows_are_lines_of_documents_wherever_they_stand(load, client):
    tea = deals.product(sku="A", name="Чай")
    facts = load(LINES)
    assert (facts["rows"], facts["documents"], facts["new"], facts["unassigned"]) == (5, 3, 3, 1)
    first = Shipment.objects.get(number="1")
    assert first.amount == D("2.52")  # 3.015 - 0.5 + 0.005, rounded once
    lines = first.lines.order_by("position").values_list("sku", "product", "quantity", "amount")
    assert list(lines) == [
        ("A", tea.pk, D(3), D("3.02")),
        ("B", None, D(-1), D("-0.50")),
        ("C", None, D(1), D("0.01")),
    ]
    assert first.vat_amount == sum(line.vat_amount for line in first.lines.all())
    assert load(LINES)["duplicates"] == 3
    assert ShipmentLine.objects.count() == 5


def test_portions_keep_documents_whole(load, client, monkeypatch):
    from crm.imports import registry

    monkeypatch.setitem(registry._kinds, "sales", _smaller(registry.get("sales"), 2))
    assert load(LINES)["new"] == 3
    assert dict(Shipment.objects.values_list("number", "amount")) == {
        "1": D("2.52"),
        "2": D("10.00"),
        "3": D("2.00"),
    }


def _smaller(kind, portion):
    from dataclasses import replace

    return replace(kind, portion=portion)


def test_a_wrong_line_refuses_its_whole_document(load, client):
    rows = [list(line) for line in LINES]
    rows[3][3] = "one"
    facts = load(rows)
    assert (facts["documents"], facts["new"], facts["refused_documents"]) == (3, 2, 1)
    assert facts["refused"] == 3
    assert set(Shipment.objects.values_list("number", flat=True)) == {"2", "3"}


def test_lines_of_one_document_name_one_client(load, client, cast):
    other = clients.client(cast.manager, external_id="X")
    rows = [list(line) for line in LINES]
    rows[3][6] = other.external_id
    assert load(rows)["refused_documents"] == 1


def test_workbooks_and_packed_files_are_read_the_same(load, client):
    rows = [HEADER, row(client="Р-77")]
    assert load(workbook([["Реализации за январь"], [], *rows]), name="s.xlsx")["new"] == 1
    assert load(gzip.compress(as_bytes(rows)), name="s.csv.gz")["duplicates"] == 1


def test_a_dry_run_writes_nothing_and_tells_everything(load, cast):
    facts = load([HEADER, row(client="Лютик"), row(number="2")], "--create-clients", "--dry-run")
    assert (facts["new"], facts["clients_created"], facts["unassigned"]) == (2, 1, 1)
    assert not Shipment.objects.exists()
    assert not Client.objects.exists()


def test_undo_takes_everything_back_and_gives_older_debts_their_sums(client, accountant):
    older = deals.sale(client, "500.00", on=date(2026, 1, 2))
    content = as_bytes(
        [HEADER, row(client="Р-77", Договор="Д-1"), row(number="В-1", client="Р-77", Сумма="-600")]
    )
    job = applied(accountant, content, "sales")
    older.invoice.refresh_from_db()
    assert older.invoice.open_amount == 0
    assert undone(accountant, job).state == ImportState.ROLLED_BACK
    older.invoice.refresh_from_db()
    assert (older.invoice.open_amount, older.invoice.settled_on) == (D("500.00"), None)
    assert list(Shipment.objects.all()) == [older]
    assert not Allocation.objects.exists()
    assert not Contract.objects.exists()
    assert sound()


def test_undo_is_refused_once_money_has_come_for_an_imported_debt(client, accountant):
    job = applied(accountant, as_bytes([HEADER, row(client="Р-77")]), "sales")
    money = deals.payment(client, "100.00")
    from tests.factories.spreading import allocate_payment

    allocate_payment(money.pk, by=accountant)
    again = undone(accountant, job)
    assert again.state == ImportState.APPLIED
    assert again.error
    assert Shipment.objects.count() == 1


def test_the_preview_shows_what_will_be_written(client, accountant):
    job = checked(accountant, as_bytes([HEADER, row(client="Р-77")]), "sales")
    shown = {change["label"]: change["after"] for change in job.preview[0]["changes"]}
    assert shown["Сумма"] == "1\u00a0000,00\u00a0₽"
    assert shown["Дата"] == "12.01.2026"


def test_the_result_leads_to_documents_without_a_client(client, accountant):
    content = as_bytes([HEADER, row(number="РТ-2", client="Никто")])
    job = applied(accountant, content, "sales", keep_unknown="on")
    assert ImportPage(job, accountant, timezone.now()).waiting == [
        ("Без клиента", 1, reverse("deals:unassigned_list"))
    ]


def test_only_the_accounting_and_the_administrator_import_money(cast):
    from crm.imports import registry

    kinds = [registry.get(name) for name in ("sales", "invoices", "receivables")]
    may = {
        name
        for name, person in vars(cast).items()
        if hasattr(person, "role") and all(kind.may_import(person) for kind in kinds)
    }
    assert may == {"accountant", "admin"}
    assert not Payment.objects.exists()


def test_a_return_before_a_sale_was_still_free_on_the_days_between(load, cast, client):
    """As documents posted one by one: what pays a later invoice counts from the return."""
    kind = {"Вид операции": "Возврат"}
    load(
        [
            HEADER,
            row("12.01.2026", "ВТ-1", client.name, Сумма="-400,00", **kind),
            row("20.01.2026", "РТ-2", client.name),
        ]
    )
    then = ageing(cast.director, as_of=date(2026, 1, 15), today=date(2026, 2, 1), by="client")
    now = ageing(cast.director, as_of=date(2026, 2, 1), today=date(2026, 2, 1), by="client")
    assert (then.total.total, then.total.advance) == (0, D("400.00"))
    assert (now.total.total, now.total.advance) == (D("600.00"), 0)
