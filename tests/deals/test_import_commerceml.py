"""CommerceML: documents are posted once, the catalogue follows 1C, bad XML writes nothing."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from clients.models import Client, Counterparty
from crm.imports import registry
from crm.imports.actions import import_file, perform
from crm.imports.models import ImportJob
from crm.imports.reading import Limits
from crm.imports.reading.table import Unreadable
from crm.imports.undo import take_back
from deals.importers.commerceml.reading import read_content
from deals.models import Allocation, Invoice, Payment, Product, ProductGroup, Shipment
from tests.cast import signed_in
from tests.deals import commerceml as cml
from tests.factories import clients
from tests.kernel.shared_files import shared_file

D = Decimal
FILES = (
    "dobromyslov_bitrix_orders_205_cp1251.xml",
    "dobromyslov_import_catalog_207.xml",
    "dobromyslov_offers_207.xml",
    "irpsv_1cdoc_import.xml",
    "irpsv_1cdoc_offers.xml",
    "irpsv_1cdoc_orders_203.xml",
    "irpsv_bitrix_documents_31_b2b_REDACTED.xml",
)
ELEMENTS = ("Документ", "Контрагент", "Товар", "Предложение", "Группа")


@pytest.fixture
def load(cast):
    """Import a file as the accountant; gives the counts, the facts and the whole summary."""

    def run(content, *, by=cast.accountant, dry=False, **options):
        done = import_file(
            "commerceml",
            by=by,
            file_name="documents.xml",
            content=content,
            columns={},
            options=options,
            now=timezone.now(),
            dry=dry,
        )
        return done.summary

    return run


@pytest.fixture
def buyer(cast):
    """The client whom the files of this module mean."""
    client = clients.client(cast.manager, name="АНТ-Консалт")
    clients.counterparty(client, inn=cml.INN, kpp=cml.KPP)
    return client


def reasons(summary):
    return [remark.reason for remark in summary.remarks]


# The customer's files


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_customer_holds_what_its_facts_say(name):
    path = shared_file(f"data/commerceml/{name}")
    facts = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))["commerceml"]
    expected = facts[f"shared/commerceml/{name}"]
    found = read_content(path.read_bytes(), Limits())
    assert (found.version, found.formed) == (expected["schema"], expected["formed"])
    assert {e: found.counts[e] for e in ELEMENTS} == {e: expected[e] for e in ELEMENTS}
    documents = [[p.number, str(p.day), f"{p.amount:.2f}"] for p in found.papers]
    assert documents == expected.get("documents", [])
    sides = [[s.name or None, s.inn or None, s.kpp or None] for s in found.sides.values()]
    assert sides == expected.get("counterparties", [])
    assert not [paper.problem for paper in found.papers if paper.problem]


def test_orders_of_the_customer_are_counted_and_their_buyers_added_when_told(load):
    content = shared_file(f"data/commerceml/{FILES[-1]}").read_bytes()
    summary = load(content)
    facts = summary.facts
    assert (facts["documents"], facts["orders"], facts["distinct_counterparties"]) == (20, 20, 8)
    assert (facts["documents_sum"], facts["lines_sum"]) == ("141508.49", "141508.49")
    assert facts["documents_where_lines_sum_differs"] == []
    assert (facts["new"], facts["duplicates"], facts["shipments"]) == (0, 0, 0)
    assert (summary.created, summary.refused) == (0, 28)  # unknown buyers, and their orders
    assert load(content, create_clients=True).facts["clients_created"] == 7  # one has no name
    assert set(Counterparty.objects.values_list("inn", "kpp")) == {
        ("7806080903", "780601001"),
        ("2536299065", "253601001"),
        ("7736523556", "773601001"),
        ("0310004936", "031001001"),
    }
    again = load(content, create_clients=True)
    assert again.created == 0
    assert sum("Kaspersky" in reason for reason in reasons(again)) > 10  # goods nobody knows


def test_a_wrong_inn_is_told_and_not_stored(load):
    summary = load(cml.file(cml.document(Контрагенты=cml.side("Двенадцать", "12", "21"))))
    assert any("12" in reason for reason in reasons(summary))
    load(
        cml.file(cml.document(Контрагенты=cml.side("Двенадцать", "12", "21"))), create_clients=True
    )
    assert Client.objects.get().name == "Двенадцать"
    assert not Counterparty.objects.exists()


def test_the_catalogue_of_the_customer_becomes_groups_and_products_once(load):
    content = shared_file(f"data/commerceml/{FILES[1]}").read_bytes()
    summary = load(content)
    assert (summary.facts["products"], summary.warnings) == (36, 1)  # one is deleted in 1C
    product = Product.objects.get(sku="PM-421-WP")
    assert (product.group.name, product.vat_kind) == ("Коврики для дома", "standard")
    assert product.external_id == "bd8c4e15-18f9-11e7-80c2-0cc47ab29cd1"
    assert (Product.objects.count(), ProductGroup.objects.count()) == (35, 1)
    again = load(content)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 37)


def test_offers_are_counted_only(load):
    summary = load(shared_file(f"data/commerceml/{FILES[2]}").read_bytes())
    assert (summary.rows, summary.facts["offers"]) == (0, 44)


# Documents


def test_a_sale_is_posted_with_its_lines_and_debt_once(load, buyer):
    lines = cml.line("1000.00", quantity="2", price="500") + cml.line("200.00", rate="Без налога")
    content = cml.file(cml.document(lines=lines))
    summary = load(content)
    assert (summary.facts["shipments"], summary.facts["new"]) == (1, 1)
    sale = Shipment.objects.get()
    assert (sale.client, sale.state, sale.kind) == (buyer, "posted", "sale")
    assert (sale.amount, sale.vat_amount, sale.manager) == (D(1200), D("180.33"), buyer.manager)
    assert [(x.quantity, x.vat_percent) for x in sale.lines.all()] == [(2, 22), (1, None)]
    assert Invoice.objects.get(shipment=sale).open_amount == D(1200)
    again = load(content)
    assert (again.created, again.facts["duplicates"]) == (0, 1)
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-8"])
def test_the_same_file_in_another_encoding_adds_nothing(load, buyer, encoding):
    load(cml.file(cml.document()))
    container = f"<Контейнер>{cml.document()}</Контейнер>"
    summary = load(cml.file(container, version="3.1", encoding=encoding))
    assert (summary.created, summary.facts["duplicates"]) == (0, 1)


def test_a_return_lowers_the_debt_of_the_sale_it_names(load, buyer):
    sale = cml.document(number="1", lines=cml.line("1200.00"))
    back = cml.document(
        cml.RETURN, "2", "200.00", day="2026-10-20", Основание=cml.GUID.format(1),
        lines=cml.line("200.00"),
    )  # fmt: skip
    load(cml.file(back, sale))
    returned = Shipment.objects.get(kind="return")
    assert (returned.amount, returned.vat_amount) == (D(-200), D("-36.07"))
    assert returned.original == Shipment.objects.get(kind="sale")
    assert Invoice.objects.get().open_amount == D(1000)


def test_a_payment_pays_what_it_names_and_an_invoice_asks_for_an_advance(load, buyer):
    first = cml.document(number="1", amount="100.00")
    second = cml.document(number="2", amount="300.00")
    paid = cml.document(cml.PAYMENT, "3", "350.00", Основание=cml.GUID.format(2))
    asked = cml.document(cml.INVOICE, "4", "50.00", СрокПлатежа="2026-10-30")
    summary = load(cml.file(first, second, paid, asked))
    assert (summary.facts["payments"], summary.facts["invoices"]) == (1, 1)
    payment = Payment.objects.get()
    assert (payment.state, payment.direction, payment.client) == ("allocated", "in", buyer)
    left = dict(Invoice.objects.filter(kind="postpay").values_list("number", "open_amount"))
    assert left == {"1": D(50), "2": D(0)}
    advance = Invoice.objects.get(kind="prepay")
    assert (str(advance.due_on), advance.open_amount) == ("2026-10-30", D(50))


def test_a_payment_that_the_bank_brought_already_is_not_counted_twice(load, buyer):
    Payment.objects.create(
        direction="in", state="matched", number="3", dated_on="2026-10-05",
        paid_on="2026-10-05", amount=350, client=buyer,
    )  # fmt: skip
    summary = load(cml.file(cml.document(cml.PAYMENT, "3", "350.00")))
    assert (summary.created, summary.facts["duplicates"]) == (0, 1)
    assert Payment.objects.count() == 1


def test_an_unknown_counterparty_is_refused_with_its_documents_or_added_when_told(load, cast):
    content = cml.file(cml.document())
    summary = load(content)
    assert summary.refused == 2
    assert all("АНТ-Консалт" in reason for reason in reasons(summary))
    assert not Shipment.objects.exists()
    assert load(content, create_clients=True, unit=cast.sector.pk).created == 2
    client = Client.objects.get()
    assert (client.name, client.external_id, client.org_unit) == ("АНТ-Консалт", "c1", cast.sector)
    assert Shipment.objects.get().client == client


def test_a_counterparty_is_found_by_its_exact_name_without_codes(load, cast):
    client = clients.client(cast.manager, name="Фотоника")
    load(cml.file(cml.document(Контрагенты=cml.side("Фотоника", "", "", id=""))))
    assert Shipment.objects.get().client == client
    almost = cml.document(number="2", Контрагенты=cml.side("ООО Фотоника", "", "", id=""))
    assert load(cml.file(almost)).refused == 2


REFUSED = {
    "another currency": {"Валюта": "USD"},
    "a rate": {"Курс": "90"},
    "we buy": {"Роль": "Покупатель"},
    "nothing to pay": {"amount": "0"},
    "an unknown operation": {"operation": "Пересортица"},
    "no day": {"day": "когда-нибудь"},
    "no sum": {"amount": "много"},
    "no counterparty": {"Контрагенты": ""},
    "deleted": {"ПометкаУдаления": "true"},
    "not posted": {
        "ЗначенияРеквизитов": "<ЗначениеРеквизита><Наименование>Проведен</Наименование>"
        "<Значение>false</Значение></ЗначениеРеквизита>"
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_stand_in_the_books_is_refused_with_its_reason(load, buyer, name):
    summary = load(cml.file(cml.document(**REFUSED[name]), cml.document(number="2")))
    assert (summary.refused, len(reasons(summary))) == (1, 1)
    assert list(Shipment.objects.values_list("number", flat=True)) == ["2"]


def test_a_document_that_changed_in_1c_is_refused(load, buyer):
    load(cml.file(cml.document()))
    summary = load(cml.file(cml.document(amount="1300.00")))
    assert summary.refused == 1
    assert Shipment.objects.get().amount == D(1200)


def test_lines_that_do_not_add_up_are_told(load, buyer):
    summary = load(cml.file(cml.document(lines=cml.line("1000.00"))))
    told = [["1", "2026-10-05", "1200.00", "1000.00"]]
    assert summary.facts["documents_where_lines_sum_differs"] == told
    assert summary.warnings == 1


def test_vat_on_top_is_added_to_the_line(load, buyer):
    tax = (
        "<Налоги><Налог><Наименование>НДС</Наименование><УчтеноВСумме>false</УчтеноВСумме>"
        "<Сумма>220.00</Сумма><Ставка>22</Ставка></Налог></Налоги>"
    )
    load(cml.file(cml.document(amount="1220.00", lines=cml.line("1000.00", tax=tax))))
    line = Shipment.objects.get().lines.get()
    assert (line.amount, line.vat_amount) == (D(1220), D(220))


def test_the_catalogue_follows_1c_and_gives_lines_their_products(load, buyer):
    load(cml.file(cml.catalogue(cml.item())))
    summary = load(cml.file(cml.catalogue(cml.item(name="Чай зелёный", rate="22"))))
    assert (summary.updated, summary.unchanged) == (1, 1)
    product = Product.objects.get()
    assert (product.name, product.vat_kind, product.version) == ("Чай зелёный", "standard", 2)
    clash = load(cml.file(cml.catalogue(cml.item(id="p2"))))
    assert clash.refused == 1
    load(cml.file(cml.document(lines=cml.line("1200.00", id="p1#large"))))
    assert Shipment.objects.get().lines.get().product == product


def test_an_import_is_taken_back_as_a_whole(load, buyer):
    load(cml.file(cml.catalogue(cml.item())))
    content = cml.file(
        cml.catalogue(cml.item(name="Другой чай"), cml.item("p2", "КОФЕ-1")),
        cml.document(number="1", lines=cml.line("1200.00")),
        cml.document(cml.RETURN, "2", "200.00"),
        cml.document(cml.PAYMENT, "3", "350.00"),
        cml.document(number="4", Контрагенты=cml.side("Новый", "", "", id="new")),
    )
    assert load(content, create_clients=True).refused == 0
    job = ImportJob.objects.latest("pk")
    take_back(registry.get("commerceml"), job)
    for model in (Shipment, Invoice, Payment, Allocation):
        assert not model.objects.exists(), model
    assert Client.objects.get() == buyer
    assert Product.objects.get().name == "Чай чёрный"


def test_a_dry_run_writes_nothing(load, buyer):
    assert load(cml.file(cml.document()), dry=True).created == 1
    assert not Shipment.objects.exists()


def test_only_the_accounting_and_the_administrator_import(load, cast, buyer):
    for person in (cast.manager, cast.department_head, cast.director, cast.lawyer):
        with pytest.raises(PermissionDenied):
            load(cml.file(cml.document()), by=person)
    assert load(cml.file(cml.document()), by=cast.admin).created == 1


def test_the_whole_way_through_the_pages(cast, buyer):
    browser = signed_in(cast.accountant)
    page = browser.get("/imports/new/").content.decode()
    assert "/imports/template/commerceml/" not in page
    assert browser.get("/imports/template/commerceml/").status_code == 404
    file = SimpleUploadedFile("documents.xml", cml.file(cml.document(), cml.document(number="2")))
    page = browser.post("/imports/new/", {"kind": "commerceml", "file": file}, follow=True)
    job = ImportJob.objects.get()
    assert page.status_code == 200
    chosen = {at: name for name, at in job.mapping.items()}
    columns = {f"column_{at}": chosen[at] for at in range(len(job.layout["header"]))}
    checked = browser.post(f"/imports/{job.pk}/check/", {"version": job.version, **columns})
    assert "АНТ-Консалт" in checked.content.decode()
    job.refresh_from_db()
    assert (job.state, job.stats["facts"]["shipments"]) == ("previewed", 2)
    browser.post(f"/imports/{job.pk}/apply/", {"version": job.version})
    perform(job.pk)
    assert browser.get(f"/imports/{job.pk}/").status_code == 200
    assert Shipment.objects.count() == 2


def test_the_command_prints_one_json_object(cast, buyer, tmp_path, capsys):
    path = tmp_path / "documents.xml"
    path.write_bytes(cml.file(cml.document(), cml.document(cml.ORDER, "2")))
    call_command("import_commerceml", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told.keys() >= {
        *("documents", "counterparties", "orders", "shipments", "returns", "invoices", "payments"),
        *("products", "groups", "offers", "documents_sum", "lines_sum", "new", "duplicates"),
        *("documents_where_lines_sum_differs", "refused", "warnings", "seconds"),
        *("rows", "created", "updated", "unchanged"),
    }
    assert (told["documents"], told["orders"], told["new"]) == (2, 1, 1)
    assert told["documents_sum"] == "2400.00"


# What is not read


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BAD = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "billion laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
    "document type": "<!DOCTYPE x>",
    "external type": '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
}


@pytest.mark.parametrize("name", BAD)
def test_entities_and_document_types_are_refused(name):
    with pytest.raises(Unreadable, match=r"document type|сущност"):
        read_content(cml.file(cml.document(), before=BAD[name]), Limits())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"<a/>",
        b"\xef\xbb\xbf<a",
        cml.file(cml.document())[:-30],
        cml.file("<Группа>" * 100 + "</Группа>" * 100),
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        "<КоммерческаяИнформация>\x01</КоммерческаяИнформация>".encode(),
    ],
)
def test_what_is_no_commerceml_is_refused_with_a_reason(content):
    with pytest.raises(Unreadable):
        read_content(content, Limits())


def test_too_much_is_refused():
    content = cml.file(*(cml.document(number=str(n)) for n in range(5)))
    assert len(read_content(content, Limits(rows=6)).papers) == 5
    with pytest.raises(Unreadable):
        read_content(content, Limits(rows=5))
    with pytest.raises(Unreadable):
        read_content(content, Limits(file_bytes=len(content) - 1))


def test_a_broken_file_imports_nothing_and_says_where(load, buyer):
    content = cml.file(cml.document(), "\n<Документ>\n</Докумен>")
    with pytest.raises(Unreadable, match="3"):
        load(content)
    assert not Shipment.objects.exists()
