"""Terms of registration sheets: handed in by the last day, not when they were approved (III.12)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from clients.models import RegistrationSheet
from reports.parameters import Period
from reports.timeliness.kind import kind_of
from reports.timeliness.rows import term_rows
from tests.cast import fresh
from tests.factories import clients, registration

DAY = timedelta(days=1)


def standing(person, sheet, today):
    period = Period(sheet.deadline - 60 * DAY, sheet.deadline + 60 * DAY)
    rows = term_rows(fresh(person), period, [kind_of("sheets")], today=today)
    return {one.row.pk: one.standing for one in rows}[sheet.pk]


def test_sheets_stand_by_the_first_day_on_which_they_were_whole(cast):
    head, kept, late = cast.department_head, *(clients.client(cast.manager) for _ in range(2))
    registration.running(head)
    kept, late = (RegistrationSheet.objects.get(client=client) for client in (kept, late))
    last = kept.deadline
    assert standing(head, kept, last) == "ahead"
    assert standing(head, kept, last + DAY) == "overdue"
    registration.returned(kept, cast.manager, head)
    assert standing(cast.sector_head, kept, last + DAY) == "overdue"
    after = timezone.make_aware(datetime.combine(last + 3 * DAY, time(12)))
    registration.submitted(kept, cast.manager, now=after)
    assert standing(head, kept, last + 9 * DAY) == "kept"
    registration.approved(late, cast.manager, head, now=after)
    assert standing(head, late, last + 9 * DAY) == "late"
    assert kind_of("sheets").url(late).endswith(f"/sheets/{late.pk}/")
