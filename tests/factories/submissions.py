"""Reports that fell due: `submissions.due(cast)`."""

from datetime import date

from django.utils import timezone

from reports.actions import submissions as actions
from reports.models import ReportDefinition, ReportSubmission

TODAY = timezone.localdate()
START = date(2026, 10, 1)


def definition(**more):
    """The sector's report of the month for the head of the department."""
    values = {
        "code": "sector",
        "title": "Отчёт сектора",
        "author_role": "sector_head",
        "recipient_role": "department_head",
    }
    return ReportDefinition.objects.create(**values | more)


def due(cast, on=TODAY, **more):
    """One that the sector head has to hand in to the head of the department."""
    values = {"author": cast.sector_head, "recipient": cast.department_head, "due_on": on}
    one = more.pop("definition", None) or definition()
    return ReportSubmission.objects.create(definition=one, period_start=START, **values | more)


def submit(row, by=None, today=TODAY, **more):
    """Handed in with a note."""
    row.refresh_from_db()
    values = {"note": "Всё по плану", "report_query": "", **more}
    return actions.submit_report(
        row.pk, by=by or row.author, version=row.version, today=today, **values
    )
