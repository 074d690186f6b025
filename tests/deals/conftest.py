"""What tests of deals sell."""

import pytest

from tests.factories import deals


@pytest.fixture
def tea(db):
    """A product that most orders, lists and proposals are about."""
    return deals.product(sku="ЧАЙ-01", name="Чай чёрный")
