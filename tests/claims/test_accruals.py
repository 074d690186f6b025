"""Interest and penalty: INT-1, PEN-1, PRE-1, leap years, part payments, days of the edge."""

from datetime import date
from decimal import Decimal

import pytest

from claims.outgoing import accruals
from claims.outgoing.accruals import NoRate, Part, Rate
from claims.outgoing.terms import Term
from deals.models import DayType
from tests.kernel.shared_files import shared_example

D = Decimal
FLAT = [Rate(date(2020, 1, 1), D("10.00"))]
DAY = date.fromisoformat


def counted(debt, due, to, *paid, rates=FLAT):
    parts = [Part(DAY(on), D(amount)) for on, amount in paid]
    return accruals.interest(D(debt), DAY(due), DAY(to), rates, parts)


def rows(accrual):
    return [(f"{one.first}", one.days, one.principal, one.amount) for one in accrual.segments]


def test_int_1():
    given, expected = (shared_example("INT-1")[part] for part in ("input", "expected"))
    rates = [Rate(DAY(row["valid_from"]), D(row["rate"])) for row in given["rates"]]
    found = accruals.interest(D(given["principal"]), DAY(given["due"]), DAY(given["paid"]), rates)
    assert [
        {
            "start": str(one.first),
            "days": one.days,
            "rate": str(one.rate),
            "principal": str(one.principal),
            "interest": str(one.amount),
        }
        for one in found.segments
    ] == expected["segments"]
    assert (found.total, sum(one.days for one in found.segments)) == (D("13513.70"), 66)
    assert str(found.total) == expected["interest"]


def test_int_1_by_its_own_figures_where_the_examples_are_missing():
    rates = [Rate(DAY(on), D(p)) for on, p in (
        ("2026-02-16", "15.50"), ("2026-03-23", "15"), ("2026-04-27", "14.50"),
    )]  # fmt: skip
    found = counted("500000", "2026-03-10", "2026-05-15", rates=rates)
    assert [one.amount for one in found.segments] == [D("2547.95"), D("7191.78"), D("3773.97")]
    assert found.total == D("13513.70")


def test_pen_1():
    example = shared_example("PEN-1")
    for case, expected in zip(example["input"], example["expected"], strict=True):
        due = date(2026, 1, 1)
        to = date.fromordinal(due.toordinal() + case["days"])
        found = accruals.penalty(D(case["debt"]), due, to, D(case["rate"]), D(case["cap_pct"]))
        assert str(found.total) == expected
        assert found.is_capped == (case["days"] == 120)


def test_pre_1(db):
    example = shared_example("PRE-1")
    for case, expected in zip(example["input"], example["expected"], strict=True):
        term, sent = Term(case.get("term", 30), DayType(case.get("mode", "calendar"))), case["sent"]
        assert str(term.last_day(DAY(sent))) == expected["response_deadline"]
        assert str(term.lawsuit_from(DAY(sent))) == expected["lawsuit_from"]


def test_nothing_runs_on_the_due_day_and_one_day_on_the_next():
    assert rows(counted("1000", "2026-03-10", "2026-03-10")) == []
    assert rows(counted("1000", "2026-03-10", "2026-03-11")) == [("2026-03-11", 1, 1000, D("0.27"))]


def test_the_day_of_a_part_payment_still_counts_on_the_former_debt():
    found = counted("365000", "2026-03-10", "2026-03-20", ("2026-03-15", "182500"))
    assert rows(found) == [
        ("2026-03-11", 5, 365000, D("500.00")),
        ("2026-03-16", 5, 182500, D("250.00")),
    ]
    whole = counted("365000", "2026-03-10", "2026-05-20", ("2026-03-15", "365000"))
    assert rows(whole) == [("2026-03-11", 5, 365000, D("500.00"))], "paid: nothing runs on"


def test_what_was_paid_in_time_is_no_debt():
    found = counted("365000", "2026-03-10", "2026-03-20", ("2026-03-10", "265000"))
    assert rows(found) == [("2026-03-11", 10, 100000, D("273.97"))]
    capped = accruals.penalty(
        D(365000), DAY("2026-03-10"), DAY("2026-12-31"), D(1), D(10),
        [Part(DAY("2026-03-10"), D(265000)), Part(DAY("2026-04-10"), D(50000))],
    )  # fmt: skip
    assert (capped.total, capped.cap) == (D("10000.00"), D("10000.00")), "of what was owed then"


def test_a_leap_year_has_its_own_divisor_and_its_own_segment():
    found = counted("366000", "2023-12-30", "2024-01-02")
    assert rows(found) == [
        ("2023-12-31", 1, 366000, D("100.27")),
        ("2024-01-01", 2, 366000, D("200.00")),
    ]
    over = counted("365000", "2025-12-30", "2026-01-02")
    assert len(over.segments) == 1, "two years of 365 days are not cut"


def test_a_day_before_the_first_rate_is_refused_by_its_name():
    with pytest.raises(NoRate) as missing:
        counted("1000", "2019-12-30", "2020-02-01")
    assert missing.value.day == date(2019, 12, 31)


def test_each_segment_is_rounded_by_itself():
    rates = [Rate(date(2026, 1, 1), D(10)), Rate(date(2026, 3, 12), D(10))]
    found = counted("16.425", "2026-03-10", "2026-03-12", rates=rates)
    assert [one.amount for one in found.segments] == [D("0.00"), D("0.00")]
    assert found.total == 0
