"""The world and everybody's browser, once per module: each request is taken back by itself."""

import pytest
from django.db import connection, transaction

from tests.authz import asking
from tests.authz.world import build


@pytest.fixture(scope="module")
def everything(slot, django_db_blocker):
    with django_db_blocker.unblock():
        slot.show(slot.stage)
    with django_db_blocker.unblock(), transaction.atomic():
        no_limit_of_rest()
        cast = slot.people()
        yield build(cast), asking.browsers(cast)
        transaction.set_rollback(True)


def no_limit_of_rest():
    """The role's limit would end this long transaction while the worker waits for its next test."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


@pytest.fixture
def world(everything):
    return everything[0]


@pytest.fixture
def people(everything):
    return everything[1]
