"""ABC-1 and ABC-4 as arithmetic: borders, ties, zero and negative turnover, periods."""

from datetime import date
from decimal import Decimal

import pytest

from crm.money import round_half_up
from deals.abc.rules import (
    Borders,
    Turnover,
    classify,
    direction,
    period_until,
    steps,
    whole,
)
from tests.kernel.shared_files import shared_example

D = Decimal
USUAL = Borders(D(80), D(95))
FIGURES = {
    "C1": ("9600000.00", "39.26", "39.26", "A"),
    "C4": ("7200000.00", "29.45", "68.71", "A"),
    "C2": ("3150000.00", "12.88", "81.60", "B"),
    "C6": ("2400000.00", "9.82", "91.41", "B"),
    "C7": ("900000.00", "3.68", "95.09", "C"),
    "C5": ("720000.00", "2.94", "98.04", "C"),
    "C3": ("480000.00", "1.96", "100.00", "C"),
    "C8": ("0.00", "0.00", "100.00", "C"),
}


def turnovers(amounts):
    return [Turnover(n, code, D(amount)) for n, (code, amount) in enumerate(amounts.items())]


def placed(amounts, borders=USUAL):
    """Rows of (code, amount, share, cumulative share, category) in their order."""
    codes = list(amounts)
    return [
        (
            codes[row.client_id],
            str(row.amount),
            str(round_half_up(row.share)),
            str(round_half_up(row.cumulative)),
            row.category,
        )
        for row in classify(turnovers(amounts), borders)
    ]


def letters(*amounts, borders=USUAL):
    rows = classify(turnovers({f"K{n}": a for n, a in enumerate(amounts)}), borders)
    return "".join(row.category for row in rows)


def test_the_worked_example():
    amounts = {code: row[0] for code, row in FIGURES.items()}
    assert placed(amounts) == [(code, *row) for code, row in FIGURES.items()]


def test_the_worked_example_of_the_customer():
    example = shared_example("ABC-1")
    keys = ("client", "amount", "share_pct", "cum_pct", "category")
    assert placed(example["input"]) == [tuple(r[k] for k in keys) for r in example["expected"]]


def test_who_stands_exactly_on_a_border_is_above_it_and_a_kopeck_more_is_not():
    assert letters("80.00", "15.00", "5.00") == "ABC"
    assert letters("50.00", "30.01", "14.99", "5.00") == "ABBC"
    # 80.004 % is 80.00 % only when rounded.
    assert letters("500000.00", "300040.00", "149960.00", "50000.00") == "ABBC"


def test_with_the_border_inside_whoever_crosses_it_stays_above():
    inside = Borders(D(80), D(95), border_inside=True)
    assert letters("50.00", "30.01", "14.99", "5.00", borders=inside) == "AABC"
    # Nobody crosses where the share before is the border already.
    assert letters("80.00", "15.00", "5.00", borders=inside) == "ABC"


def test_the_first_client_is_always_a():
    assert letters("96.00", "4.00") == "AC"
    assert letters("100.00") == "A"


def test_nothing_bought_or_more_given_back_is_c_and_no_part_of_the_whole():
    rows = list(classify(turnovers({"X": "0.00", "Y": "-50.00", "Z": "10.00"}), USUAL))
    assert [(row.amount, row.share, row.category) for row in rows] == [
        (D(10), D(100), "A"),
        (D(0), D(0), "C"),
        (D(-50), D(0), "C"),
    ]
    assert whole(turnovers({"Y": "-50.00", "Z": "10.00"})) == D(10)
    assert letters("0.00", "-1.00") == "CC"


def test_equal_turnovers_are_ranked_by_code():
    rows = classify(turnovers({"K-2": "10.00", "K-10": "10.00", "K-1": "10.00"}), USUAL)
    assert [row.client_id for row in rows] == [2, 1, 0]


def test_the_worked_example_of_disagreements():
    example = shared_example("ABC-4")
    assigned, computed = example["input"]["assigned"], example["input"]["computed"]
    found = [
        {"client": code, "from": letter, "to": computed[code], "direction": where}
        for code, letter in sorted(assigned.items())
        if (where := direction(letter, computed[code]))
    ]
    assert found == example["expected"]


def test_direction_and_borders():
    assert (direction("B", "A"), direction("B", "C"), direction("A", "A")) == ("up", "down", "")
    assert (steps("C", "A"), steps("A", "B")) == (2, 1)


@pytest.mark.parametrize(
    ("last", "months", "first"),
    [
        (date(2026, 10, 31), 12, date(2025, 11, 1)),
        (date(2011, 8, 31), 9, date(2010, 12, 1)),
        (date(2026, 2, 28), 1, date(2026, 2, 1)),
        (date(2026, 11, 15), 12, date(2025, 11, 16)),
        (date(2024, 2, 28), 12, date(2023, 2, 28)),
        (date(2026, 12, 31), 1, date(2026, 12, 1)),
    ],
)
def test_months_end_with_the_day(last, months, first):
    assert period_until(last, months) == (first, last)
