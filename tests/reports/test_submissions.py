"""Internal reports: due days (CAL-3), handing in, accepting, reminders (RP-06, C.5 no. 35)."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from reports.actions import report_catalogue
from reports.actions import submissions as actions
from reports.days.reports import due_day, period_start
from reports.models import SUBMISSION_MOVES, ReportDefinition, ReportSubmission
from tests.cast import everybody, signed_in
from tests.factories import submissions
from tests.kernel.shared_files import shared_example

TODAY = submissions.TODAY


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def test_due_days_are_those_of_the_worked_example(db):
    expected = shared_example("CAL-3")["expected"]
    month, november = date(2026, 10, 1), date(2026, 11, 1)
    assert due_day("working_day", 3, "month", month).isoformat() == expected["monthly_report"]
    assert due_day("day_before", 25, "month", november).isoformat() == expected["plan_submission"]
    assert due_day("last_before", 1, "month", november).isoformat() == expected["plan_approval"]


def test_due_days_of_quarters_and_short_months(db):
    assert period_start("quarter", date(2026, 12, 31)) == date(2026, 10, 1)
    assert due_day("working_day", 3, "quarter", date(2026, 7, 1)) == date(2026, 10, 5)
    assert due_day("day_before", 31, "month", date(2026, 3, 1)) == date(2026, 2, 27)


def test_a_report_is_handed_in_returned_and_accepted_by_another(cast):
    row = submissions.due(cast, TODAY - timedelta(days=3))
    with pytest.raises(RuleViolation, match="файл"):
        submissions.submit(row, note=" ")
    submissions.submit(row)
    row.refresh_from_db()
    assert (row.state, row.late_days, row.first_submitted_on) == ("submitted", 3, TODAY)
    assert told("report.submitted") == {"department_head"}
    head, version = cast.department_head, row.version
    with pytest.raises(StaleVersion):
        actions.accept_report(row.pk, by=head, version=1, today=TODAY)
    with pytest.raises(PermissionDenied):
        actions.accept_report(row.pk, by=cast.sector_head, version=version, today=TODAY)
    with pytest.raises(RuleViolation):
        actions.return_report(row.pk, by=head, version=version, reason=" ", today=TODAY)
    actions.return_report(row.pk, by=head, version=version, reason="Нет причин", today=TODAY)
    assert told("report.returned") == {"sector_head"}
    later = TODAY + timedelta(days=5)
    submissions.submit(row, today=later)
    row.refresh_from_db()
    # The first handing in decides how late it was.
    assert (row.late_days, row.first_submitted_on) == (3, TODAY)
    actions.accept_report(row.pk, by=head, version=row.version, today=later)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", head)
    with pytest.raises(IntegrityError, match="report_accepted_by_another"), transaction.atomic():
        ReportSubmission.objects.filter(pk=row.pk).update(decided_by=row.author)


def test_no_way_but_those_of_the_map(cast):
    row = submissions.due(cast)
    steps = {
        "submitted": lambda: submissions.submit(row),
        "accepted": lambda: actions.accept_report(
            row.pk, by=cast.department_head, version=row.version, today=TODAY
        ),
        "returned": lambda: actions.return_report(
            row.pk, by=cast.department_head, version=row.version, reason="x", today=TODAY
        ),
    }
    for state, target in product(SUBMISSION_MOVES, steps):
        if target in SUBMISSION_MOVES[state]:
            continue
        handed = {} if state == "due" else {"first_submitted_on": TODAY, "late_days": 0}
        decided = {"decided_by": cast.department_head, "decided_on": TODAY}
        clear = {"first_submitted_on": None, "late_days": None, "return_reason": "x"}
        rows = ReportSubmission.objects.filter(pk=row.pk)
        rows.update(**clear | handed | decided, state=state)
        row.refresh_from_db()
        with pytest.raises(RuleViolation):
            steps[target]()


def test_what_falls_due_is_made_once_and_reminded_of_and_late_ones_are_told_above(cast):
    start = period_start("month", TODAY)
    due = due_day("working_day", 3, "month", start)
    ReportDefinition.objects.update(is_active=False)
    one = submissions.definition()
    ahead = add_working_days(due, -5)
    made = [actions.report_deadline_reminders(today=ahead) for _time in range(2)]
    row = ReportSubmission.objects.get(definition=one, author=cast.sector_head)
    assert (row.due_on, row.recipient, row.period_start) == (due, cast.department_head, start)
    assert made == [1, 0]
    actions.report_deadline_reminders(today=due)
    actions.report_deadline_reminders(today=due)
    assert told("report.due") == {"sector_head"}
    actions.report_deadline_reminders(today=due + timedelta(days=1))
    assert told("report.late") == {"sector_head", "department_head"}
    submissions.submit(row, today=due + timedelta(days=1))
    before = Notice.objects.count()
    assert actions.report_deadline_reminders(today=due + timedelta(days=2)) == 0
    assert Notice.objects.count() == before
    # A day long gone by makes what was missed and reminds nobody.
    assert actions.report_deadline_reminders(today=TODAY - timedelta(days=400)) <= 1
    assert Notice.objects.count() == before


def test_who_sees_a_report_and_who_edits_the_catalogue(cast):
    row = submissions.due(cast)
    seen = {
        name
        for name, one in everybody(cast).items()
        if ReportSubmission.objects.visible_to(one).exists()
    }
    assert seen == {"sector_head", "department_head", "director", "general_director", "admin"}
    values = {"code": row.definition.code, "title": "x", "author_role": "manager"}
    with pytest.raises(PermissionDenied):
        report_catalogue.save_definition(None, by=cast.department_head, version=1, values=values)
    with pytest.raises(RuleViolation):
        report_catalogue.save_definition(None, by=cast.director, version=1, values=values)
    changed = report_catalogue.save_definition(
        row.definition_id, by=cast.admin, version=1, values={"title": "Другое"}
    )
    kept = ReportDefinition.objects.get(pk=row.definition_id)
    assert kept.title == changed.title == "Другое"


def test_the_calendar_shows_each_what_waits_for_them(cast):
    row = submissions.due(cast, TODAY - timedelta(days=2))
    mine = signed_in(cast.sector_head).get("/submissions/?step=mine").content.decode()
    assert str(row) in mine
    head = signed_in(cast.department_head)
    assert str(row) not in head.get("/submissions/?step=decide").content.decode()
    assert str(row) in head.get("/submissions/?step=late").content.decode()
    data = {"version": row.version, "note": "Готово"}
    signed_in(cast.sector_head).post(f"/submissions/{row.pk}/submit/", data)
    assert str(row) in head.get("/submissions/?step=decide").content.decode()
