import pytest

from tests.approvals import toy


@pytest.fixture
def toys(cast):
    """The toy kind with the route sector head → department head → director."""
    with toy.registered() as log:
        toy.route(cast, toy.VISA, toy.HEAD, toy.DIRECTOR)
        yield log
