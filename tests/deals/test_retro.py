"""Retro bonuses: counted, agreed, accrued, checked, approved, given (RETRO-1, C.5 no. 30)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.states import check_move
from crm.work.actions import change_setting
from deals.actions import retro as actions
from deals.actions import retro_accruals as accruals
from deals.actions.posting import reverse_shipment
from deals.actions.retro import RetroValues
from deals.bonuses.food_terms import food_term
from deals.bonuses.retro import Tier, bonus_of, next_tier, periods_over
from deals.bonuses.retro_base import base_of
from deals.models import (
    RETRO_MOVES,
    Allocation,
    RetroBonusAgreement,
    RetroState,
)
from deals.pages.retro import terms_of
from tests.factories import clients, contracts, deals, retro
from tests.guarding import forbidden
from tests.kernel.shared_files import shared_example

D, DAY = Decimal, timedelta(days=1)
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
RUN = date(2026, 10, 2)
SEEN = RetroBonusAgreement.objects


@pytest.fixture
def contract(cast):
    client = clients.client(cast.manager, category="A", kind="chain", name="Сеть «Лента»")
    return contracts.active(client, cast.manager, number="Д-1", starts_on=date(2026, 1, 1))


def values(**more):
    more = {"valid_from": date(2026, 7, 1), "tiers": retro.tiers({"0": "1", "1000000": "2"})} | more
    return RetroValues(**more)


def sent(contract, by, **more):
    made = actions.draft_retro(contract.pk, by=by, values=values(**more))
    actions.submit_retro(made.pk, by=by, version=made.version, today=FIRST)
    return SEEN.get(pk=made.pk)


def decide(agreement, *people, decision="approve"):
    for by in people:
        approval = Approval.objects.of(agreement).running().get()
        approvals.decide(
            approval.pk, by=by, decision=decision, comment="Так", version=approval.version,
            target_version=approval.target_version, today=FIRST,
        )  # fmt: skip
    return SEEN.get(pk=agreement.pk)


def sale(contract, amount, vat="0", *, on=date(2026, 8, 5), **more):
    return deals.sale(contract.client, amount, on=on, contract=contract, vat_amount=D(vat), **more)


# --- the rule ------------------------------------------------------------------------------------


def test_the_bonus_is_that_of_the_worked_example():
    example = shared_example("RETRO-1")
    tiers = [Tier(D(row["from_volume"]), D(row["pct"])) for row in example["input"]["tiers"]]
    for base, expected in example["expected"].items():
        flat, parts = (bonus_of(D(base), tiers, mode) for mode in ("flat", "progressive"))
        assert (flat.rate, flat.amount, parts.amount) == (
            D(expected["rate"]), D(expected["flat"]), D(expected["progressive"]),
        ), base  # fmt: skip
    assert set(example["expected"]) == set(example["input"]["bases"])


def test_edges_of_tiers_and_bases_below_zero():
    tiers = retro.tiers({"100": "1", "200": "3"})
    assert [bonus_of(D(base), tiers, "flat").amount for base in ("99.99", "100", "199.99")] == [
        D("0.00"), D("1.00"), D("2.00"),
    ]  # fmt: skip
    assert bonus_of(D("200.01"), tiers, "progressive").amount == D("1.00")
    assert bonus_of(D("-5"), retro.tiers({"0": "5"}), "flat").amount == 0
    assert next_tier(D("100"), tiers).from_volume == 200
    assert next_tier(D("200"), tiers) is None


def test_periods_are_whole_ones_cut_to_the_days_of_the_agreement():
    def days(kind, first, last, today):
        return [(one.first, one.last) for one in periods_over(kind, first, last, today)]

    mid, end = date(2026, 2, 15), date(2026, 7, 10)
    assert days("quarter", mid, end, date(2026, 8, 1)) == [
        (mid, date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), end),
    ]  # fmt: skip
    assert days("month", date(2026, 12, 1), None, date(2026, 12, 31)) == []
    assert days("month", date(2026, 12, 1), None, date(2027, 1, 1)) == [
        (date(2026, 12, 1), date(2026, 12, 31))
    ]
    assert days("year", date(2025, 3, 1), None, RUN) == [(date(2025, 3, 1), date(2025, 12, 31))]


# --- of what it is counted -----------------------------------------------------------------------


def test_the_base_is_shipments_less_returns_without_vat(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    sold = sale(contract, "1220.00", "220.00")
    deals.returned(
        contract.client, "-122.00", on=date(2026, 9, 3), contract=contract, vat_amount=D(-22)
    )
    sale(contract, "999.00", on=date(2026, 6, 30))
    other = contracts.active(contract.client, cast.manager, number="Д-2")
    sale(other, "777.00")
    assert base_of(agreement, FIRST, LAST) == D("900.00")
    # What comes back later lowers the period in which it was sold, not that of its own day.
    deals.returned(
        contract.client, "-61.00", on=date(2026, 10, 9), contract=contract, vat_amount=D(-11),
        original=sold,
    )  # fmt: skip
    assert base_of(agreement, FIRST, LAST) == D("850.00")
    assert base_of(agreement, date(2026, 10, 1), date(2026, 12, 31)) == 0
    member = clients.client(cast.manager, parent=contract.client)
    deals.sale(member, "100.00", on=date(2026, 8, 6))  # names no contract
    assert base_of(agreement, FIRST, LAST) == D("950.00")
    retro.agreement(other, cast.manager)
    assert base_of(agreement, FIRST, LAST) == D("850.00")


def test_a_document_that_is_taken_back_counts_nowhere(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    wrong = sale(contract, "500.00")
    reverse_shipment(wrong.pk, by=cast.accountant, on=date(2026, 10, 5), reason="Ошибка")
    assert base_of(agreement, FIRST, LAST) == 0
    assert base_of(agreement, date(2026, 10, 1), date(2026, 12, 31)) == 0


def test_of_paid_shipments_money_of_the_days_counts_without_its_vat(cast, contract):
    agreement = retro.agreement(contract, cast.manager, base="paid_net")
    invoice = sale(contract, "1220.00", "220.00", on=date(2026, 6, 1)).invoice
    for amount, day in (("610.00", FIRST), ("610.00", LAST + DAY)):
        money = deals.payment(contract.client, amount, on=day)
        Allocation.objects.create(
            payment=money, invoice=invoice, amount=D(amount), kind="manual", on_day=day
        )
    assert base_of(agreement, FIRST, LAST) == D("500.00")


def test_socially_important_food_earns_nothing(cast, contract):
    bread = deals.product(is_socially_important=True)
    lines = [
        {"product": bread, "quantity": 1, "price": 110, "amount": D(110), "vat_amount": D(10)},
        {"product": deals.product(), "quantity": 1, "price": 220, "amount": D(220),
         "vat_amount": D(20)},
    ]  # fmt: skip
    sale(contract, "330.00", "30.00", lines=lines)
    agreement = retro.agreement(contract, cast.manager, is_food=True)
    assert base_of(agreement, FIRST, LAST) == D("200.00")
    agreement.is_food = False
    assert base_of(agreement, FIRST, LAST) == D("300.00")


# --- the law -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("services", "rates", "field"),
    [("2", ("1", "3"), None), ("2", ("1", "3.01"), "pct_2"), ("5.01", ("1",), "services_pct"),
     ("0", ("5.01",), "pct_1"), ("0", ("5",), None)],
)  # fmt: skip
def test_on_food_bonus_and_services_are_five_percent_at_most(
    cast, contract, services, rates, field
):
    tiers = [Tier(D(place), D(rate)) for place, rate in enumerate(rates)]
    asked = values(is_food=True, services_pct=D(services), tiers=tiers)
    if field is None:
        assert actions.draft_retro(contract.pk, by=cast.manager, values=asked).pk
        return
    with pytest.raises(RuleViolation) as refusal:
        actions.draft_retro(contract.pk, by=cast.manager, values=asked)
    assert refusal.value.field == field
    assert not SEEN.exists()
    free = values(services_pct=D(services), tiers=tiers)
    assert actions.draft_retro(contract.pk, by=cast.manager, values=free).pk


def test_the_bound_is_a_setting_and_holds_for_what_was_agreed_before(cast, contract):
    agreement = retro.agreement(contract, cast.manager, is_food=True, services_pct=D(1),
                                said={"0": "4"})  # fmt: skip
    sale(contract, "1000.00")
    assert accruals.count_bonus(agreement, FIRST, LAST).amount == D("40.00")
    change_setting("retro.food_cap_pct", value="3", by=cast.admin)
    bounded = accruals.count_bonus(agreement, FIRST, LAST)
    assert (bounded.amount, bounded.is_capped) == (D("20.00"), True)


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (11, "calendar", ""), (8, "working", ""), (12, "calendar", "10 дней и дольше"),
        (25, "calendar", "10 дней и дольше"), (26, "calendar", "дольше 30 дней"),
        (40, "calendar", "дольше 30 дней"), (41, "calendar", "не более 40 дн"),
        (30, "working", "не более 40 дн"),
    ],
)  # fmt: skip
def test_a_deferral_too_long_for_food_is_warned_of(cast, contract, days, kind, words):
    contract.deferral_days, contract.deferral_day_type = days, kind
    term = food_term(contract.client, contract, FIRST)
    assert bool(term.warning) == bool(words)
    assert words in term.warning.replace("\xa0", " ")
    assert term.is_unlawful == ("не более" in words)
    food = retro.agreement(contract, cast.manager, is_food=True)
    assert terms_of(food).term.warning == term.warning
    food.is_food = False
    assert terms_of(food).term is None


# --- agreements ----------------------------------------------------------------------------------


def test_marketing_and_accounting_see_it_before_the_head_decides(cast, contract):
    agreement = sent(contract, cast.manager)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(agreement, cast.department_head)
    done = decide(agreement, cast.marketer, cast.accountant, cast.department_head)
    assert (done.state, done.approved_by) == ("active", cast.department_head)


def test_above_the_limit_of_the_head_the_director_decides(cast, contract):
    agreement = sent(contract, cast.manager, services_pct=D("1.01"))
    decide(agreement, cast.marketer, cast.accountant)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(agreement, cast.department_head)
    assert decide(agreement, cast.director, decision="reject").state == "rejected"
    again = sent(contract, cast.manager)
    assert decide(again, cast.marketer, decision="return").state == "draft"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": date(2026, 6, 30)}, "valid_to"),
        ({"valid_from": date(2025, 12, 31)}, "valid_from"),
        ({"tiers": retro.tiers({"0": "0"})}, "pct_1"),
        ({"tiers": []}, "pct_1"),
        ({"tiers": retro.tiers({"5": "1", "4": "2"})}, "from_2"),
        ({"tiers": retro.tiers({"4": "2", "5": "1"})}, "pct_2"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, contract, changes, field):
    with pytest.raises(RuleViolation) as refusal:
        actions.draft_retro(contract.pk, by=cast.manager, values=values(**changes))
    assert refusal.value.field == field


def test_of_a_contract_one_is_written_and_one_holds_a_day(cast, contract):
    made = actions.draft_retro(contract.pk, by=cast.manager, values=values())
    with pytest.raises(RuleViolation, match="уже готовится"):
        actions.draft_retro(contract.pk, by=cast.sector_head, values=values())
    with pytest.raises(StaleVersion):
        actions.edit_retro(made.pk, by=cast.manager, version=7, values=values())
    with pytest.raises(PermissionDenied):
        actions.submit_retro(made.pk, by=cast.sector_head, version=1, today=FIRST)
    edited = actions.edit_retro(
        made.pk, by=cast.sector_head, version=1, values=values(tiers=retro.tiers({"0": "3"}))
    )
    assert (edited.author, actions.tiers_of(edited)) == (cast.sector_head, [Tier(D(0), D(3))])
    held = retro.agreement(contract, cast.manager, valid_to=date(2026, 7, 1))
    with pytest.raises(RuleViolation) as refusal:
        actions.submit_retro(made.pk, by=cast.sector_head, version=2, today=FIRST)
    assert refusal.value.field == "valid_from"
    with pytest.raises(IntegrityError, match="retro_one_a_day"), transaction.atomic():
        retro.agreement(contract, cast.manager, valid_from=date(2026, 7, 1))
    ended = actions.end_retro(
        held.pk, by=cast.department_head, version=1, reason="Спор", today=date(2026, 7, 1)
    )
    assert ended.last_day == date(2026, 6, 30)
    actions.submit_retro(made.pk, by=cast.sector_head, version=2, today=FIRST)


@pytest.mark.parametrize(("before", "after"), forbidden(RetroState, RETRO_MOVES))
def test_an_agreement_leaves_no_state_by_another_way(db, before, after):
    with pytest.raises(RuleViolation):
        check_move(RetroBonusAgreement(state=before), RETRO_MOVES, after)
