"""Fixtures of the client base."""

import pytest

from crm import calendar
from crm.work.production_calendar import seed_calendar


@pytest.fixture
def seeded_calendar(db):
    """The official production calendar, known to this test only."""
    seed_calendar()
    calendar.forget()
