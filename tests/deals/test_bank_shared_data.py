"""The customer's statements: every figure of facts.json, through the command and the tables."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from deals.models import BankStatement, Payment
from tests.kernel.shared_files import SHARED, shared_file

NAMES = sorted(path.name for path in (SHARED / "data/bank1c").glob("*.txt"))
WHOLE = [name for name in NAMES if "BROKEN" not in name]
ZERO = Decimal(0)


@pytest.fixture
def load(db, capsys):
    """Import a shared file by the command."""

    def run(name, *arguments):
        try:
            call_command("import_bank", str(shared_file(f"data/{name}")), "--json", *arguments)
        except SystemExit as end:
            assert end.code == 1
        return json.loads(capsys.readouterr().out)

    return run


def facts(key):
    return json.loads(shared_file("data/facts.json").read_text(encoding="utf-8"))[key]


def test_the_statements_are_here():
    shared_file("data/bank1c")
    assert len(WHOLE) == 14


@pytest.mark.parametrize("name", WHOLE)
def test_a_statement_gives_its_figures(load, name):
    expected = facts("bank_statements")[f"shared/bank1c/{name}"]
    by_account, declared = expected["by_account"], expected.get("declared_minus_documents")
    answer = load(f"bank1c/{name}")
    assert {
        "documents": answer["documents"],
        "debit_docs": answer["outgoing"],
        "debit_sum": answer["outgoing_amount"],
        "credit_docs": answer["incoming"],
        "credit_sum": answer["incoming_amount"],
        "direction_unknown_docs": answer["direction_unknown"],
        "direction_unknown_sum": answer["direction_unknown_amount"],
        "own_to_own_docs": answer["own_transfers"],
    } == {"documents": expected["documents"], **by_account}
    assert answer["new"] == answer["created"] == expected["documents"]
    assert answer["refused"] == answer["duplicates"] == 0
    if declared is not None:
        found = answer["declared_minus_documents"]
        assert found == {way: declared[way] for way in ("in", "out")}
        assert bool(answer["differences"]) or not any(Decimal(sum) for sum in found.values())
    check_accounts(answer, expected["accounts"])
    check_second_import(load, name, answer)


def check_accounts(answer, expected):
    """Balances and declared turnover, in the answer and in the tables."""
    found = {row["account"]: row for row in answer["accounts"]}
    assert set(found) == {row["account"] for row in expected}
    for row in expected:
        stored = BankStatement.objects.get(own_account__account=row["account"])
        names = {
            "opening": "opening",
            "closing": "closing",
            "declared_in": "total_in_declared",
            "declared_out": "total_out_declared",
        }
        for name, fact in names.items():
            assert found[row["account"]][name] == row[fact]
            assert getattr(stored, name) == Decimal(row[fact])
        assert found[row["account"]]["balance_ok"] == row["opening+in-out==closing"]
        assert stored.unbalanced == ZERO
        if len(expected) == 1:
            assert (answer["opening"], answer["closing"]) == (row["opening"], row["closing"])


def check_second_import(load, name, first):
    """Nothing comes twice, whatever the encoding is now."""
    rows = Payment.objects.count()
    again = load(f"bank1c/{name}")
    assert (again["new"], again["created"], again["updated"]) == (0, 0, 0)
    assert again["duplicates"] == first["documents"]
    assert again["statements"] == 0
    assert Payment.objects.count() == rows == first["documents"]


@pytest.mark.parametrize(
    ("name", "line"),
    [("tochka_BROKEN_invalid.txt", ""), ("tochka_BROKEN_no_end_of_account_cp1251.txt", "20")],
)
def test_a_broken_statement_imports_nothing(load, name, line):
    answer = load(f"bank1c/{name}")
    assert line in answer["error"]
    assert (answer["created"], answer["documents"]) == (0, 0)
    assert not Payment.objects.exists()
    assert not BankStatement.objects.exists()


def test_one_statement_in_two_encodings_is_one(load):
    assert load("bank1c/tochka_one_document_cp1251.txt")["new"] == 1
    assert load("bank1c/tochka_one_document_utf8.txt")["new"] == 0


def test_documents_of_unknown_direction_are_shown_and_are_no_clients(load):
    load("bank1c/kilylabs_vtb24_one_day_cp1251.txt")
    assert Payment.objects.filter(kind="other", state="unmatched", direction="out").count() == 10
    assert Payment.objects.incoming().count() == 3


def test_the_statement_of_directbank_gives_its_figures(load):
    expected = facts("directbank")
    answer = load("directbank/Statement.xml")
    assert (answer["opening"], answer["closing"]) == (expected["opening"], expected["closing"])
    [row] = Payment.objects.all()
    [(number, day, amount, way)] = expected["operations"]
    assert (row.number, str(row.paid_on), row.amount) == (number, day, Decimal(amount))
    assert (row.direction, way) == ("out", "debit")
    assert answer["balance_ok"] is False  # the sample is cut
    [difference] = answer["differences"]
    assert difference["direction"] == "balance"
    assert load("directbank/Statement.xml")["new"] == 0
