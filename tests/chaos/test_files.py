"""The files that `make chaos` imports become what it counts, once."""

from dataclasses import replace

import pytest
from django.utils import timezone

from crm.accounts.models import User
from crm.imports import actions
from tests.chaos.files import CASES
from tests.chaos.imports import wanted
from tests.factories import clients, deals

ROWS, TAG = 100, "x261127220001"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_becomes_what_is_counted_and_nothing_the_second_time(cast, case):
    case = replace(case, rows=ROWS)
    User.objects.filter(pk=cast.manager.pk).update(username="manager")
    clients.client(cast.manager)
    deals.product()
    for created in (True, False):
        done = actions.import_file(
            case.kind, by=None, file_name="f", content=case.make(TAG, ROWS), columns={},
            options=case.options, now=timezone.now(), dry=False,
        )  # fmt: skip
        assert case.count(TAG) == wanted(case, TAG)
        assert bool(done.summary.created) == created, done.summary.remarks[:3]
        assert not done.summary.refused
