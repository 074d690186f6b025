"""Reports of the catalogue: what falls due, handing in, accepting, returning."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.history import verb
from crm.notices.actions import notify_many
from crm.said import in_each_language
from crm.states import move
from crm.work.registry import setting
from reports.days.reports import due_day, next_start, period_start
from reports.models import SUBMISSION_MOVES, ReportDefinition, ReportSubmission, SubmissionState
from reports.permissions import submissions as permissions

ENDED = gettext_lazy("The report is already in the state “%(state)s”.")
TITLES = {
    "report.due": gettext_lazy("Hand in by %(due)s: %(what)s"),
    "report.late": gettext_lazy("Not handed in by %(due)s: %(what)s, %(author)s"),
    "report.submitted": gettext_lazy("%(author)s has handed in: %(what)s"),
    "report.returned": gettext_lazy("Returned: %(what)s. %(reason)s"),
    "report.accepted": gettext_lazy("Accepted: %(what)s"),
}


@transaction.atomic
def report_deadline_reminders(*, today: date) -> int:
    """Daily 08:50: make what falls due soon, remind authors, tell recipients of what is late.

    A day gone by makes what was missed and reminds nobody.
    """
    count = _make_due(today)
    if today < timezone.localdate():
        return count
    last = add_working_days(today, setting("reports.remind_days"))
    rows = ReportSubmission.objects.to_hand_in().for_list().order_by("pk")
    for row in rows.filter(due_on__lte=last):
        is_late = row.due_on < today
        kind = "report.late" if is_late else "report.due"
        people = {row.author_id, row.recipient_id} if is_late else {row.author_id}
        count += tell(row, kind, people, f"{row.due_on}:{row.version}")
    return count


def _make_due(today: date) -> int:
    """Rows of every report whose last day is near, for every author; each once."""
    horizon = add_working_days(today, setting("reports.ahead_days"))
    made = 0
    for one in ReportDefinition.objects.filter(is_active=True):
        start = period_start(one.period, today)
        for begin in (_previous(one.period, start), start, next_start(one.period, start)):
            due = due_day(one.due_rule, one.due_number, one.period, begin)
            if today <= due <= horizon:
                made += sum(_make(one, author, begin, due) for author in authors_of(one))
    return made


def _previous(period: str, start: date) -> date:
    return period_start(period, start - timedelta(days=1))


def authors_of(definition: ReportDefinition) -> list[User]:
    """Everybody of the role who works."""
    rows = User.objects.working().filter(role=definition.author_role)
    return list(rows.select_related("org_unit").order_by("pk"))


def recipient_of(definition: ReportDefinition, author: User) -> User | None:
    """Of the role: the nearest head above the author, else whoever has it; never the author."""
    rows = User.objects.working().filter(role=definition.recipient_role).exclude(pk=author.pk)
    path = author.org_unit.path_ids if author.org_unit else []
    heads = dict(OrgUnit.objects.filter(pk__in=path).values_list("pk", "head"))
    for unit_id in reversed(path):
        if found := rows.filter(pk=heads.get(unit_id) or 0).first():
            return found  # type: ignore[no-any-return]
    return rows.order_by("pk").first()  # type: ignore[no-any-return]


def _make(definition: ReportDefinition, author: User, start: date, due: date) -> int:
    recipient = recipient_of(definition, author)
    if recipient is None:
        return 0
    with verb("report.due", by=None):
        _row, is_new = ReportSubmission.objects.get_or_create(
            definition=definition,
            author=author,
            period_start=start,
            defaults={"recipient": recipient, "due_on": due},
        )
    return int(is_new)


@transaction.atomic
def submit_report(
    submission_id: int, *, by: User, version: int, note: str, report_query: str, today: date
) -> ReportSubmission:
    """Hand a report in; the first time decides by how many calendar days it is late.

    Raises RuleViolation without a file, a report of the product or a note.
    """
    row = _locked(submission_id, by, version)
    if not permissions.is_author(by, row):
        raise PermissionDenied
    has_file = Attachment.objects.of_record(row).open().exists()
    if not (has_file or report_query.strip() or note.strip()):
        raise RuleViolation(_("Add a file, choose a report or write what is reported."))
    first = row.first_submitted_on or today
    late = row.late_days if row.late_days is not None else max(0, (today - row.due_on).days)
    with verb("report.submitted", by=by):
        move(
            row,
            SUBMISSION_MOVES,
            SubmissionState.SUBMITTED,
            ENDED,
            first_submitted_on=first,
            late_days=late,
            note=note.strip(),
            report_query=report_query.strip(),
        )
    tell(row, "report.submitted", {row.recipient_id}, f"{row.version}")
    return row


@transaction.atomic
def accept_report(submission_id: int, *, by: User, version: int, today: date) -> ReportSubmission:
    """Accept what was handed in; never one's own."""
    row = _locked(submission_id, by, version)
    _check_recipient(by, row)
    with verb("report.accepted", by=by):
        accepted = SubmissionState.ACCEPTED
        move(row, SUBMISSION_MOVES, accepted, ENDED, decided_by=by, decided_on=today)
    tell(row, "report.accepted", {row.author_id}, f"{row.version}")
    return row


@transaction.atomic
def return_report(
    submission_id: int, *, by: User, version: int, reason: str, today: date
) -> ReportSubmission:
    """Send it back with a reason."""
    row = _locked(submission_id, by, version)
    _check_recipient(by, row)
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("report.returned", by=by):
        move(
            row,
            SUBMISSION_MOVES,
            SubmissionState.RETURNED,
            ENDED,
            decided_by=by,
            decided_on=today,
            return_reason=reason.strip()[:300],
        )
    tell(row, "report.returned", {row.author_id}, f"{row.version}", reason=row.return_reason)
    return row


def tell(row: ReportSubmission, kind: str, people: set[int], key: str, **more: str) -> int:
    """Write the notice once for the key."""
    params = {
        "what": in_each_language(row.__str__),
        "due": f"{row.due_on:%d.%m.%Y}",
        "author": row.author.short_name,
        **more,
    }
    url, dedupe_key = row.get_absolute_url(), f"{kind}:{row.pk}:{key}"
    return notify_many(sorted(people), kind=kind, params=params, url=url, dedupe_key=dedupe_key)


def _check_recipient(by: User, row: ReportSubmission) -> None:
    if not permissions.is_recipient(by, row):
        raise PermissionDenied


def _locked(submission_id: int, by: User, version: int) -> ReportSubmission:
    rows = ReportSubmission.objects.visible_to(by).select_for_update(of=("self",))
    row: ReportSubmission = rows.for_list().get(pk=submission_id)
    if row.version != version:
        raise StaleVersion(of=row)
    return row
