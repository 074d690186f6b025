"""Internal reports of the demo: of two months, some in time, one late, one waiting."""

from __future__ import annotations

from datetime import date, timedelta

from reports.actions import submissions as actions
from reports.demo.people import Staff
from reports.models import ReportSubmission
from reports.seeds.submissions import seed_definitions

NOTE = "Показатели месяца, причины отклонений и меры — в тексте."


def add_submissions(staff: Staff, today: date) -> None:
    """Reports of the last two months fell due; the first author is always late."""
    seed_definitions()
    for ago in range(70, -1, -5):
        actions.report_deadline_reminders(today=today - timedelta(days=ago))
    late = staff.by_login["sector"]
    for row in ReportSubmission.objects.for_list().filter(due_on__lt=today).order_by("pk"):
        day = row.due_on + timedelta(days=4 if row.author_id == late.pk else -1)
        if day < today:
            _hand_in(row, day)


def _hand_in(row: ReportSubmission, day: date) -> None:
    actions.submit_report(
        row.pk, by=row.author, version=row.version, note=NOTE, report_query="", today=day
    )
    if row.pk % 4:
        actions.accept_report(row.pk, by=row.recipient, version=row.version + 1, today=day)
