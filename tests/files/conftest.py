"""Files of these tests stand in a folder of their own."""

import pytest

from crm.files.actions import add_file
from tests.factories import clients
from tests.files import samples


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client_of_manager(manager):
    return clients.client(manager)


@pytest.fixture
def file(client_of_manager, manager):
    """A PDF of the manager's client."""
    return add_file(
        "client", client_of_manager.pk, by=manager, name="Договор № 5.pdf", content=samples.pdf()
    )
