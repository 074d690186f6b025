"""Powers of attorney that end, obligations of departments, talks that are handed up."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.errors import RuleViolation
from crm.notices.models import Notice
from deals.actions import contract_parts as parts
from deals.tasks.contracts import obligation_control, poa_expiry
from tests.factories import clients, contracts

TODAY = date(2026, 11, 23)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


@pytest.fixture
def contract(cast, client):
    return contracts.draft(client, cast.manager)


def test_the_end_of_a_power_is_told_to_its_person_and_the_lawyer(cast):
    today = timezone.localdate()
    contracts.power(cast.manager, valid_to=today + timedelta(days=30))
    contracts.power(cast.stranger, valid_to=today + timedelta(days=61))  # the first step is 60
    assert poa_expiry(today=today - timedelta(days=1)) == 0
    poa_expiry(today=today)
    told = Notice.objects.filter(kind="power.ends", channel="ui")
    people = [cast.manager.pk, cast.lawyer.pk]
    assert sorted(told.values_list("user", flat=True)) == sorted(people)
    assert poa_expiry(today=today) == 0


def test_an_obligation_is_done_with_evidence_by_the_department_that_owes_it(cast, client):
    contract = contracts.active(client, cast.manager)
    row = contracts.obligation(contract, cast.manager, cast.department)
    done = {"by": cast.department_head, "version": 1, "today": TODAY}
    with pytest.raises(RuleViolation) as refusal:
        parts.fulfil_obligation(row.pk, on=TODAY, evidence=" ", **done)
    assert refusal.value.field == "evidence"
    with pytest.raises(RuleViolation) as refusal:
        parts.fulfil_obligation(row.pk, on=TODAY + timedelta(days=1), evidence="Акт 7", **done)
    assert refusal.value.field == "on"
    parts.fulfil_obligation(row.pk, on=TODAY, evidence="Акт 7", **done)
    row.refresh_from_db()
    assert (row.done_by, row.evidence) == (cast.department_head, "Акт 7")
    with pytest.raises(PermissionDenied):
        parts.fulfil_obligation(
            row.pk, by=cast.manager, version=2, on=TODAY, evidence="Ещё", today=TODAY
        )


def test_heads_learn_of_overdue_obligations_once_a_day(cast, client):
    today = timezone.localdate()
    contract = contracts.active(client, cast.manager)
    for due in (today - timedelta(days=2), today):
        contracts.obligation(contract, cast.manager, cast.department, due=due)
    late = {"due": today - timedelta(days=2)}
    contracts.obligation(contract, cast.manager, cast.other_department, **late)
    type(cast.director).objects.filter(pk=cast.stranger_head.pk).update(is_active=False)
    assert obligation_control(today=today - timedelta(days=1)) == 0
    obligation_control(today=today)
    told = Notice.objects.get(kind="contract.obligations_late", channel="ui")
    assert (told.user, told.params["count"]) == (cast.department_head, 1)
    assert obligation_control(today=today) == 0
