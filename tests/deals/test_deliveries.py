"""Delivery schedules: in force with three confirmations of two people, and no sooner."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from deals.actions import deliveries as actions
from deals.models import DeliverySchedule
from tests.cast import signed_in
from tests.factories import clients, contracts

TODAY = date(2026, 11, 23)
PLAN = {
    "outlet": None,
    "weekdays": [4, 1],
    "time_from": time(9),
    "time_to": time(13),
    "starts_on": TODAY,
    "reason": "Магазин принимает до обеда",
    "today": TODAY,
}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def proposed(client, by, **more):
    return actions.propose_delivery(client.pk, by=by, now=timezone.now(), **PLAN | more)


def confirmed(schedule, by, side, person=""):
    schedule.refresh_from_db()
    return actions.confirm_delivery(
        schedule.pk, by=by, version=schedule.version, side=side, person=person, now=timezone.now()
    )


def in_force(client, cast, **more):
    schedule = proposed(client, cast.manager, **more)
    confirmed(schedule, cast.manager, "client", "Кладовщик Петров")
    return confirmed(schedule, cast.logistics, "department")


def test_it_holds_with_the_third_confirmation_and_replaces_the_former_one(cast, client):
    first = proposed(client, cast.manager)
    assert (first.waits_for, first.weekdays) == (["client", "department"], [1, 4])
    assert confirmed(first, cast.logistics, "department").state == "proposed"
    assert confirmed(first, cast.manager, "client", "Петров").state == "effective"
    with CaptureQueriesContext(connection) as asked:
        second = in_force(client, cast, weekdays=[2])
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "effective")
    locks = [query["sql"] for query in asked if query["sql"].endswith("FOR UPDATE")]
    assert len(locks) == 1, "of what is replaced"


def test_a_proposal_of_the_delivery_waits_for_the_seller_too(cast, client):
    schedule = proposed(client, cast.logistics)
    assert schedule.waits_for == ["seller", "client", "department"]
    with pytest.raises(PermissionDenied):
        confirmed(schedule, cast.logistics, "seller")
    assert confirmed(schedule, cast.sector_head, "seller").seller == cast.sector_head


def test_nobody_confirms_for_another_side_or_twice(cast, client):
    schedule = proposed(client, cast.manager)
    for person, side in ((cast.manager, "department"), (cast.manager, "seller"),
                         (cast.lawyer, "client"), (cast.director, "department")):  # fmt: skip
        with pytest.raises(PermissionDenied):
            confirmed(schedule, person, side, "Кто-то")
    with pytest.raises(RuleViolation) as refusal:
        confirmed(schedule, cast.manager, "client", " ")
    assert refusal.value.field == "person"
    with pytest.raises(StaleVersion):
        actions.confirm_delivery(
            schedule.pk, by=cast.manager, version=9, side="client", person="П", now=timezone.now()
        )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_to": time(8)}, "time_to"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
    ],
)
def test_a_wrong_proposal_is_refused_at_its_field(cast, client, wrong, field):
    with pytest.raises(RuleViolation) as refusal:
        proposed(client, cast.manager, **wrong)
    assert refusal.value.field == field
    assert not DeliverySchedule.objects.exists()


def test_one_change_at_a_time_and_no_foreign_place(cast, client):
    proposed(client, cast.manager)
    with pytest.raises(RuleViolation):
        proposed(client, cast.logistics)
    theirs = clients.outlet(clients.client(cast.manager))
    with pytest.raises(RuleViolation) as refusal:
        proposed(client, cast.manager, outlet=theirs)
    assert refusal.value.field == "outlet"


def test_a_refusal_says_why_and_leaves_what_is_in_force(cast, client):
    standing = in_force(client, cast)
    change = proposed(client, cast.manager, weekdays=[6])
    with pytest.raises(RuleViolation):
        actions.refuse_delivery(change.pk, by=cast.logistics, version=1, reason=" ")
    actions.refuse_delivery(change.pk, by=cast.logistics, version=1, reason="Нет машин")
    standing.refresh_from_db()
    assert standing.state == "effective"
    with pytest.raises(PermissionDenied):
        confirmed(change, cast.manager, "client", "Петров")


def test_the_database_lets_nothing_into_force_without_three(cast, client):
    schedule = proposed(client, cast.manager)
    for wrong in ({"state": "effective"}, {"department": cast.manager}, {"weekdays": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliverySchedule.objects.filter(pk=schedule.pk).update(**wrong)


def test_the_page_offers_each_side_its_own(cast, client):
    schedule = contracts.delivery(client, cast.manager)
    page = reverse("deals:delivery_client", args=[client.pk])
    agree, confirm = (
        reverse("deals:delivery_confirm", args=[schedule.pk, side])
        for side in ("client", "department")
    )
    seller = signed_in(cast.manager).get(page).content.decode()
    delivery = signed_in(cast.logistics).get(page).content.decode()
    assert (agree in seller, confirm in seller) == (True, False)
    assert (agree in delivery, confirm in delivery) == (False, True)
    assert signed_in(cast.logistics).post(confirm, {"version": 1}).status_code == 302
    assert signed_in(cast.logistics).get(reverse("deals:delivery_list")).status_code == 200
