"""The customer's worked examples of the rules of this folder, by id."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from crm import calendar, money
from crm import requisites as req
from crm.work.production_calendar import official_days, seed_calendar
from tests.kernel.shared_files import shared_example

CHECKS = {"REQ-1": req.clean_inn, "REQ-2": req.clean_any_ogrn, "REQ-4": req.clean_kpp}


@pytest.fixture
def seeded(db):
    seed_calendar()


def passes(check, *args):
    try:
        check(*args)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("code", CHECKS)
def test_codes(code):
    example = shared_example(code)
    assert {text: passes(CHECKS[code], text) for text in example["input"]} == example["expected"]


def test_accounts():
    example = shared_example("REQ-3")
    given, expected = example["input"], example["expected"]
    bic = given["bik"]
    assert passes(req.clean_correspondent_account, given["corr"], bic) == expected["corr_ok"]
    accounts = expected["accounts"] | expected["bad_account"]
    assert {text: passes(req.clean_account, text, bic) for text in accounts} == accounts


def test_fictional_counterparties():
    for party in shared_example("REQ-5")["expected"]:
        req.clean_inn(party["inn"])
        req.clean_any_ogrn(party["ogrn"])
        req.validate_inn_with_kpp(party["inn"], party["kpp"])
        req.clean_account(party["account"], party["bik"])
        req.clean_correspondent_account(party["corr_account"], party["bik"])
        assert not party["kpp"] or req.clean_kpp(party["kpp"])


def test_amounts_in_words():
    example = shared_example("WORDS-1")
    words = {text: money.amount_in_words(Decimal(text)) for text in example["input"]}
    assert words == example["expected"]


def test_amounts_on_the_screen():
    example = shared_example("FMT-1")
    for text in example["input"]:
        shown = money.format_money(Decimal(text), symbol=False)
        assert shown == example["expected"][text]


def test_months_of_the_production_calendar(seeded):
    example = shared_example("CAL-1")
    for year, months in example["expected"]["by_month"].items():
        counted = [calendar.working_days_in_month(int(year), month) for month in range(1, 13)]
        assert counted == months
        assert sum(counted) == example["expected"]["by_year"][year]
        off = [
            f"{day:%m-%d}"
            for day, kind in sorted(official_days(int(year)).items())
            if kind == calendar.OFF
        ]
        assert off == example["input"]["nonworking_weekdays"][year]


def test_due_dates(seeded):
    example = shared_example("CAL-2")
    counted = {
        case["case"]: calendar.due_date(
            date.fromisoformat(case["shipment_date"]), case["days"], case["mode"]
        ).isoformat()
        for case in example["input"]
    }
    assert counted == example["expected"]


def test_internal_deadlines(seeded):
    expected = shared_example("CAL-3")["expected"]
    assert calendar.internal_deadline(2026, 10, 25).isoformat() == expected["plan_submission"]
    assert calendar.last_working_day(2026, 10).isoformat() == expected["plan_approval"]
    assert calendar.nth_working_day(2026, 11, 3).isoformat() == expected["monthly_report"]
