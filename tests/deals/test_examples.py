"""Worked examples of the domain: VAT-1 … VAT-5 and CAL-2."""

import json
from datetime import date
from decimal import Decimal

from crm.work.models import CalendarDay
from deals.conditions.terms import PaymentTerms, due_date
from deals.pricing.vat import RateTable, vat_inside, vat_on_top
from deals.seeds import seed_vat_rates
from tests.kernel.shared_files import examples, shared_example

D = Decimal


def test_vat_1_is_inside_the_gross_amount():
    for case in shared_example("VAT-1")["expected"]:
        vat = vat_inside(D(case["gross"]), case["rate"])
        assert (str(vat), str(D(case["gross"]) - vat)) == (case["vat"], case["net"])


def test_vat_2_is_put_on_top_half_up():
    example = shared_example("VAT-2")
    for case, expected in zip(example["input"], example["expected"], strict=True):
        vat = vat_on_top(D(case["net"]), case["rate"])
        assert str(vat) == expected["vat"]
        assert str(D(case["net"]) + vat) == expected["gross"]


def test_vat_4_goes_by_the_day_of_the_original_shipment(db):
    seed_vat_rates()
    rates, example = RateTable(), shared_example("VAT-4")
    got = [
        rates.percent(case["kind"], date.fromisoformat(case["shipped"]))
        for case in example["input"]
    ]
    assert got == example["expected"]


def test_vat_5_is_the_part_in_a_purpose():
    example = shared_example("VAT-5")
    vat = vat_inside(D(example["input"]["gross"]), example["input"]["rate"])
    assert str(vat) == example["expected"]["vat"]


def test_no_example_of_vat_is_forgotten():
    known = {name for name in examples() if name.startswith("VAT-")}
    assert known == {"VAT-1", "VAT-2", "VAT-4", "VAT-5"}, json.dumps(sorted(known))


def test_cal_2_moves_the_due_day_to_a_working_one(db):
    example = shared_example("CAL-2")
    assert CalendarDay.objects.exists()
    for case in example["input"]:
        terms = PaymentTerms(case["days"], case["mode"])
        due = due_date(date.fromisoformat(case["shipment_date"]), terms)
        assert due.isoformat() == example["expected"][case["case"]], case
