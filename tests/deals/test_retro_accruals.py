"""Retro bonuses accrued by the clock, checked, approved, given, counted again (C.5 no. 30)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.errors import RuleViolation, StaleVersion
from crm.states import check_move
from crm.work.actions import change_setting
from deals.actions import retro as actions
from deals.actions import retro_accruals as accruals
from deals.models import ACCRUAL_MOVES, AccrualState, RetroBonusAccrual
from tests.factories import clients, contracts, deals, retro
from tests.guarding import forbidden

D, DAY = Decimal, timedelta(days=1)
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
RUN = date(2026, 10, 2)
ACCRUED = RetroBonusAccrual.objects


@pytest.fixture
def contract(cast):
    client = clients.client(cast.manager, category="A", kind="chain", name="Сеть «Лента»")
    return contracts.active(client, cast.manager, number="Д-1", starts_on=date(2026, 1, 1))


def sale(contract, amount, vat="0", *, on=date(2026, 8, 5), **more):
    return deals.sale(contract.client, amount, on=on, contract=contract, vat_amount=D(vat), **more)


def accrue(agreement, today=RUN):
    made = accruals.accrue_bonuses(today=today)
    return made, ACCRUED.filter(agreement=agreement).order_by("period_start").last()


@pytest.mark.parametrize(("before", "after"), forbidden(AccrualState, ACCRUAL_MOVES))
def test_an_accrual_leaves_no_state_by_another_way(db, before, after):
    with pytest.raises(RuleViolation):
        check_move(RetroBonusAccrual(state=before), ACCRUAL_MOVES, after)


def test_the_clock_accrues_each_period_once_and_catches_up(cast, contract):
    agreement = retro.agreement(contract, cast.manager, valid_from=date(2026, 4, 1))
    sale(contract, "1000.00", on=date(2026, 5, 1))
    sale(contract, "500.00", on=LAST)
    assert accruals.accrue_bonuses(today=LAST) == 1  # the quarter is not over on its last day
    made, row = accrue(agreement)
    assert (made, row.period_start, row.base, row.rate, row.amount) == (
        1, FIRST, D("500.00"), D(2), D("10.00"),
    )  # fmt: skip
    assert accruals.accrue_bonuses(today=RUN) == 0
    assert [one.amount for one in ACCRUED.order_by("period_start")] == [D("20.00"), D("10.00")]
    with pytest.raises(IntegrityError, match="retro_accrual_once_a_period"), transaction.atomic():
        retro.accrual(agreement)
    draft = retro.agreement(contracts.active(contract.client, cast.manager), cast.manager,
                            state="draft")  # fmt: skip
    assert accrue(draft, today=RUN + 90 * DAY)[1] is None


def test_it_goes_from_the_accounting_to_the_head_and_to_the_client(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    row = retro.accrual(agreement, base=0, amount="20000.00")
    for other in (cast.manager, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            accruals.check_accrual(row.pk, by=other, version=1)
    row = accruals.check_accrual(row.pk, by=cast.accountant, version=1)
    for other in (cast.manager, cast.sector_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            accruals.approve_accrual(row.pk, by=other, version=2)
    with pytest.raises(RetroBonusAccrual.DoesNotExist):
        accruals.approve_accrual(row.pk, by=cast.stranger_head, version=2)
    row = accruals.approve_accrual(row.pk, by=cast.department_head, version=2)
    given = {"way": "offset", "document": "Акт № 1", "on": RUN, "today": RUN}
    for wrong in ({"document": " "}, {"on": LAST}, {"on": RUN + DAY}):
        with pytest.raises(RuleViolation) as refusal:
            accruals.give_accrual(row.pk, by=cast.accountant, version=3, **given | wrong)
        assert refusal.value.field == next(iter(wrong))
    with pytest.raises(StaleVersion):
        accruals.give_accrual(row.pk, by=cast.accountant, version=2, **given)
    row = accruals.give_accrual(row.pk, by=cast.accountant, version=3, **given)
    assert (row.state, row.given_amount, row.to_give) == ("offset", D("20000.00"), 0)
    assert accruals.close_accrual(row.pk, by=cast.accountant, version=4).state == "closed"


def test_above_the_setting_the_director_approves(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    within = retro.accrual(agreement, state="checked", by=cast.accountant, amount="100000.00")
    above = retro.accrual(agreement, state="checked", by=cast.accountant, amount="100000.01",
                          period_start=date(2026, 4, 1), period_end=date(2026, 6, 30))  # fmt: skip
    with pytest.raises(PermissionDenied):
        accruals.approve_accrual(above.pk, by=cast.department_head, version=1)
    assert accruals.approve_accrual(above.pk, by=cast.director, version=1).state == "approved"
    change_setting("retro.head_limit", value="99999", by=cast.admin)
    with pytest.raises(PermissionDenied):
        accruals.approve_accrual(within.pk, by=cast.department_head, version=1)


def test_nothing_to_give_is_closed_by_the_check(cast, contract):
    row = retro.accrual(retro.agreement(contract, cast.manager), base=0, amount="0.00")
    assert accruals.check_accrual(row.pk, by=cast.accountant, version=1).state == "closed"


def test_a_later_return_of_what_was_sold_is_counted_anew(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    sold = sale(contract, "1000.00")
    _made, row = accrue(agreement)
    row = accruals.check_accrual(row.pk, by=cast.accountant, version=row.version)
    row = accruals.approve_accrual(row.pk, by=cast.department_head, version=row.version)
    row = accruals.give_accrual(
        row.pk, by=cast.accountant, version=row.version, way="paid", document="ПП 1", on=RUN,
        today=RUN,
    )  # fmt: skip
    assert accruals.follow_late_documents(today=RUN) == 0
    deals.returned(
        contract.client, "-100.00", on=date(2026, 10, 9), contract=contract, original=sold
    )
    assert accruals.follow_late_documents(today=LAST + 181 * DAY) == 0  # too late by the setting
    assert accruals.follow_late_documents(today=LAST + 180 * DAY) == 1
    row.refresh_from_db()
    assert (row.state, row.amount, row.given_amount, row.to_give) == (
        "recalculated", D("18.00"), D("20.00"), D("-2.00"),
    )  # fmt: skip
    assert (row.checked_by, row.approved_by) == (None, None)
    assert ACCRUED.owed() == D("-2.00")
    assert accruals.follow_late_documents(today=RUN) == 0


def test_a_check_refuses_a_base_that_the_documents_no_longer_give(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    row = retro.accrual(agreement)
    with pytest.raises(RuleViolation, match="изменились"):
        accruals.check_accrual(row.pk, by=cast.accountant, version=1)
    row = accruals.recount_accrual(row.pk, by=cast.accountant, version=1)
    assert (row.state, row.base, row.amount) == ("recalculated", 0, 0)
    with pytest.raises(RuleViolation, match="ту же базу"):
        accruals.recount_accrual(row.pk, by=cast.accountant, version=row.version)


@pytest.mark.parametrize(
    ("state", "more", "name"),
    [
        ("calculated", {"checked_by": "accountant"}, "retro_accrual_checked_by_somebody"),
        ("approved", {"approved_by": None}, "retro_accrual_approved_by_somebody"),
        ("paid", {"document": ""}, "retro_accrual_given_by_document"),
        ("closed", {"given_amount": D(1)}, "retro_accrual_closed_is_given"),
        ("calculated", {"amount": "-1"}, "retro_accrual_not_negative"),
    ],
)
def test_the_table_refuses_what_nobody_decided(cast, contract, state, more, name):
    agreement = retro.agreement(contract, cast.manager)
    people = {key: getattr(cast, who) for key, who in more.items() if who == "accountant"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        retro.accrual(agreement, state=state, by=cast.accountant, **more | people)


def test_an_agreement_that_is_over_expires(cast, contract):
    agreement = retro.agreement(contract, cast.manager, valid_to=LAST)
    assert actions.expire_retro(today=LAST) == 0
    assert accruals.follow_late_documents(today=LAST + DAY) == 1
    agreement.refresh_from_db()
    assert agreement.state == "expired"
    assert accrue(agreement)[0] == 3  # its bonuses are counted still
