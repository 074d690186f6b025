"""Claims on the agendas of meetings, and as what work is about (CR-03, CR-04)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from claims.actions.escalation_ends import end_with_claim
from claims.actions.escalations import Matter, escalate
from claims.models import Escalation
from crm.meetings import agenda
from crm.meetings.actions import add_problems
from tests.factories import categories, claims
from tests.factories.meetings import TODAY as DAY
from tests.factories.meetings import called

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


def test_a_point_and_what_ended_with_its_claim_are_read_in_the_readers_language(cast):
    today = DAY
    client = categories.client(cast.manager, category="B", name="ООО «Лютик»")
    late = claims.claim(client, state="in_review", on=today - timedelta(days=30))
    meeting = called(cast)
    add_problems(meeting.pk, by=cast.sector_head, chosen=[("late_claims", late.pk)], today=today)
    matter = Matter("claim", "Спор", "Звонки", claim_id=late.pk)
    escalate(client.pk, matter, by=cast.manager, today=today, key=uuid4())
    late.refresh_from_db()
    end_with_claim(late, by=cast.director, today=today)
    seen = {}
    for code in ("ru", "en"):
        with override(code):
            point, row = meeting.points.get(source="late_claims"), Escalation.objects.get()
            seen[code] = (point.title, point.facts.split()[-3:-1], row.outcome)
            assert row.outcome == late.get_state_display()
            assert row.events.latest("pgh_id").outcome != row.outcome, "the column has both"
    assert seen["ru"][0] == f"ООО «Лютик»: претензия {late}"
    assert seen["en"][0] == f"ООО «Лютик»: claim {late}"
    assert all(seen["ru"][place] != seen["en"][place] for place in (1, 2))
