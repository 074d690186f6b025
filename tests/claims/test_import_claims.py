"""Claims out of files: 5,000 real orders with reasons of returns, and what is refused."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from claims.models import Claim, ClaimLine, ClaimReason
from clients.models import Client
from crm.imports.actions import ask_undo, perform
from crm.imports.models import ImportJob
from deals.models import Product
from tests.deals.importing import imported
from tests.factories import clients, deals
from tests.kernel.shared_files import shared_file

pytestmark = pytest.mark.django_db
FILE = "data/returns_with_reasons/ecommerce_returns_first_5000.csv"
HEAD = "Номер;Дата;Дата продажи;Накладная;Клиент;Причина;Артикул;Количество;Цена"


def facts():
    found = json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))
    (figures,) = found["returns_with_reasons"].values()
    return figures


def by(rows, name):
    sums = rows.values_list(name).annotate(n=Count("pk"), s=Sum("claimed_amount"))
    return {key: [n, f"{total:.2f}"] for key, n, total in sums}


def test_every_figure_of_the_returns_with_reasons(cast, capsys):
    expected = facts()
    more = ("--create-clients", "--create-products")
    made = imported(capsys, "import_claims", shared_file(FILE), *more)
    assert (made["rows"], made["created"]) == (expected["orders"], expected["status"]["Returned"])
    assert made["not_returned"] == expected["status"]["Not Returned"]
    assert made["refused"] == expected["returned_without_return_date"] == 0
    assert made["by_reason"] == expected["returned_by_reason"]
    assert made["by_category"] == expected["returned_by_category"]
    rows = Claim.objects.all()
    assert made["doubtful"] == rows.doubtful().count() == expected["negative_days_to_return"]
    total = rows.aggregate(s=Sum("claimed_amount"))["s"]
    assert f"{total:.2f}" == expected["returned_value"]
    assert by(rows, "lines__product__group__name") == expected["returned_by_category"]
    names = {"Качество": "Defective", "Пересорт": "Wrong item"}
    found = {names.get(name, name): sums for name, sums in by(rows, "reason__name_ru").items()}
    assert found == expected["returned_by_reason"]
    assert made["reasons_created"] == 2
    assert ClaimLine.objects.count() == made["created"]
    _check_numbers(rows)
    again = imported(capsys, "import_claims", shared_file(FILE), *more)
    assert (again["created"], again["refused"], again["doubtful"]) == (0, 0, made["doubtful"])
    assert (again["unchanged"], Claim.objects.count()) == (expected["orders"], made["created"])


def _check_numbers(rows):
    """Without a gap in every year, and the next claim of the year goes on."""
    years = Counter(rows.values_list("registered_on__year", flat=True))
    for year, count in years.items():
        of_year = set(rows.filter(registered_on__year=year).values_list("number", flat=True))
        assert of_year == {f"ПР-{year}-{number:06d}" for number in range(1, count + 1)}


def small(capsys, tmp_path, *rows, more=()):
    return imported(capsys, "import_claims", "\n".join([HEAD, *rows]), *more, tmp_path=tmp_path)


def test_what_is_not_known_is_refused_unless_one_says_otherwise(cast, capsys, tmp_path):
    rows = ("1;02.11.2026;;;Никто;Брак;;1;10", "2;31.13.2026;;;Никто;Брак;;1;10",
            "3;02.11.2026;;;;Брак;;1;10", "4;02.11.2026;;;Никто;Брак;;1;")  # fmt: skip
    made = small(capsys, tmp_path, *rows)
    assert (made["created"], made["refused"], Client.objects.count()) == (0, 4, 0)
    client = clients.client(manager=cast.manager, name="ООО Ромашка")
    row = "5;02.11.2026;;;ООО Ромашка;Не тот цвет;;1;10"
    assert small(capsys, tmp_path, row, more=("--new-reasons", "refuse"))["refused"] == 1
    dry = small(capsys, tmp_path, row, more=("--dry-run",))
    assert (dry["created"], Claim.objects.count()) == (1, 0)
    assert not ClaimReason.objects.filter(name_ru="Не тот цвет").exists()
    assert small(capsys, tmp_path, row, more=("--new-reasons", "misgrade"))["created"] == 1
    claim = Claim.objects.get()
    assert (claim.client, claim.reason.code, claim.manager) == (client, "misgrade", cast.manager)
    assert (claim.state, claim.kind, claim.channel) == ("registered", "goods", "file")
    assert (claim.response_due - claim.registered_on).days == 10


def test_a_claim_finds_its_sale_and_its_goods_and_old_ones_are_closed(cast, capsys, tmp_path):
    goods = deals.product()
    client = clients.client(manager=cast.manager, name="ООО Ромашка")
    sale = deals.sale(client, "100.00", number="РТ-77")
    row = f"1;01.11.2026;;РТ-77;ООО Ромашка;Брак;{goods.sku};-2;10,5"
    made = small(capsys, tmp_path, row, more=("--settled",))
    assert (made["created"], made["doubtful"]) == (1, 0)
    claim = Claim.objects.get()
    assert (claim.shipment, claim.sold_on) == (sale, sale.posted_on)
    assert claim.is_doubtful
    assert (claim.state, claim.decision, claim.satisfied_amount) == ("closed", "satisfied", 21)
    line = claim.lines.get()
    assert (line.product, line.quantity, line.amount) == (goods, 2, Decimal("21.00"))


def test_an_import_of_claims_is_taken_back_whole(cast, capsys, tmp_path):
    more = ("--create-clients", "--create-products", "--by", "accountant")
    made = small(capsys, tmp_path, "1;02.11.2026;;;Новый;Не тот цвет;Х-1;1;10", more=more)
    assert (made["created"], made["reasons_created"], made["products_created"]) == (1, 1, 1)
    job = ImportJob.objects.get()
    ask_undo(job.pk, by=cast.accountant, version=job.version)
    assert perform(job.pk)
    job.refresh_from_db()
    assert job.state == "rolled_back", job.error
    for model in (Claim, ClaimLine, Product, Client):
        assert not model.objects.exists()
    assert not ClaimReason.objects.filter(name_ru="Не тот цвет").exists()
