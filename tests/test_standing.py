"""Rows that stand beneath tests: written once, found whole by each, met by nobody else."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from tests.factories import clients, deals
from tests.standing import Layer, left_standing, standing

written = []


@standing
def shop(cast):
    written.append("shop")
    return clients.client(cast.manager, name="Лавка")


@standing
def sold(cast, shop):
    """Upon the other, and it changes a person."""
    written.append("sold")
    cast.manager.last_name = "Продавцова"
    cast.manager.save(update_fields=["last_name"])
    return {"sale": deals.sale(shop, "10.00", on=timezone.localdate())}


@standing
def alone(db):
    """Without the cast, in the other database of the worker."""
    written.append("alone")
    return User.objects.create(username="alone").pk


@pytest.mark.parametrize("time", [1, 2])
def test_what_one_test_changes_the_next_finds_as_it_was_written(cast, shop, time):
    assert (shop.name, Client.objects.get().name) == ("Лавка", "Лавка")
    shop.name = "Другая"
    shop.save(update_fields=["name"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(pk=shop.pk)
    assert written.count("shop") == 1


@pytest.mark.parametrize("time", [1, 2])
def test_rows_stand_upon_others_with_the_same_objects_in_all_of_them(cast, sold, shop, time):
    assert sold["sale"].client == shop
    assert shop.manager is cast.manager
    assert cast.manager.last_name == "Продавцова"
    assert User.objects.get(pk=cast.manager.pk).last_name == "Продавцова"
    assert (written.count("shop"), written.count("sold")) == (1, 1)


def test_what_stands_upon_it_goes_and_the_lower_stays(cast, shop):
    assert not shop.shipments.exists()
    assert cast.manager.last_name == "Иванова"
    assert written.count("shop") == 1


@pytest.mark.parametrize("time", [1, 2])
def test_rows_without_the_cast_stand_in_the_plain_database(alone, slot, time):
    assert connection.settings_dict["NAME"] == slot.name
    assert [user.pk for user in User.objects.all()] == [alone]
    assert written.count("alone") == 1


def test_who_asks_for_no_rows_meets_none(cast):
    assert not Client.objects.exists()


def test_nor_without_the_cast(db):
    assert not User.objects.exists()


def test_a_database_of_the_tests_own_gets_its_own(committed_db, cast, shop):
    assert Client.objects.get() == shop
    assert not connection.in_atomic_block
    assert written.count("shop") == 2


def test_the_lowest_stay_as_far_as_they_are_wanted_and_of_today():
    today = date(2026, 11, 29)
    layers = [Layer(one, today, None, b"") for one in ("shop", "sold")]
    assert left_standing(layers, ["shop", "sold", "more"], today) == 2
    assert left_standing(layers, ["shop", "more"], today) == 1
    assert left_standing(layers, ["sold", "shop"], today) == 0
    assert left_standing(layers, [], today) == 0
    assert left_standing(layers, ["shop", "sold"], today + timedelta(days=1)) == 0
