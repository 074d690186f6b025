"""Line-by-line comparison of two sides: what is matched, what differs, what is missing (REC-2)."""

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.comparing.numbers import core_of, numbers_in
from deals.comparing.pairing import compare
from deals.comparing.records import How, Line
from deals.comparing.wording import SENTENCES, sentence
from tests.deals.noisy_statements import FIRST, NOISE, noisy, verdicts

D = Decimal
DAY = date(2026, 10, 10)


def line(key, amount, text="", *, on=DAY, number=""):
    """A shipment, or a payment where the amount is negative."""
    value = D(amount)
    side = {"debit": value} if value >= 0 else {"credit": -value}
    return Line(key, on, text, number, **side)


def told(ours, theirs, **options):
    """One word per group: which of the four, how, keys of both sides, code of the suggestion."""
    found = compare(ours, theirs, **{"days": 3, **options})
    return [
        (name, row.how.value, [x.key for x in row.ours], [x.key for x in row.theirs],
         row.suggestion.code)
        for name in ("matched", "different_amount", "missing_with_us", "missing_with_them")
        for row in getattr(found, name)
    ]  # fmt: skip


@pytest.mark.parametrize("own_numbers", [False, True], ids=["their numbers are ours", "own"])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_thousand_lines_with_noise_are_judged_right(seed, own_numbers):
    made = noisy(seed, own_numbers=own_numbers)
    started = time.perf_counter()
    found = compare(made.ours, made.theirs, days=3)
    spent = time.perf_counter() - started
    said = verdicts(found)
    wrong = [key for key, verdict in made.truth.items() if said[key] != verdict]
    share = 100 - 100 * len(wrong) / len(made.truth)
    print(f"{len(made.truth)} lines, {share:.2f} % right, {spent * 1000:.0f} ms")
    assert set(said) == set(made.truth)
    assert all(made.noise[kind] for kind in NOISE)
    assert share >= 99, [(key, made.truth[key], said[key]) for key in wrong]
    assert found == compare(made.ours, made.theirs, days=3)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("УПД № 00УТ-000123 от 01.10.2026", "123"),
        ("Реализация 00000123", "Приход (123 от 01.10.26)"),
        ("Реализация УТ-77 от 01.10.2026 12:00:00", "Поступление YT-000077"),
        (
            "Продажа (УПД № 55/2026)",
            "накл. 55 на сумму 1 234,56 руб. по договору № 12/П от 01.02.26",
        ),
        ("Оплата (п/п № 17 от 5 октября 2026 г.)", "Списание 0000-000017"),
        ("счёт-фактура 12-А", "ТОРГ-12 № 12-A"),
    ],
)
def test_numbers_are_the_same_however_they_are_written(ours, theirs):
    assert {*map(core_of, numbers_in("", ours))} == {*map(core_of, numbers_in("", theirs))} != set()


def test_numbers_of_contracts_sums_and_days_are_no_numbers():
    text = "Оплата по договору № 5 от 01.02.2026 на сумму 1 234,56 руб. в т.ч. НДС 22%"
    assert numbers_in("", text) == ()
    assert core_of("12/3") != core_of("3")


CASES = {
    "exact": (
        [(1, 100, "УПД 5")], [(1, 100, "№ 000005")], [("matched", "exact", [1], [1], "same")],
    ),
    "another day": (
        [(1, 100, "УПД 5")], [(1, 100, "УПД 5", 3)],
        [("matched", "number_amount", [1], [1], "other_day")],
    ),
    "a far day": (
        [(1, 100, "УПД 5")], [(1, 100, "УПД 5", 30)],
        [("matched", "number_amount", [1], [1], "other_day")],
    ),
    "a far day without a number": (
        [(1, 100)], [(1, 100, "", 4)],
        [("missing_with_us", "alone", [], [1], "no_shipment_us"),
         ("missing_with_them", "alone", [1], [], "no_shipment_them")],
    ),
    "no number": (
        [(1, 100, "УПД 5")], [(1, 100, "товар", 2)],
        [("matched", "amount_day", [1], [1], "other_day")],
    ),
    "another number": (
        [(1, 100, "УПД 5"), (2, 7, "УПД 6")], [(1, 100, "УПД 9"), (2, 7, "УПД 6")],
        [("matched", "amount_day", [1], [1], "other_number"),
         ("matched", "exact", [2], [2], "same")],
    ),
    "another amount": (
        [(1, 100, "УПД 5")], [(1, 90, "УПД 5", 1)],
        [("different_amount", "number", [1], [1], "other_amount")],
    ),
    "the number goes before the amount": (
        [(1, 100, "УПД 5"), (2, 90, "УПД 6")], [(1, 90, "УПД 5"), (2, 90, "УПД 6")],
        [("matched", "exact", [2], [2], "same"),
         ("different_amount", "number", [1], [1], "other_amount")],
    ),
    "a slip": (
        [(1, "1234.50", "УПД 5")], [(1, "1243.50", "УПД 5")],
        [("different_amount", "number", [1], [1], "slip")],
    ),
    "shipments of a day as one": (
        [(1, 100, "УПД 5"), (2, 50, "УПД 6"), (3, 25, "УПД 7")], [(9, 175, "Приход за день")],
        [("matched", "sum", [1, 2, 3], [9], "summed")],
    ),
    "one payment in two": (
        [(1, -150, "п/п 5")], [(8, -100, "", 1), (9, -50, "", 2)],
        [("matched", "sum", [1], [8, 9], "summed")],
    ),
    "documents named together": (
        [(1, 100, "УПД 5"), (2, 50, "УПД 6"), (3, 50, "УПД 8")], [(9, 150, "УПД 5, 6")],
        [("matched", "sum", [1, 2], [9], "summed"),
         ("missing_with_them", "alone", [3], [], "no_shipment_them")],
    ),
    "two ways to add up are none": (
        [(1, 100), (2, 100), (3, 50)], [(9, 150)],
        [("missing_with_us", "alone", [], [9], "no_shipment_us"),
         ("missing_with_them", "alone", [1], [], "no_shipment_them"),
         ("missing_with_them", "alone", [2], [], "no_shipment_them"),
         ("missing_with_them", "alone", [3], [], "no_shipment_them")],
    ),
    "the way that is named": (
        [(1, 100, "УПД 5"), (2, 100, "УПД 6"), (3, 50, "УПД 7")], [(9, 150, "УПД 6")],
        [("matched", "sum", [2, 3], [9], "summed"),
         ("missing_with_them", "alone", [1], [], "no_shipment_them")],
    ),
    "a number that is kept for its own": (
        [(1, 100, "УПД 5"), (2, 90, "УПД 6")], [(1, 100, "товар"), (2, 121, "УПД 5")],
        [("different_amount", "number", [1], [2], "other_amount"),
         ("missing_with_us", "alone", [], [1], "no_shipment_us"),
         ("missing_with_them", "alone", [2], [], "no_shipment_them")],
    ),
    "the wrong side": (
        [(1, 100, "УПД 5")], [(1, -100, "УПД 5")],
        [("different_amount", "wrong_side", [1], [1], "wrong_side")],
    ),
    "the wrong side by its kind": (
        [(1, 100, "Продажа")], [(1, -100, "Приход товара")],
        [("different_amount", "wrong_side", [1], [1], "wrong_side")],
    ),
    "a shipment and a payment are two things": (
        [(1, 100, "Продажа")], [(1, -100, "Оплата")],
        [("missing_with_us", "alone", [], [1], "no_payment_us"),
         ("missing_with_them", "alone", [1], [], "no_shipment_them")],
    ),
    "twice with them": (
        [(1, 100, "УПД 5")], [(1, 100, "УПД 5"), (2, 100, "УПД 5")],
        [("matched", "exact", [1], [1], "same"),
         ("missing_with_us", "alone", [], [2], "twice_by_them")],
    ),
    "twice with us, and a return": (
        [(1, 100, "УПД 5"), (2, 100, "УПД 5"), (3, -10, "Возврат от покупателя")],
        [(1, 100, "УПД 5")],
        [("matched", "exact", [1], [1], "same"),
         ("missing_with_them", "alone", [2], [], "twice_by_us"),
         ("missing_with_them", "alone", [3], [], "no_return_them")],
    ),
    "close, without a number": (
        [(1, 1000)], [(1, 970)], [("different_amount", "close", [1], [1], "other_amount")],
    ),
    "far apart, without a number": (
        [(1, -1000, "Оплата")], [(1, -940, "Оплата")],
        [("missing_with_us", "alone", [], [1], "no_payment_us"),
         ("missing_with_them", "alone", [1], [], "no_payment_them")],
    ),
}  # fmt: skip


def made(rows):
    return [
        line(key, amount, *more[:1], on=DAY + timedelta(more[1] if len(more) > 1 else 0))
        for key, amount, *more in rows
    ]


@pytest.mark.parametrize("case", CASES)
def test_lines_are_paired(case):
    ours, theirs, expected = CASES[case]
    assert told(made(ours), made(theirs)) == expected


def test_a_line_at_the_border_may_belong_to_the_next_period():
    period = (date(2026, 10, 1), date(2026, 10, 31))
    late = replace(line(1, 100), on=date(2026, 10, 30))
    assert [row[-1] for row in told([late], [], period=period)] == ["at_border_them"]
    assert [row[-1] for row in told([], [late], period=period)] == ["at_border_us"]
    assert [row[-1] for row in told([line(1, 100)], [], period=period)] == ["no_shipment_them"]


def test_the_days_asked_for_are_the_days_allowed():
    ours, theirs = [line(1, 100)], [line(1, 100, on=DAY + timedelta(3))]
    assert told(ours, theirs, days=3)[0][1] == How.AMOUNT_DAY
    assert told(ours, theirs, days=2)[0][1] == How.ALONE


def test_every_suggestion_is_a_sentence_with_its_figures():
    found = compare([line(1, "1234.50", "УПД 5")], [line(1, "1230", "УПД 5")], days=3)
    with override("en"):
        text = sentence(found.different_amount[0].suggestion)
    nbsp = "\u00a0"
    assert text.startswith(f"1{nbsp}234,50{nbsp}₽ in our books, 1{nbsp}230,00{nbsp}₽ in theirs")
    said = {code for *_rest, rows in CASES.values() for *_some, code in rows}
    assert said <= set(SENTENCES)


AMOUNTS = st.sampled_from(["100", "100", "50", "150", "33.33", "-100", "-50", "0.01"])
TEXTS = st.sampled_from(["", "УПД 1", "УПД 2, 3", "Оплата п/п 1", "УТ-0001", "Возврат"])
ROWS = st.lists(st.tuples(AMOUNTS, TEXTS, st.integers(0, 9)), max_size=25)


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.integers(0, 5), st.integers(-1000, 1000))
def test_every_line_stands_once_and_the_totals_tie(ours, theirs, days, opening):
    sides = [
        [line(key, amount, text, on=FIRST + timedelta(on)) for key, (amount, text, on) in
         enumerate(rows)]
        for rows in (ours, theirs)
    ]  # fmt: skip
    found = compare(*sides, days=days)
    assert set(verdicts(found)) == {(side, x.key) for side in (0, 1) for x in sides[side]}
    assert all(row.difference == 0 for row in found.matched)
    our_closing, their_closing = (opening + sum(x.value for x in rows) for rows in sides)
    assert our_closing - their_closing == found.difference
