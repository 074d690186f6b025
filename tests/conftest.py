"""Fixtures that every test may ask for."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import database, live, standing

pytest_plugins = ["tests.costs", "tests.chromium", "tests.cast", "tests.browsing", "tests.dovecot"]
gc.set_threshold(200_000, 20, 50)  # little of what is imported is ever garbage


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _long_memory(django_test_environment: None) -> tuple:
    """Copies of settings and dictionaries last a test: no query is asked by the clock."""
    from clients import dictionaries
    from crm import calendar
    from crm.work import registry
    from reports.pages import kept

    registry.CACHE_SECONDS = dictionaries.SECONDS_TO_LIVE = 3600
    kept.KEPT_SECONDS = 0  # counted anew, however slow the machine; its own test sets it
    return (registry, calendar, dictionaries, kept)


@pytest.fixture(scope="session", autouse=True)
def _pages_note_their_context(django_test_environment: None) -> None:
    """Once for each page: Django's tests copy it for every fragment that a page includes."""
    from django.template.base import Template
    from django.test.signals import template_rendered

    def rendered(self: Template, context: Any) -> Any:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    Template._render = rendered  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_is_remembered(_long_memory: tuple) -> None:
    """What another test changed and took back is not known to this one."""
    for copy in _long_memory:
        copy.forget()


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
def _django_db_helper(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """`db` and `django_db` mean a transaction, or the test's own database if it asks for one."""
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        pytest.fail("The web's role cannot truncate: use committed_db or live_app.")
    own = "committed_db" in request.fixturenames
    if not own:
        slot = request.getfixturevalue("slot")
        staged = "cast" in request.fixturenames
        with django_db_blocker.unblock():
            slot.show(slot.stage if staged else slot.name)
            known = {"cast": slot.people()} if staged else {}
            standing.stand(request.module, request.fixturenames, known)
    request.getfixturevalue("committed_db" if own else "_django_db_helper")


@pytest.fixture(scope="module")
def shared_db(slot: database.Slot, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """One database for a file whose tests all serve and change nothing that another looks at."""
    with django_db_blocker.unblock(), slot.clone() as name:
        yield name


@pytest.fixture
def stood(db: None) -> dict[str, Any]:
    """What stands beneath this test (tests/standing.py), by name; nothing in its own database."""
    return standing.values()


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest,
    slot: database.Slot,
    django_db_blocker: DjangoDbBlocker,
    settings: Any,
    tmp_path: Path,
) -> Iterator[str]:
    """A fresh database for one test that commits, starts threads or serves; yields its name.

    Uploaded files stand in a folder of its own too. With `shared_db` it is that of the file.
    """
    settings.MEDIA_ROOT = tmp_path
    if "shared_db" in request.fixturenames:
        yield request.getfixturevalue("shared_db")
        return
    with django_db_blocker.unblock(), slot.clone() as name:
        yield name


@pytest.fixture(scope="session")
def server(slot: database.Slot) -> Iterator[live.LiveServer]:
    """One server per worker, so that a browser keeps the files it has fetched."""
    with live.serve() as server:
        yield server


@pytest.fixture
def live_app(server: live.LiveServer, committed_db: str) -> Iterator[str]:
    """Address of the product, served in threads on the test's own database."""
    yield server.address
    server.end_connections()
