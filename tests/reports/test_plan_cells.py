"""Saving cells of a plan: whole or not at all, nobody overwrites unseen; sums from above."""

import json
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.urls import reverse

from crm.errors import RuleViolation
from reports.actions.plan_cells import Cell, save_cells
from reports.actions.plan_targets import Wanted, Whose, set_target, spread_target
from reports.formulas.spreading import chosen, shared
from reports.models import PlanLine, PlanTarget
from reports.queries.plan_levels import levels_of
from tests.approvals.racing import somebody_waits_for_a_row
from tests.cast import fresh, signed_in
from tests.factories import clients, plans

D = Decimal
db = pytest.mark.django_db


def planned(cast):
    """A draft with two lines of the manager and one of the colleague."""
    plan = plans.plan(cast.department)
    for who, amount in ((cast.manager, "100.00"), (cast.manager, "200.00"), (cast.manager2, "700")):
        plans.line(plan, clients.client(who), ship=amount, contacts=2)
    return plan


@pytest.fixture
def plan(cast):
    return planned(cast)


def own(plan, person):
    return list(plan.lines.filter(manager=person).order_by("pk"))


def post(plan, person, *cells):
    rows = [dict(zip(("line", "field", "was", "now"), cell, strict=True)) for cell in cells]
    answer = signed_in(person).post(
        reverse("reports:plan_cells", args=[plan.pk]),
        json.dumps({"cells": rows}),
        content_type="application/json",
    )
    return answer.status_code, answer.json()


@db
def test_russian_numbers_are_saved_and_empty_cells_are_gaps(cast, plan):
    line = own(plan, cast.manager)[0]
    status, told = post(
        plan,
        cast.manager,
        (line.pk, "ship", "100.00", "1\u00a0234,5"),
        (line.pk, "cash", "0.00", "2 000 ₽"),
        (line.pk, "contacts", "2", ""),
        (line.pk, "comment", "", "Акция"),
    )
    line.refresh_from_db()
    assert status == 200
    assert (line.ship, line.cash, line.contacts) == (D("1234.50"), D(2000), None)
    assert (line.comment, line.version) == ("Акция", 2)
    assert told["saved"][0]["values"]["ship"] == ["1234.50", "1\u00a0234,50"]


@db
def test_one_wrong_cell_saves_nothing_and_says_why(cast, plan):
    line, other = own(plan, cast.manager)
    stranger = own(plan, cast.manager2)[0]
    status, told = post(
        plan,
        cast.manager,
        (line.pk, "ship", "100.00", "555"),
        (other.pk, "cash", "0.00", "много"),
        (other.pk, "ship", "200.00", "-1"),
        (other.pk, "active", "0", "2"),
        (other.pk, "contacts", "2", "501"),
        (stranger.pk, "ship", "700.00", "1"),
    )
    line.refresh_from_db()
    assert (status, line.ship) == (422, D("100.00"))
    places = {(one["line_id"], one["field"]) for one in told["refused"]}
    bad = {(other.pk, name) for name in ("cash", "ship", "active", "contacts")}
    assert places == bad | {(stranger.pk, "ship")}
    assert all(one["reason"] for one in told["refused"])


@db
def test_the_second_head_is_told_what_changed_and_loses_nothing(cast, plan):
    line = own(plan, cast.manager)[0]
    assert post(plan, cast.sector_head, (line.pk, "ship", "100.00", "150"))[0] == 200
    ship = (line.pk, "ship", "100.00", "300")
    status, told = post(plan, cast.department_head, ship, (line.pk, "cash", "0.00", "9"))
    line.refresh_from_db()
    assert (status, line.ship, line.cash) == (409, D(150), D(0)), "nothing is half saved"
    (clash,) = told["clashes"]
    assert (clash["field"], clash["theirs"]) == ("ship", "150.00")
    for word in (str(cast.sector_head), "100,00", "150,00"):
        assert word in clash["reason"]
    # Another cell of the same line does not clash, and the answer brings what the other wrote.
    status, told = post(plan, cast.department_head, (line.pk, "cash", "0.00", "9"))
    assert status == 200
    assert told["saved"][0]["values"]["ship"][0] == "150.00"
    assert post(plan, cast.department_head, (line.pk, "ship", "150.00", "300"))[0] == 200


@db
def test_what_was_handed_in_or_sent_is_not_changed_by_those_below(cast, plan):
    line = own(plan, cast.manager)[0]
    change = [Cell(line.pk, "ship", "100.00", "1")]
    plan.parts.update(state="filled")
    assert save_cells(plan.pk, change, by=cast.manager).refused
    assert save_cells(plan.pk, change, by=cast.sector_head).saved
    back = [Cell(line.pk, "ship", "1.00", "2")]
    plan.parts.update(
        state="submitted",
        submitted_by=cast.sector_head,
        submitted_at=plan.created_at,
        first_submitted_on=plan.submit_by,
    )
    assert save_cells(plan.pk, back, by=cast.sector_head).refused
    assert save_cells(plan.pk, back, by=cast.department_head).saved
    with pytest.raises(PermissionDenied):
        save_cells(plan.pk, back, by=fresh(cast.director))
    plans.settle(plan, cast.director)
    with pytest.raises(RuleViolation):
        save_cells(plan.pk, back, by=cast.department_head)


@db
def test_the_history_of_a_plan_tells_who_changed_which_number_of_what_one_sees(cast, plan):
    line = own(plan, cast.manager)[0]
    save_cells(plan.pk, [Cell(line.pk, "ship", "100.00", "150")], by=cast.manager)
    address = reverse("reports:plan_history", args=[plan.pk])
    mine, theirs = (
        signed_in(person).get(address).context["history"].entries
        for person in (cast.manager, cast.manager2)
    )
    told = [piece for entry in mine for piece in entry.pieces if piece.kind == "update"]
    name = line.client.name.replace("«", "„").replace("»", "“")
    assert [piece.label for piece in told] == [f"Строка «{name}»"]
    change = ("отгрузки", "100,00\u00a0₽", "150,00\u00a0₽")
    assert [(one.label, one.before, one.after) for one in told[0].changes] == [change]
    assert not [piece for entry in theirs for piece in entry.pieces if piece.kind == "update"]
    assert len([piece for entry in theirs for piece in entry.pieces if piece.kind]) == 1


def test_two_heads_save_one_cell_at_once_and_one_of_them_is_told(committed_db, cast):
    plan = planned(cast)
    line = own(plan, cast.manager)[0]
    later = []

    def save():
        cell = Cell(line.pk, "ship", "100.00", "22")
        later.append(save_cells(plan.pk, [cell], by=cast.department_head))
        connections.close_all()

    thread = threading.Thread(target=save)
    with transaction.atomic():
        first = save_cells(plan.pk, [Cell(line.pk, "ship", "100.00", "11")], by=cast.sector_head)
        thread.start()
        somebody_waits_for_a_row("reports_monthlyplan")
    thread.join(20)
    (clash,) = later[0].clashes
    assert (first.status, later[0].status) == (200, 409)
    assert (clash.was, clash.theirs, clash.by) == ("100.00", "11.00", str(cast.sector_head))
    assert PlanLine.objects.get(pk=line.pk).ship == D(11)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.01", [5, 5], ["0.01", "0.00"]),
        ("10.00", [0, 0], ["5.00", "5.00"]),
        ("0.00", [3, 4], ["0.00", "0.00"]),
        ("7.00", [], []),
    ],
)
def test_a_sum_is_shared_out_to_the_last_kopeck(total, weights, shares):
    found = shared(D(total), [D(one) for one in weights])
    assert found == [D(one) for one in shares]
    assert sum(found) == D(total) or not weights


def test_the_clients_that_weigh_most_are_to_be_active():
    assert chosen(2, [D(1), D(5), D(3)]) == [0, 1, 1]


@db
def test_a_sum_goes_from_the_head_to_the_clients_with_the_difference_in_sight(cast, plan):
    version = plan.version
    top, sector = Whose(cast.department.pk), Whose(cast.sector.pk)
    head = {"by": cast.department_head}
    for person in (cast.manager, cast.sector_head):
        with pytest.raises(PermissionDenied):
            set_target(plan.pk, top, Wanted(ship=D(1)), by=person, version=version)
    wanted = Wanted(ship=D("2000.01"), contacts=8, active=2)
    set_target(plan.pk, top, wanted, version=version, **head)
    level = levels_of(plan, cast.department_head, facts=False).department
    assert {one.name: one.value for one in level.differences} == {
        "ship": D("1000.01"),
        "cash": None,
        "active": 2,
        "contacts": 2,
    }

    def spread(whose, by):
        plan.refresh_from_db()
        return spread_target(plan.pk, whose, by=by, version=plan.version, basis="draft")

    assert spread(top, cast.department_head) == 2, "a single sector: straight to its managers"
    assert not PlanTarget.objects.filter(plan=plan, org_unit=cast.sector).exists()
    mine = PlanTarget.objects.get(plan=plan, manager=cast.manager)
    theirs = PlanTarget.objects.get(plan=plan, manager=cast.manager2)
    assert mine.ship + theirs.ship == D("2000.01")
    assert (mine.contacts, theirs.contacts) == (5, 3)
    with pytest.raises(RuleViolation):
        spread(sector, cast.department_head)
    for person in (cast.manager, cast.manager2):
        spread(Whose(manager_id=person.pk), person)
    level = levels_of(plan, cast.department_head, facts=False).department
    assert level.sums.ship == D("2000.01")
    assert {one.name: one.value for one in level.differences}["ship"] == 0
    assert sum(line.active for line in plan.lines.all()) == 2
