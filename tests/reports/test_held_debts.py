"""KPI 2 by who answered: shipments of the rollups, debts of the last day, money given back."""

from datetime import date
from decimal import Decimal

from clients.models import ClientAssignment
from crm.work import registry
from crm.work.models import Setting
from reports.actions import closing, rollup
from reports.days.months import Months
from reports.models import KpiSnapshot
from reports.queries.dashboard import kpis
from reports.queries.incentives import MonthResults
from reports.queries.plan_fact import plan_fact
from reports.queries.receivables.turnover import debt_share
from tests.cast import fresh
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment

D = Decimal
OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 28)


def shares(person, by="manager", month=OCTOBER, **more):
    found = debt_share(fresh(person), month, today=TODAY, by=by, **more)
    return {one.key[0] if one.key else None: (one.receivables, one.sales) for one in found}


def handed_over(cast):
    """Sold by the manager, given to the stranger in October, to the second one in November."""
    client = clients.client(cast.manager, since=date(2026, 8, 1))
    deals.sale(client, "100.00", on=date(2026, 10, 5))
    held = ClientAssignment.objects.filter(client=client)
    held.update(valid_to=date(2026, 10, 20))
    for who, first, last in ((cast.stranger, date(2026, 10, 20), date(2026, 11, 3)),
                             (cast.manager2, date(2026, 11, 3), None)):  # fmt: skip
        ClientAssignment.objects.create(client=client, manager=who, valid_from=first, valid_to=last)
    client.manager = cast.manager2
    client.save(update_fields=["manager"])
    deals.sale(client, "40.00", on=date(2026, 10, 21))
    rollup.count_changes(today=TODAY)
    return client


def test_debts_are_of_who_answered_on_the_last_day_and_sales_of_who_sold(cast):
    handed_over(cast)
    assert shares(cast.director) == {
        cast.manager.pk: (D(0), D(100)), cast.stranger.pk: (D(140), D(40))}  # fmt: skip
    assert shares(cast.director, month=date(2026, 11, 1)) == {cast.manager2.pk: (D(140), D(0))}
    units = {cast.sector.pk: (D(0), D(100)), cast.other_sector.pk: (D(140), D(40))}
    assert shares(cast.director, by="unit") == units
    assert shares(cast.director, by="all") == {None: (D(140), D(140))}
    assert shares(cast.manager) == {cast.manager.pk: (D(0), D(100))}
    assert shares(cast.stranger) == {cast.stranger.pk: (D(140), D(40))}
    assert shares(cast.manager2) == shares(cast.marketer) == {}
    where = {"unit": cast.other_department.pk}
    assert shares(cast.director, by="all", where=where) == {None: (D(140), D(40))}
    facts = plan_fact(fresh(cast.director), Months.of(OCTOBER), cast.company, [cast.company])
    assert facts.whole.sums.fact["ship"] == D(140)
    results = MonthResults(OCTOBER, TODAY)
    person = next(one for one in results.people() if one.user == cast.stranger)
    assert results.of(person).debts.receivables == D(140)
    closing.close_month(OCTOBER, by=cast.director, today=TODAY)
    kept = KpiSnapshot.objects.of_month(OCTOBER).units().get(org_unit=cast.other_department)
    assert (kept.final["debt"], kept.final["debt_sales"]) == ("140.00", "40.00")
    unit, who = cast.other_department, fresh(cast.director)
    of = kpis(who, unit, [unit.pk, cast.other_sector.pk], Months.of(OCTOBER), today=TODAY,
              money=True)  # fmt: skip
    assert of.debt_trend == [D(350)]


def test_money_given_back_beyond_what_was_free_is_owed_again(cast):
    client = clients.client(cast.manager, since=date(2026, 8, 1))
    sale = deals.sale(client, "100.00", on=date(2026, 10, 5))
    paid = deals.payment(client, "130.00", on=date(2026, 10, 8))
    allocate_payment(paid.pk, by=None, named=[sale.invoice.pk])
    rollup.count_changes(today=TODAY)
    assert shares(cast.director, by="all") == {None: (D(0), D(100))}
    back = {"direction": "out", "kind": "refund"}
    deals.payment(client, "30.00", on=date(2026, 10, 9), **back)  # the advance
    rollup.count_changes(today=TODAY)
    assert shares(cast.director, by="all") == {None: (D(0), D(100))}
    deals.payment(client, "25.00", on=date(2026, 11, 9), **back)  # what had paid for goods
    rollup.count_changes(today=TODAY)
    assert shares(cast.director, by="all") == {None: (D(0), D(100))}
    assert shares(cast.director, by="all", month=date(2026, 11, 1)) == {None: (D(25), D(0))}
    deals.returned(client, "-25.00", on=date(2026, 11, 10))  # the goods it was given back for
    rollup.count_changes(today=TODAY)
    assert shares(cast.director, by="all", month=date(2026, 11, 1)) == {None: (D(0), D(-25))}


def test_a_department_has_a_norm_of_its_own(cast):
    handed_over(cast)
    norm = {"key": "receivables.norm_percent", "org_unit": cast.other_department, "value": "20"}
    Setting.objects.create(**norm)
    registry.forget()
    for by, key in (("manager", cast.stranger.pk), ("unit", cast.other_sector.pk)):
        found = debt_share(fresh(cast.director), OCTOBER, today=TODAY, by=by)
        of = {one.key[0]: one for one in found}
        assert (of[key].norm_percent, of[key].excess) == (D(20), D(132))
        assert {one.norm_percent for one in found if one.key[0] != key} == {D(60)}
    (one,) = debt_share(fresh(cast.director), OCTOBER, today=TODAY,
                        where={"unit": cast.other_department.pk})  # fmt: skip
    assert one.norm_percent == D(20)
    (company,) = debt_share(fresh(cast.director), OCTOBER, today=TODAY)
    assert company.norm_percent == D(60)
