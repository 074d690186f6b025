"""Fixtures that every test may ask for."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests import database, live

pytest_plugins = ["tests.chromium", "tests.cast", "tests.browsing"]


@pytest.fixture(scope="session")
def slot(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator:
    """The databases of this worker."""
    slot = database.Slot()
    with django_db_blocker.unblock():
        slot.prepare()
        with database.named(slot.name):
            yield slot
    slot.close()


@pytest.fixture(scope="session")
def django_db_setup(slot: database.Slot) -> None:
    """Instead of pytest-django's: tests run in a clone with the application's role."""


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest) -> None:
    """`db` and `django_db` mean a transaction, or the test's own database if it asks for one."""
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        pytest.fail("The web's role cannot truncate: use committed_db or live_app.")
    own = "committed_db" in request.fixturenames
    request.getfixturevalue("committed_db" if own else "_django_db_helper")


@pytest.fixture
def committed_db(slot: database.Slot, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh database for one test that commits, starts threads or serves; yields its name."""
    with django_db_blocker.unblock(), slot.clone() as name:
        yield name


@pytest.fixture
def live_app(committed_db: str) -> Iterator[str]:
    """Address of the product, served in threads on the test's own database."""
    with live.serve() as address:
        yield address
