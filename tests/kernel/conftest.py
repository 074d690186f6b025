"""Fixtures of the subject modules."""

import pytest

from crm import calendar


@pytest.fixture(autouse=True)
def no_calendar_of_another_test():
    """A calendar that another test changed and rolled back is not remembered."""
    calendar.forget()
    yield
    calendar.forget()
