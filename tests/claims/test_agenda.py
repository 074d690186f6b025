"""Claims on the agendas of meetings, and as what work is about (CR-03, CR-04)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from claims.actions.escalations import Matter, escalate
from crm.meetings import agenda
from tests.factories import categories, claims

pytestmark = pytest.mark.django_db


def problems(key, unit, user):
    source = next(one for one in agenda.sources() if one.key == key)
    return [one.title for one in source.find(unit, user, timezone.localdate())]


def test_late_claims_and_open_escalations_of_the_unit_are_offered(cast):
    today = timezone.localdate()
    client = categories.client(cast.manager, category="B", name="ООО «Лютик»")
    foreign = categories.client(cast.stranger, category="B")
    late = claims.claim(client, on=today - timedelta(days=30))
    claims.claim(client, on=today)
    claims.claim(foreign, on=today - timedelta(days=30))
    matter = Matter("conflict", "Спор", "Звонки")
    escalate(client.pk, matter, by=cast.manager, today=today, key=uuid4())
    for unit, user in ((cast.department, cast.department_head), (cast.sector, cast.director)):
        assert problems("late_claims", unit, user) == [f"{client}: претензия {late}"]
        assert problems("escalations", unit, user) == [client.name]
    assert problems("late_claims", cast.other_department, cast.director) != []
    assert problems("escalations", cast.other_department, cast.director) == []
    assert problems("late_claims", cast.department, cast.stranger_head) == []
