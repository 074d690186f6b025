"""Fixtures of people and sign-in."""

import pytest

from tests.factories import accounts


@pytest.fixture
def person(sector):
    """Somebody who signs in with a password."""
    return accounts.user(
        username="petrova", email="petrova@example.com", org_unit=sector, password=True
    )
