"""Prices come from a sheet into a draft of a price list, and are taken back from it alone."""

from decimal import Decimal

import pytest

from crm.errors import RuleViolation
from crm.imports import actions, registry
from crm.imports.models import ImportState
from crm.imports.undo import take_back
from deals.actions.prices import Price, approve_price_list, set_prices
from tests.deals.importing import imported
from tests.factories import deals

D = Decimal
HEAD = "Артикул;Наименование;Цена;Минимальная цена"


@pytest.fixture
def draft(cast, tea):
    return deals.price_list(cast.department_head, {tea: "100.00"})


def brought(capsys, tmp_path, draft, *rows):
    content = "\n".join([HEAD, *rows])
    return imported(
        capsys, "import_prices", content, "--price-list", str(draft.pk), tmp_path=tmp_path
    )


def prices_of(draft):
    rows = draft.lines.order_by("product__sku").select_related("product")
    return {row.product.name: (row.price, row.min_price) for row in rows}


def test_rows_are_found_by_article_or_name_and_a_wrong_one_says_why(capsys, tmp_path, draft):
    deals.product(sku="КОФ-01", name="Кофе")
    for number in "12":
        deals.product(sku=f"ДВА-{number}", name="Двойник")
    rows = (
        "чай-01;;1 234,50;1000",
        ";кофе;99,90;",
        "НЕТ-1;Кофе;5;",
        ";Двойник;5;",
        "ДВА-1;;0;",
        "ДВА-2;;5;6",
        ";;5;",
        "КОФ-01;;5;",
    )
    done = brought(capsys, tmp_path, draft, *rows)
    assert (done["created"], done["updated"], done["refused"]) == (1, 1, 6)
    assert prices_of(draft) == {
        "Чай чёрный": (D("1234.50"), D("1000.00")), "Кофе": (D("99.90"), D("99.90")),
    }  # fmt: skip
    again = brought(capsys, tmp_path, draft, *rows[:2])
    assert (again["unchanged"], again["created"], again["updated"]) == (2, 0, 0)


def test_a_list_that_is_no_draft_is_not_offered(capsys, tmp_path, cast, draft):
    approve_price_list(draft.pk, by=cast.director, version=1)
    done = brought(capsys, tmp_path, draft, "ЧАЙ-01;;5;")
    assert done["error"]
    assert prices_of(draft) == {"Чай чёрный": (D("100.00"), D("80.00"))}


def applied(by, draft, content):
    job = actions.upload_import(by=by, kind="prices", file_name="p.csv", content=content.encode())
    job = actions.check_columns(
        job.pk, by=by, version=job.version, columns=job.mapping,
        options={"price_list": str(draft.pk)},
    )  # fmt: skip
    actions.run_waiting_imports()
    job.refresh_from_db()
    actions.apply_import(job.pk, by=by, version=job.version)
    actions.run_waiting_imports()
    job.refresh_from_db()
    assert job.state == ImportState.APPLIED
    return job


def test_undo_gives_the_draft_its_prices_back_unless_it_was_edited_or_approved(cast, tea, draft):
    cup = deals.product(sku="ЧАШ-01")
    by = cast.department_head
    job = applied(by, draft, f"{HEAD}\nЧАЙ-01;;150;\n{cup.sku};;20;")
    assert len(prices_of(draft)) == 2
    kind = registry.get("prices")
    take_back(kind, job)
    assert prices_of(draft) == {"Чай чёрный": (D("100.00"), D("80.00"))}
    job = applied(by, draft, f"{HEAD}\nЧАЙ-01;;150;")
    draft.refresh_from_db()
    set_prices(draft.pk, by=by, version=draft.version, prices=[Price(tea.pk, D(160), D(90))])
    with pytest.raises(RuleViolation, match="после"):
        take_back(kind, job)
    draft.refresh_from_db()
    approve_price_list(draft.pk, by=cast.director, version=draft.version)
    with pytest.raises(RuleViolation):
        take_back(kind, job)
    assert prices_of(draft)["Чай чёрный"][0] == D("160.00")
