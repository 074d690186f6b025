"""A sheet of pay is counted of the closing alone, its debts included."""

from datetime import date
from decimal import Decimal

from crm.money import round_half_up
from reports.actions import rollup, schemes
from reports.actions.incentive_drafts import month_end_close, recount_sheet
from reports.models import IncentiveSheet
from tests.factories import deals, facts
from tests.kernel.shared_files import shared_example

D = Decimal
NOVEMBER = date(2026, 11, 2)


def test_what_comes_after_the_closing_changes_no_figure_of_a_sheet(db):
    plan = shared_example("PLAN-1")
    made = facts.october(plan)
    facts.planned(plan, made)
    schemes.seed_schemes()
    month_end_close(today=NOVEMBER)
    sheet = IncentiveSheet.objects.get(employee=made.head)
    before = sheet.calculation
    debt = next(line for line in before["lines"] if line["metric"] == "debt")
    ship = next(line for line in before["lines"] if line["metric"] == "ship")
    assert debt["plan"] == str(round_half_up(D(ship["fact"]) * 60 / 100))  # the norm of one figure
    client = made.of["C1"]
    deals.sale(client, "777.00", on=date(2026, 10, 2))
    deals.payment(client, "500.00", on=date(2026, 10, 30))
    rollup.count_changes(today=NOVEMBER)
    for person in (made.head, client.manager):
        sheet = IncentiveSheet.objects.get(employee=person)
        before = sheet.calculation
        by = made.director if person == made.head else made.head
        recount_sheet(sheet.pk, by=by, version=sheet.version, today=NOVEMBER)
        sheet.refresh_from_db()
        assert sheet.calculation == before
