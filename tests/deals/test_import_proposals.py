"""Deals of another program come in as proposals; products that do not match are never guessed."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from deals.models import Proposal
from tests.deals.importing import imported
from tests.factories import clients, deals
from tests.kernel.shared_files import shared_file

HEAD = "opportunity_id;product;account;deal_stage;engage_date;close_date;close_value"
DIRECTORY = "data/crm_sales_opportunities"


@pytest.fixture
def goods(db):
    clients.client(name="Ромашка")
    return deals.product(sku="GTX", name="GTX Pro")


def brought(capsys, tmp_path, *rows):
    content = "\n".join([HEAD, *rows])
    return imported(capsys, "import_proposals", content, tmp_path=tmp_path)


def remarks(capsys, path, *options):
    """What the command says of the refused rows."""
    call_command("import_proposals", str(path), *options)
    return capsys.readouterr().err


def test_each_stage_is_a_state_with_its_days_and_sum(capsys, tmp_path, goods):
    brought(
        capsys,
        tmp_path,
        "W;GTX Pro;Ромашка;Won;2026-01-10;2026-02-01;4514",
        "L;gtx pro;Ромашка;Lost;2026-01-10;2026-02-02;0",
        "E;GTX;Ромашка;Engaging;2026-01-10;;",
        "P;GTX Pro;Ромашка;Prospecting;;;",
    )
    found = {row.number: row for row in Proposal.objects.all()}
    states = {number: row.state for number, row in found.items()}
    assert states == {"W": "accepted", "L": "declined", "E": "sent", "P": "draft"}
    won = found["W"]
    assert (f"{won.sent_on}", f"{won.answered_on}") == ("2026-01-10", "2026-02-01")
    line = won.lines.get()
    assert (won.total, line.amount, line.product) == (Decimal(4514), Decimal(4514), goods)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("A;GTXPro;Ромашка;Won;2026-01-10;2026-02-01;1", "GTXPro"),
        ("A;GTX Pro;;Won;2026-01-10;2026-02-01;1", "Клиент"),
        ("A;GTX Pro;Лютик;Won;2026-01-10;2026-02-01;1", "Лютик"),
        ("A;GTX Pro;Ромашка;Maybe;2026-01-10;2026-02-01;1", "Maybe"),
        ("A;GTX Pro;Ромашка;Won;2026-01-10;;1", "дат"),
        ("A;GTX Pro;Ромашка;Won;2026-02-10;2026-02-01;1", "раньше"),
        ("A;GTX Pro;Ромашка;Won;2026-01-10;2026-02-01;-1", "отрицательн"),
    ],
)
def test_a_row_that_says_nothing_certain_is_refused_with_its_reason(
    capsys, tmp_path, goods, row, why
):
    path = tmp_path / "deals.csv"
    path.write_text(f"{HEAD}\n{row}")
    assert why in remarks(capsys, path)
    assert not Proposal.objects.exists()


def test_the_same_file_again_changes_nothing(capsys, tmp_path, goods):
    row = "W;GTX Pro;Ромашка;Won;2026-01-10;2026-02-01;4514"
    for _run in range(2):
        brought(capsys, tmp_path, row)
    assert Proposal.objects.count() == 1


def test_the_real_file_gives_the_figures_of_its_facts(capsys, db):
    path = shared_file(f"{DIRECTORY}/sales_pipeline.csv")
    facts = json.loads(shared_file("data/facts.json").read_text())["crm_sales_opportunities"]
    for line in path.with_name("products.csv").read_text().splitlines()[1:]:
        deals.product(name=line.split(",")[0])
    create = ("--create-clients",)
    assert facts["products_not_in_products_csv"] == ["GTXPro"]
    assert "«GTXPro»" in remarks(capsys, path, *create)
    first = Proposal.objects.count()
    deals.product(name="GTXPro")
    again = imported(capsys, "import_proposals", path, *create)
    assert again["unchanged"] == first
    rows = Proposal.objects.order_by().values_list("state").annotate(n=Count("pk"))
    found, stages = dict(rows), facts["stages"]
    assert found["accepted"] == stages["Won"]
    assert found["declined"] == stages["Lost"]
    assert sum(found.values()) == facts["opportunities"] - facts["rows_without_account"]
    won = Proposal.objects.filter(state="accepted").aggregate(s=Sum("total"))["s"]
    assert won == Decimal(facts["won_amount"])
    assert Proposal.objects.values("client").distinct().count() == facts["accounts"]
