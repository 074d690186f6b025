"""The world, and everybody's browser once per module: each request is taken back by itself."""

import pytest
from django.db import transaction

from tests import standing
from tests.authz import asking
from tests.authz.world import build


@pytest.fixture(scope="module")
def everything(slot, django_db_blocker):
    with django_db_blocker.unblock():
        world, cast = slot.world(build)
    with django_db_blocker.unblock(), transaction.atomic():
        standing.no_limit_of_rest()
        yield world, asking.browsers(cast)
        transaction.set_rollback(True)


@pytest.fixture
def world(everything):
    return everything[0]


@pytest.fixture
def people(everything):
    return everything[1]
